/** Against whom a deal is fought for, and how often that was won. */
import { type Static, Type } from 'typebox';
import {
  type Context,
  type Draft,
  defineObject,
  defineReport,
  type Filter,
  may,
  picked,
  sql,
} from '../../../engine/index.ts';
import { choice, link, longText } from '../../../fields/index.ts';
import { interval, openWithin } from '../dashboards/figures.ts';
import { DashboardScope, narrowed, type Scope, titlesOf } from '../dashboards/scope.ts';

export const Rival = defineObject('rival', {
  label: 'Rival',
  plural: 'Rivals',
  icon: 'flag',
  description: 'A competitor in a deal: how they stand, and what speaks for and against them.',
  title: 'competitor',
  reachedThrough: 'deal',
  listed: false,
  fields: {
    deal: link('deal', { required: true, inverse: 'rivals' }),
    competitor: link('company', { required: true, inverse: 'rivalries' }),
    standing: choice({
      choices: ['ahead', 'level', 'behind'],
      help: 'How they stand in this deal, seen from us.',
    }),
    strengths: longText(),
    weaknesses: longText(),
  },
  unique: [['deal', 'competitor']],
  needs: ['deal.company'],
  list: { columns: ['deal', 'competitor', 'standing', 'strengths', 'weaknesses'], sort: ['createdAt'] },
  check: againstItself,
});

function againstItself({ record, linked }: Draft) {
  if (!record.competitor || linked['deal.company'] !== record.competitor) return [];
  return [
    { pointer: '/competitor', code: 'sameRecord', message: 'Nobody competes for a deal with themselves.' },
  ];
}

const id = Type.String({ format: 'uuid' });
const rate = Type.Union([Type.Number(), Type.Null()]);

const Answer = Type.Object({
  rivals: Type.Array(
    Type.Object({
      competitor: id,
      name: Type.Union([Type.String(), Type.Null()]),
      /** Deals in which they competed; with a scope, those that were open on some day of its period. */
      met: Type.Integer(),
      won: Type.Integer(),
      lost: Type.Integer(),
      /** Lost to them, of those lost. */
      lostTo: Type.Integer(),
      open: Type.Integer(),
      /** Won of all decided, of 1, and where the true rate lies with 95 % confidence; null where none was decided. */
      rate,
      low: rate,
      high: rate,
    }),
  ),
});

export type RivalsAnswer = Static<typeof Answer>;

export const rivalsReport = defineReport('rivals', {
  label: 'Win rate by competitor',
  description: 'How many deals were won, lost and lost to them against each competitor',
  input: Type.Object(
    {
      competitors: Type.Optional(Type.Array(id, { maxItems: 200 })),
      scope: Type.Optional(DashboardScope),
    },
    { additionalProperties: false },
  ),
  answer: Answer,
  run: rivals,
});

/**
 * Two statements, and one where a team is named; within the reach of who asks. The most frequent first. With a scope, deals
 * of it that were decided in its period count as won and lost.
 */
export async function rivals(
  ctx: Context,
  { competitors, scope }: { competitors?: string[]; scope?: Scope },
): Promise<Static<typeof Answer>> {
  const objects = ['rival', 'deal'].map(name => ctx.model.objects.get(name)!);
  if (!objects.every(object => may(ctx, object, 'read'))) return { rivals: [] };
  const only = competitors && { field: 'competitor', op: 'isAnyOf', value: competitors };
  const rivalries = picked(ctx, 'rival', only, { competitor: 'competitor', deal: 'deal' });
  const among: Filter = { and: scope ? [...(await narrowed(ctx, scope)).deals, openWithin(scope)] : [] };
  const deals = picked(ctx, 'deal', among, { status: 'status', winner: 'lostTo', closed: 'closeDate' });
  const counts = scope ? sql`closed between ${scope.from}::date and ${scope.to}::date` : sql`true`;
  interface Row extends Record<string, unknown> {
    competitor: string;
    met: number;
    won: number;
    lost: number;
    lost_to: number;
    open: number;
  }
  const found = await (ctx.tx ?? ctx.db).run<Row>(
    sql`select competitor, count(*)::int as met, count(*) filter (where status = 'won' and ${counts})::int as won,
        count(*) filter (where status = 'lost' and ${counts})::int as lost,
        count(*) filter (where status = 'lost' and winner = competitor and ${counts})::int as lost_to,
        count(*) filter (where status = 'open')::int as open
      from (${rivalries}) m join (${deals}) d on d.id = m.deal group by competitor order by count(*) desc, competitor limit 200`,
  );
  const names = await titlesOf(
    ctx,
    'company',
    found.map(({ competitor }) => competitor),
  );
  return {
    rivals: found.map(({ competitor, met, won, lost, lost_to: lostTo, open }) => {
      const bounds = interval(won, won + lost);
      return {
        competitor,
        name: names.get(competitor) ?? null,
        met,
        won,
        lost,
        lostTo,
        open,
        rate: won + lost > 0 ? won / (won + lost) : null,
        low: bounds?.low ?? null,
        high: bounds?.high ?? null,
      };
    }),
  };
}
