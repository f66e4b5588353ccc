/** From a rule that somebody writes to the score of a lead and its reasons; and to what was learned from outcomes. */
import { expect, test } from 'vitest';
import { expectNoComplaints, openPage, problemsOf, shoot } from '../browser.ts';
import { journey } from '../journey.ts';

const begun = journey({ demo: true });

test('a rule built by hand says how many it fits, changes the score of a lead, and is among its reasons', async () => {
  const { running, context, api } = begun;
  const named = encodeURIComponent(JSON.stringify({ field: 'companyName', op: 'is', value: 'Fjäll Sport' }));
  const lead = async () => (await api('GET', `/api/leads?filter=${named}`)).data[0];
  const before = await lead();
  const watched = await openPage(context);
  const { page } = watched;
  await page.goto(`${running.url}/scoring`);
  await page.getByRole('button', { name: 'Change limits' }).click();
  const limits = page.getByRole('dialog', { name: 'Limits of points' });
  await limits.getByLabel('Points for fit at most').fill('70');
  expect(await problemsOf(page)).toEqual([]);
  await shoot(page, 'scoring-limits');
  await limits.getByRole('button', { name: 'Save limits' }).click();
  await page.getByText('at most 70').waitFor();

  await page.getByRole('button', { name: 'Add rule' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add rule' });
  await dialog.getByLabel('Name').fill('Sells sports goods');
  await dialog.getByRole('textbox', { name: 'Points' }).fill('35');
  await dialog.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('combobox', { name: 'Filter by …' }).fill('Company');
  await page.getByRole('option', { name: 'Company', exact: true }).click();
  await page.locator('[data-position]').getByRole('textbox').last().fill('Fjäll Sport');
  await dialog.getByText('1 matches now').waitFor();
  await shoot(page, 'scoring-rule');
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Save rule' }).click();
  await page.getByRole('main').getByText('Sells sports goods').first().waitFor();
  await expect
    .poll(async () => (await lead()).score, { timeout: 30_000, interval: 500 })
    .toBe(Number(before.score) + 35);

  await page.goto(`${running.url}/leads/${before.id}`);
  await page.getByText(`${before.score + 35} of 100`).click();
  await page.getByRole('main').getByText('Sells sports goods').first().waitFor();
  await shoot(page, 'scoring-why');

  await page.goto(`${running.url}/scoring?object=deal&tab=learned`);
  await page.getByText('The model says more than the average does').waitFor();
  expect(await problemsOf(page)).toEqual([]);
  await shoot(page, 'scoring-learned');
  await page.goto(`${running.url}/deals?layout=board`);
  await page
    .getByRole('img', { name: /^Score: \d+ of 100$/ })
    .first()
    .waitFor();
  expectNoComplaints(watched);
  await page.close();
});
