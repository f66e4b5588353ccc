/** What applying the territories would do: who gains and loses which companies, open deals and amounts, and what is claimed twice. */
import { type Static, Type } from 'typebox';
import {
  asSystem,
  type Context,
  defineReport,
  FarleyError,
  type Filter,
  type Input,
  may,
  picked,
  sql,
  write,
} from '../../../engine/index.ts';
import { Day, todayOf } from '../dashboards/scope.ts';
import { type Claimant, claimantsOf, driftOf, type TerritoryDraft } from './claims.ts';

const Id = Type.String({ format: 'uuid' });
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);

const Figures = Type.Object({
  accounts: Type.Integer(),
  /** Open ones. */
  deals: Type.Integer(),
  /** Of the open deals, in the workspace's currency. */
  amount: Type.Number(),
});
type Figures = Static<typeof Figures>;

const Named = Type.Object({ id: Type.String(), title: Type.String() });

const Line = Type.Object({
  id: Type.String(),
  name: Type.String(),
  parent: orNull(Type.String()),
  depth: Type.Integer(),
  dimension: Type.String(),
  manager: orNull(Named),
  valid: Type.Boolean(),
  /** With those below it: a move among them is none for it. */
  now: Figures,
  gains: Figures,
  loses: Figures,
});

const Answer = Type.Object({
  currency: Type.String(),
  on: Type.String(),
  /** In the order of the tree. */
  territories: Type.Array(Line),
  /** Companies that move, in any dimension. */
  moved: Type.Integer(),
  /** The largest of them. */
  moves: Type.Array(
    Type.Object({
      company: Named,
      dimension: Type.String(),
      from: orNull(Type.String()),
      to: orNull(Type.String()),
      deals: Type.Integer(),
      amount: Type.Number(),
    }),
  ),
  conflicts: Type.Array(
    Type.Object({
      company: Named,
      dimension: Type.String(),
      territories: Type.Array(Type.String()),
      /** Who has it and keeps it; null: nobody gets it. */
      keeps: orNull(Type.String()),
    }),
  ),
  conflictCount: Type.Integer(),
});
export type Realignment = Static<typeof Answer>;

const Asked = Type.Object(
  {
    on: Type.Optional({ ...Day, description: 'As it would be on that day. Default: today.' }),
    drafts: Type.Optional(
      Type.Array(
        Type.Object(
          {
            territory: Id,
            rule: Type.Optional(orNull(Type.Unsafe<Filter>({ type: 'object' }))),
            parent: Type.Optional(orNull(Id)),
            from: Type.Optional(orNull(Day)),
            until: Type.Optional(orNull(Day)),
          },
          { additionalProperties: false },
        ),
        { maxItems: 50, description: 'As if these territories had been changed.' },
      ),
    ),
  },
  { additionalProperties: false },
);

export const realignmentReport = defineReport('realignment', {
  label: 'Re-alignment of territories',
  description:
    'What applying the territories would move: who gains and loses what, and what is claimed twice',
  input: Asked,
  answer: Answer,
  run: realignment,
});

/** Moves and conflicts that are listed; their number is always told. */
const shown = 100;

interface Flow extends Figures {
  held: string | null;
  due: string | null;
}

interface Told {
  flows: Flow[] | null;
  moves: Realignment['moves'] | null;
  conflicts: Realignment['conflicts'] | null;
  count: number;
}

/** Rules count for everybody alike; companies and deals as far as the reader sees them. Two statements, and those of a trial. */
export async function realignment(ctx: Context, input: Static<typeof Asked>): Promise<Realignment> {
  if (!may(ctx, ctx.model.objects.get('territory')!, 'read')) throw new FarleyError('forbidden');
  const drafts = (input.drafts ?? []) as TerritoryDraft[];
  if (drafts.length > 0) await refuseDrafts(ctx, drafts);
  const on = input.on ?? todayOf(ctx);
  const own = asSystem(ctx, 'preview of territories');
  const claimants = await claimantsOf(own, on, drafts);
  const open: Filter = { field: 'status', op: 'is', value: 'open' };
  const [found] = await (ctx.tx ?? ctx.db).run<{ told: string }>(
    sql`with ${driftOf(own, claimants, on)},
      open as (select company, count(*)::int as deals, coalesce(sum(amount), 0)::float8 as amount
        from (${picked(ctx, 'deal', open, { company: 'company', amount: 'amount' })}) d group by company),
      seen as materialized (select d.*, json_build_object('id', d.company, 'title', c.name) as shown,
          coalesce(o.deals, 0) as deals, coalesce(o.amount, 0) as amount
        from drift d join (${picked(ctx, 'company', undefined, { name: 'name' })}) c on c.id = d.company
        left join open o on o.company = d.company)
      select json_build_object(
        'flows', (select json_agg(f) from (select held, due, count(*) as accounts, sum(deals) as deals, sum(amount) as amount
            from seen group by held, due) f),
        'moves', (select json_agg(m) from (select shown as company, dimension, held as "from", due as "to", deals, amount
            from seen where due is distinct from held order by seen.amount desc, seen.company limit ${shown}) m),
        'conflicts', (select json_agg(k) from (select shown as company, dimension, claimed as territories, due as keeps
            from seen where cardinality(claimed) > 1 order by seen.amount desc, seen.company limit ${shown}) k),
        'count', (select count(*) from seen where cardinality(claimed) > 1))::text as told`,
  );
  const told = JSON.parse(found!.told) as Told;
  const flows = told.flows ?? [];
  return {
    currency: ctx.settings.currency,
    on,
    territories: linesOf(claimants, flows),
    moved: flows.reduce((sum, flow) => sum + (flow.held === flow.due ? 0 : flow.accounts), 0),
    moves: told.moves ?? [],
    conflicts: told.conflicts ?? [],
    conflictCount: told.count,
  };
}

/** Refuses what would be refused if it were written: whoever may not change a territory does not try how it would be. */
function refuseDrafts(ctx: Context, drafts: TerritoryDraft[]) {
  const operations = drafts.map(({ territory, ...values }) => ({
    op: 'update' as const,
    id: territory,
    values: values as Input,
  }));
  return write(ctx, 'territory', operations, { dryRun: true });
}

const none = (): Figures => ({ accounts: 0, deals: 0, amount: 0 });

function add(sum: Figures, { accounts, deals, amount }: Figures) {
  sum.accounts += accounts;
  sum.deals += deals;
  sum.amount += Number(amount);
}

/** The tree, each before those below it, with the sums of all below. */
function linesOf(claimants: Claimant[], flows: Flow[]): Realignment['territories'] {
  const lines = new Map(
    claimants.map(({ id, name, parent, above, dimension, manager, valid }) => [
      id,
      {
        ...{ id, name, parent, depth: above.length, dimension, manager, valid },
        ...{ now: none(), gains: none(), loses: none() },
      },
    ]),
  );
  const upwards = new Map(claimants.map(({ id, above }) => [id, [id, ...above]]));
  for (const flow of flows) {
    const from = new Set(upwards.get(flow.held ?? ''));
    const to = new Set(upwards.get(flow.due ?? ''));
    for (const id of from) add(lines.get(id)!.now, flow);
    for (const id of from) if (!to.has(id)) add(lines.get(id)!.loses, flow);
    for (const id of to) if (!from.has(id)) add(lines.get(id)!.gains, flow);
  }
  const children = Map.groupBy(lines.values(), ({ parent }) => (parent && lines.has(parent) ? parent : null));
  const walk = (parent: string | null): Realignment['territories'] =>
    (children.get(parent) ?? []).flatMap(line => [line, ...walk(line.id)]);
  return walk(null);
}
