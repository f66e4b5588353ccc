/** A working day: who is named is told at once and answers; a task that comes again; a reminder; the calendar; home as one likes it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Boot, boot, endAll } from '../boot.ts';
import { expectNoComplaints, openBrowser, openPage, problemsOf, shoot } from '../browser.ts';
import { settled } from '../every-page.ts';

let folder: string;
let running: Boot;
let browser: Browser;
let ada: BrowserContext;
let sina: BrowserContext;
let company: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farley-e2e-'));
  running = await boot({ FARLEY_DATA: folder });
  browser = await openBrowser();
  const linkOf = () => /\S+\/welcome\?token=\S+/.exec(running.output())?.[0];
  await vi.waitUntil(linkOf, { timeout: 20_000 });
  const shape = { viewport: { width: 1440, height: 900 } };
  [ada, sina] = [await browser.newContext(shape), await browser.newContext(shape)];
  await welcome(ada, linkOf()!, 'Ada Baumann');
  const { link } = await api(ada, 'POST', '/api/invitations', { role: 'manager' });
  await welcome(sina, link, 'Sina Gruber');
  company = (await api(ada, 'POST', '/api/companies', { name: 'Hotel Sacher' })).id;
});
afterAll(async () => {
  await browser?.close();
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

async function welcome(context: BrowserContext, link: string, name: string) {
  const { page } = await openPage(context);
  await page.goto(link);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email').fill(`${name.split(' ')[0]!.toLowerCase()}@kaffeehaus.example`);
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: /Good/ }).waitFor();
  await page.close();
}

async function api(context: BrowserContext, method: string, path: string, data?: object) {
  const answer = await context.request.fetch(running.url + path, {
    method,
    data,
    headers: { origin: running.url },
  });
  expect(answer.ok(), `${method} ${path} ${answer.status()}`).toBe(true);
  return answer.json();
}

/** Nothing shuts people out, nothing is wider than the screen: in light and dark, and on a phone. */
async function look(page: Page, name: string) {
  const holds = async (as: string) => {
    // Away from buttons: a hint that fades in has the contrast of halfway.
    await page.mouse.move(1, 1);
    await page.waitForTimeout(400);
    await settled(page);
    await shoot(page, as);
    expect(await problemsOf(page), as).toEqual([]);
  };
  await holds(name);
  await page.emulateMedia({ colorScheme: 'dark' });
  await holds(`${name}-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 844 });
  await holds(`${name}-phone`);
  await page.setViewportSize({ width: 1440, height: 900 });
}

test('who is named in a note sees the bell at once, opens it and answers below', async () => {
  const [writing, reading] = [await openPage(ada), await openPage(sina)];
  await reading.page.goto(running.url);
  await reading.page.getByRole('button', { name: 'Notifications', exact: true }).first().waitFor();
  await writing.page.goto(`${running.url}/companies/${company}`);
  const note = writing.page.getByRole('textbox', { name: 'Note' });
  await note.click();
  await note.pressSequentially('Ask @sin');
  await writing.page.getByRole('listbox', { name: 'People to mention' }).getByText('Sina Gruber').waitFor();
  await writing.page.keyboard.press('Enter');
  await note.pressSequentially('for **the machine**');
  expect(await note.inputValue()).toBe('Ask @Sina Gruber for **the machine**');
  await writing.page.getByRole('button', { name: 'Preview' }).click();
  await writing.page.getByRole('strong').getByText('the machine').waitFor();
  await writing.page.getByRole('button', { name: 'Go on writing' }).click();
  await note.focus();
  await writing.page.keyboard.press('Control+Enter');
  const timeline = writing.page.getByRole('list', { name: 'Timeline' });
  await timeline.getByText('the machine', { exact: true }).waitFor();

  const bell = reading.page.getByRole('button', { name: 'Notifications 1 unread' });
  await bell.click();
  const centre = reading.page.getByRole('dialog');
  await centre.getByText('Ada Baumann mentioned you in Hotel Sacher').waitFor();
  await look(reading.page, 'day-centre');
  await centre.getByText('Ada Baumann mentioned you').click();
  await reading.page.getByRole('heading', { level: 1, name: 'Hotel Sacher' }).waitFor();
  await reading.page.getByRole('button', { name: 'Notifications', exact: true }).first().waitFor();
  await reading.page.getByRole('button', { name: 'Reply', exact: true }).click();
  await reading.page.getByRole('textbox', { name: 'Write a reply …' }).fill('On its way');
  await reading.page.keyboard.press('Control+Enter');
  await timeline.getByText('On its way').waitFor();
  await writing.page.getByRole('button', { name: 'Notifications 1 unread' }).waitFor();
  await look(writing.page, 'day-thread');
  await writing.page.getByRole('button', { name: 'Add to favourites' }).click();
  await writing.page.getByRole('region', { name: 'Favourites' }).getByText('Hotel Sacher').waitFor();
  await writing.page.getByRole('button', { name: 'Stop following' }).click();
  await writing.page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
  expectNoComplaints(writing);
  expectNoComplaints(reading);
  await writing.page.close();
  await reading.page.close();
});

test('home has the day; what repeats comes again; a reminder arrives, once', async () => {
  const hour = 3_600_000;
  const at = (away: number) => new Date(Date.now() + away).toISOString();
  await api(sina, 'POST', '/api/tasks', {
    subject: 'Clean the grinder',
    dueAt: at(-30 * hour),
    remindAt: null,
    repeats: 'FREQ=WEEKLY',
  });
  await api(sina, 'POST', '/api/tasks', { subject: 'Call Sacher', dueAt: at(2_000) });
  await api(sina, 'POST', '/api/meetings', { subject: 'Tasting', startsAt: at(0), reminder: 'none' });
  await api(sina, 'POST', '/api/deals', { name: 'Two machines' });
  const watched = await openPage(sina);
  const { page } = watched;
  await page.goto(running.url);
  const tasks = page.getByRole('region', { name: 'My tasks' });
  await tasks.getByRole('region', { name: 'Overdue' }).getByText('Clean the grinder').waitFor();
  await page.getByRole('region', { name: 'Today', exact: true }).getByText('Tasting').waitFor();
  const deals = page.getByRole('region', { name: 'My deals that need a look' });
  await deals.getByRole('region', { name: 'No next step' }).getByText('Two machines').waitFor();
  await page.getByRole('region', { name: 'Recently seen' }).getByText('Hotel Sacher').waitFor();
  await page.getByRole('button', { name: 'Notifications 1 unread' }).waitFor({ timeout: 40_000 });
  await look(page, 'day-home');
  await tasks.getByRole('button', { name: 'Complete “Clean the grinder”' }).click();
  await tasks.getByRole('region', { name: 'Next' }).getByText('Clean the grinder').waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
  await tasks.getByRole('region', { name: 'Overdue' }).getByText('Clean the grinder').waitFor();

  await page.keyboard.press('b');
  const centre = page.getByRole('dialog');
  await centre.getByText('Call Sacher').waitFor();
  await centre.getByRole('tab', { name: 'Unread' }).click();
  await page.waitForTimeout(6_000);
  expect(await centre.getByText('Call Sacher').count()).toBe(1);
  await centre.getByRole('button', { name: 'Snooze' }).first().click();
  await page.getByRole('menuitem', { name: /^Tomorrow/ }).click();
  await centre.getByText('All read').waitFor();
  await page.keyboard.press('Escape');

  await page.keyboard.press('c');
  await look(page, 'day-add');
  await page.keyboard.press('t');
  await page.getByRole('dialog').getByRole('textbox', { name: 'Subject' }).fill('Order beans');
  await page.keyboard.press('Control+Enter');
  await tasks.getByText('Order beans').waitFor();

  await page.goto(`${running.url}/settings/notifications`);
  // Not `uncheck`: the box follows what is kept, which on a busy machine is a moment later.
  await page.getByRole('checkbox', { name: /Comments/ }).click();
  await vi.waitUntil(async () => (await api(sina, 'GET', '/api/me')).user.silenced?.[0] === 'comment');
  await look(page, 'day-settings');
  expectNoComplaints(watched);
  await page.close();
});

/** The calendar of the week of the meetings, where clocks show UTC. */
async function openCalendar() {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    timezoneId: 'UTC',
    storageState: await sina.storageState(),
  });
  const watched = await openPage(context);
  await watched.page.goto(`${running.url}/calendar?at=2027-03-02`);
  return { context, watched, page: watched.page };
}

test('in the calendar a meeting is moved by hand and by keys, and one of a series cancelled alone', async () => {
  const at = (hour: string, day = '02') => `2027-03-${day}T${hour}:00.000Z`;
  await api(sina, 'POST', '/api/meetings', {
    subject: 'Sales round',
    startsAt: at('10:00', '01'),
    endsAt: at('11:00', '01'),
    repeats: 'FREQ=WEEKLY;BYDAY=MO,WE',
  });
  const { id } = await api(sina, 'POST', '/api/meetings', {
    subject: 'Roastery visit',
    startsAt: at('10:00'),
    endsAt: at('11:30'),
  });
  const { page, watched, context } = await openCalendar();
  const visit = page.getByRole('button', { name: /^Roastery visit/ });
  await visit.waitFor();
  expect(await page.getByRole('button', { name: /^Sales round/ }).count()).toBe(2);
  const meeting = async () => {
    const { startsAt, endsAt } = await api(sina, 'GET', `/api/meetings/${id}`);
    return [startsAt, endsAt];
  };
  const becomes = (times: string[]) =>
    vi.waitUntil(async () => String(await meeting()) === String(times), 10_000);

  await visit.focus();
  await page.keyboard.press('Alt+ArrowDown');
  await becomes([at('10:15'), at('11:45')]);
  await page.getByRole('button', { name: /^Roastery visit.*10:15/ }).focus();
  await page.keyboard.press('Alt+Shift+ArrowUp');
  await becomes([at('10:15'), at('11:30')]);
  await page.getByRole('button', { name: /^Roastery visit.*10:15.*11:30/ }).waitFor();
  const box = (await visit.boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + 12);
  await page.mouse.down();
  await page.mouse.move(box.x + 20 + box.width * 1.05, box.y + 12 + 48, { steps: 6 });
  await page.mouse.up();
  await becomes([at('11:15', '03'), at('12:30', '03')]);

  await page
    .getByRole('button', { name: /^Sales round/ })
    .last()
    .click();
  const asked = page.getByRole('dialog');
  await asked.getByRole('radio', { name: 'This one', exact: true }).check();
  await asked.getByRole('button', { name: 'Cancel meeting' }).click();
  await vi.waitUntil(
    async () => (await page.getByRole('button', { name: /^Sales round/ }).count()) === 1,
    10_000,
  );

  expectNoComplaints(watched);
  await context.close();
});

test('a stroke in the calendar makes a meeting; home is arranged', async () => {
  const { page, watched, context } = await openCalendar();
  await page.getByRole('button', { name: /^Sales round/ }).waitFor();
  const column = (await page.getByRole('button', { name: /^Sales round/ }).boundingBox())!;
  await page.mouse.move(column.x + 40, column.y + 48 * 4);
  await page.mouse.down();
  await page.mouse.move(column.x + 40, column.y + 48 * 5.5, { steps: 4 });
  await page.mouse.up();
  const making = page.getByRole('dialog');
  await making.getByRole('textbox', { name: 'Subject' }).fill('Cupping');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Cupping/ }).waitFor();
  await look(page, 'day-calendar');

  await page.goto(running.url);
  await page.getByRole('button', { name: 'Arrange home' }).click();
  await page.getByRole('button', { name: 'Remove Recently seen' }).click();
  await page.getByRole('button', { name: 'Move Today to the wide column' }).click();
  await look(page, 'day-arrange');
  await page.getByRole('button', { name: 'Save for me' }).click();
  await page.getByRole('region', { name: 'My tasks' }).waitFor();
  expect(await page.getByRole('region', { name: 'Recently seen' }).count()).toBe(0);
  await page.reload();
  await page.getByRole('region', { name: 'Today', exact: true }).first().waitFor();
  expect(await page.getByRole('region', { name: 'Recently seen' }).count()).toBe(0);
  expectNoComplaints(watched);
  await context.close();
});

/** Goes on by Tab until what is wanted has the focus. */
async function tabTo(page: Page, name: RegExp) {
  for (let times = 0; times < 120; times++) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      const at = document.activeElement;
      return at?.getAttribute('aria-label') ?? at?.textContent ?? '';
    });
    if (name.test(here)) return;
  }
  throw new Error(`Tab leads to nothing called ${name}.`);
}

/** Every second Tuesday, by keys. */
async function makeSeries(page: Page) {
  await page.keyboard.press('c');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('m');
  await page.getByRole('dialog').getByLabel('Repeats').waitFor();
  await page.keyboard.type('Tasting with Max');
  await page.getByRole('dialog').getByLabel('Repeats').focus();
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: 'Repeats' });
  await form.getByRole('spinbutton', { name: 'How many' }).waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('2');
  await tabTo(page, /Tuesday$/);
  await page.keyboard.press('Space');
  await form.getByText('Every second Tuesday').waitFor();
  await shoot(page, 'day-repeats');
  expect(await problemsOf(page)).toEqual([]);
  await tabTo(page, /^Done$/);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Repeats' }).getByText('Every second Tuesday').waitFor();
}

test('by keys alone: an invitation is answered, a series is put together, whole days are moved and stretched', async () => {
  const me = (await api(sina, 'GET', '/api/me')).user.id;
  const day = (date: string) => `2027-03-${date}T00:00:00.000Z`;
  const asked = { subject: 'Cupping round', startsAt: '2027-03-04T10:00:00.000Z', colleagues: [me] };
  const { id } = await api(ada, 'POST', '/api/meetings', { ...asked, endsAt: '2027-03-04T11:00:00.000Z' });
  const fair = { subject: 'Coffee fair', startsAt: day('01'), endsAt: day('02'), allDay: true };
  const { id: fairId } = await api(sina, 'POST', '/api/meetings', fair);
  const { page, watched, context } = await openCalendar();
  const heading = page.getByRole('heading', { level: 2 });

  const invited = page.getByRole('button', { name: /^Cupping round/ });
  await invited.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Will you be there?').waitFor();
  await tabTo(page, /^Yes$/);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await vi.waitUntil(async () => (await api(ada, 'GET', `/api/meetings/${id}`)).answers?.[me] === 'accepted');

  await page.getByRole('button', { name: 'Coffee fair' }).focus();
  await page.keyboard.press('Alt+ArrowRight');
  const times = async () => {
    const { startsAt, endsAt } = await api(sina, 'GET', `/api/meetings/${fairId}`);
    return `${startsAt} ${endsAt}`;
  };
  await vi.waitUntil(async () => (await times()) === `${day('02')} ${day('03')}`, 10_000);
  await page.getByRole('button', { name: 'Coffee fair' }).focus();
  await page.keyboard.press('Alt+Shift+ArrowRight');
  await vi.waitUntil(async () => (await times()) === `${day('02')} ${day('04')}`, 10_000);
  const bar = (await page.getByRole('button', { name: 'Coffee fair' }).boundingBox())!;
  await page.mouse.move(bar.x + bar.width - 3, bar.y + 10);
  await page.mouse.down();
  await page.mouse.move(bar.x + bar.width - 3 + bar.width / 2, bar.y + 10, { steps: 4 });
  await page.mouse.up();
  await vi.waitUntil(async () => (await times()) === `${day('02')} ${day('05')}`, 10_000);

  await page.keyboard.press('m');
  await heading.getByText('March 2027').waitFor();
  await page.keyboard.press('j');
  await heading.getByText('April 2027').waitFor();
  await page.keyboard.press('k');
  await page.keyboard.press('w');

  await makeSeries(page);
  expectNoComplaints(watched);
  await context.close();
});

test('home by keys; how Farley looks follows the person into another browser', async () => {
  const watched = await openPage(sina);
  const { page } = watched;
  await page.goto(running.url);
  const tasks = page.getByRole('region', { name: 'My tasks' });
  await tasks.getByText('Order beans').waitFor();
  await tabTo(page, /^Complete “Order beans”$/);
  await page.keyboard.press('Enter');
  await tasks.getByText('Order beans').waitFor({ state: 'detached' });
  await page.keyboard.press('[');
  await vi.waitUntil(
    async () => (await api(sina, 'GET', '/api/me')).user.preferences?.looks?.rail === 'folded',
  );
  const { cookies } = await sina.storageState();
  const elsewhere = await browser.newContext({ storageState: { cookies, origins: [] } });
  const other = await openPage(elsewhere);
  await other.page.goto(running.url);
  await other.page.locator('[data-collapsed]').first().waitFor();
  expectNoComplaints(watched);
  expectNoComplaints(other);
  await elsewhere.close();
  await page.close();
});
