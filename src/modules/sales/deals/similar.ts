/** Decided deals that are like one: counted in what they share with it, so that each says why it is here. */
import { type Static, Type } from 'typebox';
import {
  type Context,
  defineReport,
  FarleyError,
  may,
  picked,
  rows,
  type Sql,
  sql,
  type Values,
} from '../../../engine/index.ts';

/** What two deals can share, by how much it says: points. */
const weights = {
  product: 4,
  sector: 3,
  amount: 2,
  size: 2,
  pipeline: 1,
  source: 1,
} as const;

type Shared = keyof typeof weights;
/** Deals that share less than this are not alike. */
const least = 3;
const most = 10;

const Answer = Type.Object({
  deals: Type.Array(
    Type.Object({
      id: Type.String({ format: 'uuid' }),
      /** What it shares, the most telling first. */
      shares: Type.Array(Type.Enum(Object.keys(weights) as Shared[])),
      name: Type.String(),
      status: Type.String(),
      amount: Type.Unknown(),
      company: Type.Unknown(),
      owner: Type.Unknown(),
      closeDate: Type.Union([Type.String(), Type.Null()]),
      lostReason: Type.Union([Type.String(), Type.Null()]),
      days: Type.Union([Type.Integer(), Type.Null()], { description: 'From opening to the decision.' }),
    }),
  ),
});

export type SimilarAnswer = Static<typeof Answer>;

export const similarReport = defineReport('similarDeals', {
  label: 'Similar deals',
  description: 'Decided deals that share product, industry, amount, size, pipeline or source with one',
  input: Type.Object({ deal: Type.String({ format: 'uuid' }) }, { additionalProperties: false }),
  answer: Answer,
  run: similar,
});

/** Four statements, however many deals there are. Throws `notFound`. */
export async function similar(ctx: Context, { deal }: { deal: string }): Promise<Static<typeof Answer>> {
  const [found] = await rows(ctx, 'deal', {
    filter: { field: 'id', op: 'is', value: deal },
    fields: ['name'],
    limit: 1,
  });
  if (!found) throw new FarleyError('notFound');
  const shared = await alike(ctx, deal);
  const told = await rows(ctx, 'deal', {
    filter: { field: 'id', op: 'isAnyOf', value: [...shared.keys()] },
    fields: ['name', 'status', 'amount', 'company', 'owner', 'openedOn', 'closeDate', 'lostReason'],
    limit: most,
  });
  const place = [...shared.keys()];
  return {
    deals: told
      .sort((a, b) => place.indexOf(a.id as string) - place.indexOf(b.id as string))
      .map(row => ({
        id: row.id as string,
        shares: shared.get(row.id as string)!,
        name: row.name as string,
        status: row.status as string,
        amount: row.amount ?? null,
        company: row.company ?? null,
        owner: row.owner ?? null,
        closeDate: (row.closeDate as string | null) ?? null,
        lostReason: (row.lostReason as string | null) ?? null,
        days: daysOf(row),
      })),
  };
}

function daysOf({ openedOn, closeDate }: Values): number | null {
  if (typeof openedOn !== 'string' || typeof closeDate !== 'string') return null;
  return Math.max(0, Math.round((Date.parse(closeDate) - Date.parse(openedOn)) / 86_400_000));
}

/** What each of the most similar deals shares with this one. One statement over what is in reach. */
async function alike(ctx: Context, deal: string): Promise<Map<string, Shared[]>> {
  const columns = {
    pipeline: 'pipeline',
    source: 'source',
    amount: 'amount',
    sector: 'company.sector',
    employees: 'company.employees',
  };
  const readable = (name: string) => may(ctx, ctx.model.objects.get(name)!, 'read');
  const bare = { pipeline: 'pipeline', source: 'source', amount: 'amount' };
  const facts = readable('company') ? columns : bare;
  const decided = picked(ctx, 'deal', { field: 'status', op: 'isAnyOf', value: ['won', 'lost'] }, facts);
  const self = picked(ctx, 'deal', { field: 'id', op: 'is', value: deal }, facts);
  const lines = readable('dealLine')
    ? picked(ctx, 'dealLine', undefined, { deal: 'deal', product: 'product' })
    : null;
  const no = sql`false`;
  const ofCompany = (condition: Sql) => (facts === columns ? condition : no);
  const tests: Record<Shared, Sql> = {
    product: lines
      ? sql`d.id in (select l.deal from lines l join lines m using (product) where m.deal = ${deal}::uuid)`
      : no,
    sector: ofCompany(sql`d.sector = s.sector`),
    amount: sql`d.amount between s.amount * 0.5 and s.amount * 2`,
    size: ofCompany(sql`d.employees between s.employees * 0.4 and s.employees * 2.5`),
    pipeline: sql`d.pipeline = s.pipeline`,
    source: sql`d.source = s.source`,
  };
  const names = Object.keys(weights) as Shared[];
  const points = sql.join(
    names.map(name => sql`case when ${tests[name]} then ${weights[name]}::int else 0 end`),
    sql` + `,
  );
  const shares = sql.join(names.map(name => sql`case when ${tests[name]} then ${name}::text end`));
  const found = await (ctx.tx ?? ctx.db).run<{ id: string; shares: Shared[] }>(
    sql`with ${lines ? sql`lines as (${lines}),` : sql``} s as (${self}), d as (${decided})
      select id, shares from (select d.id, d.created_at, ${points} as points,
          array_remove(array[${shares}], null) as shares from d cross join s where d.id <> s.id) each
      where points >= ${least} order by points desc, created_at desc, id limit ${most}`,
  );
  return new Map(found.map(row => [row.id, row.shares]));
}
