/** Of which deals a dashboard tells: what is asked for, and the filter that comes of it. */
import { type Static, Type } from 'typebox';
import { type Context, type Filter, rows } from '../../../engine/index.ts';

const id = Type.String({ format: 'uuid' });
export const Day = Type.String({ format: 'date' });

/** Days of both periods count whole. */
const Period = Type.Object({ from: Day, to: Day }, { additionalProperties: false });

export const scopeFields = {
  from: { ...Day, description: 'First day of the period.' },
  to: { ...Day, description: 'Its last day.' },
  pipeline: Type.Optional(id),
  owner: Type.Optional(id),
  team: Type.Optional({ ...id, description: 'With the teams below it.' }),
  filter: Type.Optional(Type.Unsafe<Filter>({ type: 'object', description: 'Only deals that match it.' })),
};

export const DashboardScope = Type.Object(
  {
    ...scopeFields,
    compare: Type.Optional({ ...Period, description: 'What the figures are compared with.' }),
  },
  { additionalProperties: false },
);

export type Scope = Static<typeof DashboardScope>;

export interface Narrowed {
  /** What deals have to match, as lists understand it. */
  deals: Filter[];
  /** The same for leads, of which only owner and team are known. */
  leads: Filter[];
  /** What deals have to match whoever they are of, and who people have to be. */
  anyones: Filter[];
  people: Filter[];
}

/** At most one statement, for the teams below a team. */
export async function narrowed(ctx: Context, scope: Omit<Scope, 'from' | 'to'>): Promise<Narrowed> {
  const { pipeline, owner, team, filter } = scope;
  const teams = team ? await below(ctx, team) : [];
  const whose = (user: string, inTeam: string): Filter[] => [
    ...(owner ? [{ field: user, op: 'is', value: owner }] : []),
    ...(team ? [{ field: inTeam, op: 'isAnyOf', value: teams }] : []),
  ];
  const leads = whose('owner', 'owner.team');
  const anyones: Filter[] = [
    ...(pipeline ? [{ field: 'pipeline', op: 'is', value: pipeline }] : []),
    ...(filter ? [filter] : []),
  ];
  return { deals: [...anyones, ...leads], leads, anyones, people: whose('id', 'team') };
}

async function below(ctx: Context, team: string): Promise<string[]> {
  const teams = await rows(ctx, 'team', { fields: ['parent'], limit: 1_000 });
  const found = new Set([team]);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const each of teams) {
      const above = (each.parent as { id: string } | null)?.id;
      if (above && found.has(above)) found.add(each.id as string);
    }
  }
  return [...found];
}

/** Deals that were decided in the period, by the day on which they were. */
export function decidedIn({ from, to }: Pick<Scope, 'from' | 'to'>): Filter {
  return {
    and: [
      { field: 'status', op: 'isAnyOf', value: ['won', 'lost'] },
      { field: 'closeDate', op: 'between', value: [from, to] },
    ],
  };
}

/** Today where the workspace is. */
export function todayOf(ctx: Context): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: ctx.settings.timeZone }).format(ctx.clock.now());
}

/** What records are called, as far as the reader may know. */
export async function titlesOf(ctx: Context, object: string, ids: string[]): Promise<Map<string, string>> {
  const title = ctx.model.objects.get(object)!.title.name;
  const found = await rows(ctx, object, {
    filter: { field: 'id', op: 'isAnyOf', value: ids },
    fields: [title],
    limit: 1_000,
  });
  return new Map(
    found.map(row => {
      const name = row[title] as string | { full: string };
      return [row.id as string, typeof name === 'string' ? name : name.full];
    }),
  );
}
