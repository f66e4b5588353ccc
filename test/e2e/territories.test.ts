/** From the preview of a re-alignment to applying it for another day, and back. */
import { expect, test } from 'vitest';
import { expectNoComplaints, openPage, problemsOf, shoot } from '../browser.ts';
import { journey } from '../journey.ts';

const begun = journey({ demo: true });

test('a re-alignment is looked at and applied for a day to come, and taken back', async () => {
  const { running, context, api } = begun;
  const moved = async (on: string | null) =>
    (await api('POST', '/api/reports/realignment', on ? { on } : {})).moved as number;
  // What the sample leaves to be moved is settled first: the story is about one territory that ends.
  const { data: territories } = await api('GET', '/api/salesTerritories?limit=100');
  await api('POST', `/api/salesTerritories/${territories[0].id}/align`, {});
  expect(await moved(null)).toBe(0);
  const { territories: lines } = await api('POST', '/api/reports/realignment', {});
  const part = lines.find(
    (each: { depth: number; now: { accounts: number } }) => each.depth > 0 && each.now.accounts > 0,
  );
  const [year, month] = new Date().toISOString().slice(0, 7).split('-').map(Number) as [number, number];
  const on = (day: number) => new Date(Date.UTC(year, month + 1, day)).toISOString().slice(0, 10);
  await api('PATCH', `/api/salesTerritories/${part.id}`, { until: on(0) });
  const due = await moved(on(1));
  expect(due).toBeGreaterThan(0);

  const watched = await openPage(context);
  const { page } = watched;
  await page.goto(`${running.url}/territories`);
  await page.getByText('All companies are where the territories say').waitFor();
  await page.goto(`${running.url}/territories?on=${on(1)}`);
  await page.getByText(/Applying counts from/).waitFor();
  await page.getByText('not valid on that day').waitFor();
  expect(await problemsOf(page)).toEqual([]);
  await shoot(page, 'territories-on');
  await page.getByRole('button', { name: 'Apply territories' }).click();
  await page.getByText('All companies are where the territories say').waitFor();
  expect([await moved(on(1)), await moved(null)]).toEqual([0, 0]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText(/Applying counts from/).waitFor();
  expect(await moved(on(1))).toBe(due);
  await page.getByRole('button', { name: 'Today' }).click();
  await page.getByText('All companies are where the territories say').waitFor();
  expectNoComplaints(watched);
  await page.close();
});
