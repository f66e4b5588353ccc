/** What someone who has just come to Kaffeehaus Supplies has to do today, so that their home shows what it is for. */
import { Temporal } from 'temporal-polyfill';
import { type Context, create, rows, write } from '../../engine/index.ts';
import { idsByName } from '../people/module.ts';
import { scoreSome, scoringOf } from './scoring/score.ts';

/** A meeting of today, tasks of yesterday, today and tomorrow, and a deal that should have been decided. */
export async function salesDemoFor(ctx: Context, owner: string): Promise<void> {
  const company = (await idsByName(ctx, 'company')).get('Pixelwiese Studios');
  const person = (await idsByName(ctx, 'person')).get('Nguyễn Thị Lan');
  const stages = await rows(ctx, 'stage', { fields: ['name'] });
  const stage = stages.find(({ name }) => name === 'Proposal')?.id;
  // Someone may have put the sample to their own use.
  if (!company || !person || !stage) return;
  const now = Temporal.Instant.from(ctx.clock.now().toISOString()).toZonedDateTimeISO(ctx.settings.timeZone);
  const at = (days: number, hour: number) =>
    now.add({ days }).withPlainTime({ hour }).toInstant().toString({ smallestUnit: 'second' });
  /** Ahead, but still today. */
  const ahead = (hours: number) => Math.min(now.hour + hours, 22);
  const deal = await create(ctx, 'deal', {
    name: 'Coffee for the new studio',
    company,
    contacts: [{ id: person, role: 'Decision maker' }],
    stage,
    amount: { amount: '8380', currency: 'EUR' },
    closeDate: now.subtract({ days: 1 }).toPlainDate().toString(),
    nextStep: 'Ask Lan whether the proposal fits',
    source: 'referral',
    owner,
  });
  const about = [
    { object: 'deal', id: deal },
    { object: 'person', id: person },
  ];
  const tasks = [
    { subject: 'Call Lan about the proposal', dueAt: at(0, ahead(3)), priority: 'high', about },
    {
      subject: 'Write down what was said at the fair',
      dueAt: at(-1, 15),
      about: [{ object: 'company', id: company }],
    },
    { subject: 'Order beans for the tasting', dueAt: at(1, 10), about: [{ object: 'deal', id: deal }] },
  ];
  await write(
    ctx,
    'task',
    tasks.map(values => ({ op: 'create', values: { ...values, owner } })),
  );
  await create(ctx, 'meeting', {
    subject: 'Look at the kitchen of the new studio',
    startsAt: at(0, ahead(1)),
    endsAt: at(0, ahead(1) + 1),
    place: 'Pixelwiese, Berlin',
    attendees: [person],
    about,
    owner,
  });
  const scoring = await scoringOf(ctx, 'deal');
  if (scoring) await scoreSome(ctx, scoring, [deal]);
}
