/** What records of a series have in common: where in it they stand, and by which clock it goes. */
import { type Context, type Draft, type Input, rows, type Values } from '../../engine/index.ts';
import { dateTime, json, text } from '../../fields/index.ts';

/** The fields that go with a rule: `repeats: recurrence(), ...placeInSeries`. */
export const placeInSeries = {
  series: text({ readOnly: true, hidden: true, searchable: false, help: 'Id of the first of a series.' }),
  seriesStart: dateTime({ readOnly: true, hidden: true, help: 'Moment of the first of a series.' }),
  occurrence: dateTime({
    readOnly: true,
    hidden: true,
    help: 'When the series has it, wherever it was moved.',
  }),
  exceptions: json({
    readOnly: true,
    hidden: true,
    searchable: false,
    help: 'Moments the series leaves out.',
  }),
};

/** A rule that is new or another begins a series, with this record as its first; `at` names the moment it is at. */
export function placed({ record, changes, stated, before }: Draft, at: string): Input {
  if (stated('series')) return {};
  if (!record.repeats)
    return before?.repeats ? { series: null, seriesStart: null, occurrence: null, exceptions: null } : {};
  const moment = record[at] ?? null;
  const begins = changes('repeats') || record.occurrence === null;
  if (!begins || moment === null) return {};
  return { series: record.id as string, seriesStart: moment, occurrence: moment, exceptions: null };
}

/** Where someone looks at the clock. */
export async function zoneOf(ctx: Context, user: { id: string } | null): Promise<string> {
  return user ? (await zonesOf(ctx, [user.id])).get(user.id)! : ctx.settings.timeZone;
}

/** The zones of users by their ids; that of the workspace for who has none. */
export async function zonesOf(ctx: Context, ids: string[]): Promise<Map<string, string>> {
  const known = new Map(ids.map(id => [id, ctx.settings.timeZone]));
  if (ids.length === 0) return known;
  const users = await rows(ctx, 'user', {
    filter: { field: 'id', op: 'isAnyOf', value: ids },
    fields: ['timeZone'],
    limit: 1_000,
  });
  for (const user of users) if (user.timeZone) known.set(user.id as string, user.timeZone as string);
  return known;
}

/** Values as they are written: links by their ids alone. */
export function bare(value: Values[string]): Values[string] {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null || !('title' in value)) return value;
  const { title: _, ...rest } = value;
  return rest;
}
