/** From rows that somebody ticks to a call list, and through it by two keys a call; taken back; and the same on a phone. */
import { expect, test } from 'vitest';
import { expectNoComplaints, openPage, problemsOf, shoot } from '../browser.ts';
import { journey } from '../journey.ts';

const begun = journey();

test('ticked rows are called one after another by two keys each, with the minutes, and taken back; on a phone by touch', async () => {
  const { running, context, api } = begun;
  for (const name of ['Anton Rufer', 'Berta Rufer', 'Carl Rufer'])
    await api('POST', '/api/people', { name, phone: '+43 1 5551234' });
  const watched = await openPage(context);
  const { page } = watched;
  await page.goto(`${running.url}/people?sort=name`);
  for (const name of ['Anton Rufer', 'Berta Rufer'])
    await page.getByRole('row', { name }).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Call these' }).click();
  const start = page.getByRole('form', { name: 'New call list' });
  await start.getByText('2 left to call').waitFor();
  await start.getByLabel('Name').fill('Rufers of today');
  await start.getByRole('button', { name: 'Start calling' }).click();

  await page.getByRole('heading', { name: 'Anton Rufer' }).waitFor();
  await page.keyboard.press('t');
  await page.getByRole('timer').waitFor();
  await page.waitForTimeout(1_100);
  await page.keyboard.press('1');
  await page.getByText('Reached. What follows?').waitFor();
  expect(await problemsOf(page)).toEqual([]);
  await shoot(page, 'calling-follows');
  await page.keyboard.press('2');
  await page.getByRole('heading', { name: 'Berta Rufer' }).waitFor();
  // The next one stands there before the server has answered.
  const kept = async (path: string) => (await api('GET', path)).data;
  await expect.poll(() => kept('/api/tasks')).toMatchObject([{ subject: 'Call Anton Rufer again' }]);
  const [call] = await kept('/api/calls');
  expect([call.outcome, call.duration >= 1]).toEqual(['connected', true]);

  // One undo takes back the call, its next step and the mark.
  const toast = page.getByText('You called Anton Rufer').locator('..');
  await toast.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('0 of 2').waitFor();
  await expect.poll(() => kept('/api/calls')).toEqual([]);
  await expect.poll(() => kept('/api/tasks')).toEqual([]);
  const address = page.url();
  expectNoComplaints(watched);
  await page.close();
  await onPhone(address);
});

/** The same list by touch, to its end. */
async function onPhone(address: string) {
  const { chromium, context } = begun;
  const phone = await chromium.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    storageState: await context.storageState(),
  });
  const touched = await openPage(phone);
  await touched.page.goto(address);
  for (let left = 2; left > 0; left--) {
    const name = (await touched.page.getByRole('heading', { name: /Rufer$/ }).textContent())!;
    expect(await problemsOf(touched.page)).toEqual([]);
    await touched.page.getByRole('button', { name: /^No answer/ }).tap();
    await shoot(touched.page, 'calling-phone');
    await touched.page.getByRole('button', { name: /^Nothing more/ }).tap();
    await touched.page.getByRole('heading', { name }).waitFor({ state: 'detached' });
  }
  await touched.page.getByText('All called').waitFor();
  await touched.page.getByText('2 calls').waitFor();
  await shoot(touched.page, 'calling-over');
  expectNoComplaints(touched);
  await phone.close();
}
