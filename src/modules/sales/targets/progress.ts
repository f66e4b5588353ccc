/** What targets and challenges have come to, as everyone may see it: names and figures that their makers publish, and no records. */
import { type Static, Type } from 'typebox';
import {
  aggregate,
  allRows,
  asSystem,
  type Context,
  defineReport,
  type Filter,
  list,
  type Values,
} from '../../../engine/index.ts';
import { todayOf } from '../dashboards/scope.ts';
import { type ByView, countedByView } from './by-view.ts';
import { type Days, type MetricName, measured, metrics, totalOf } from './metrics.ts';
import { before, type Contender, paceOf, type Ranking, standings } from './standing.ts';

const Id = Type.String();
const Named = Type.Object({ id: Id, title: Type.String() });
const maybe = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);

const TargetLine = Type.Object({
  id: Id,
  name: Type.String(),
  /** Null: a saved view, by `view`. */
  metric: maybe(Type.String()),
  view: maybe(
    Type.Object({
      id: Id,
      object: Type.String(),
      filter: Type.Unsafe<Filter | null>({}),
      /** The field that says when a record counts; null: whenever. */
      day: maybe(Type.String()),
    }),
  ),
  unit: Type.String(),
  from: Type.String(),
  to: Type.String(),
  user: maybe(Named),
  team: maybe(Named),
  /** Whether it is the reader's own, or that of their team. */
  mine: Type.Boolean(),
  amount: Type.String(),
  value: Type.String(),
  passed: Type.Number(),
  expected: Type.Number(),
  forecast: maybe(Type.Number()),
  state: Type.String(),
  /** Whose records count; null: everyone's. */
  people: maybe(Type.Array(Id)),
});

const ChallengeLine = Type.Object({
  id: Id,
  name: Type.String(),
  metric: Type.String(),
  unit: Type.String(),
  mode: Type.String(),
  ranking: Type.String(),
  quality: maybe(Type.String()),
  from: Type.String(),
  to: Type.String(),
  badge: maybe(Named),
  points: Type.Integer(),
  endedAt: maybe(Type.String()),
  standings: Type.Array(
    Type.Object({
      who: Named,
      value: Type.Number(),
      score: maybe(Type.Number()),
      fair: Type.Boolean(),
      place: maybe(Type.Integer()),
      me: Type.Boolean(),
    }),
  ),
});

const Answer = Type.Object({
  currency: Type.String(),
  today: Type.String(),
  targets: Type.Array(TargetLine),
  challenges: Type.Array(ChallengeLine),
  recognitions: Type.Array(
    Type.Object({
      id: Id,
      words: Type.String(),
      to: Named,
      by: maybe(Type.String()),
      badge: maybe(Type.String()),
      points: Type.Integer(),
      at: Type.String(),
    }),
  ),
  /** Sums of points by person, the most first; without those who stand in no leaderboard, but for the reader. */
  points: Type.Array(Type.Object({ who: Named, points: Type.Integer() })),
});

export type Progress = Static<typeof Answer>;

export const progressReport = defineReport('targets', {
  label: 'Targets',
  description: 'How far targets are, who stands where in challenges, and who was thanked for what',
  input: Type.Object({}, { additionalProperties: false }),
  answer: Answer,
  run: progress,
});

/** Targets and challenges that are shown once they are over. Days. */
const shownFor = 60;

/** People, teams and what they are called; whoever wants no leaderboard is `hidden`. */
async function peopleOf(ctx: Context) {
  const users = await allRows(ctx, 'user', {
    fields: ['name', 'team'],
    filter: { field: 'active', op: 'is', value: true },
  });
  const teams = await allRows(ctx, 'team', { fields: ['name', 'parent'] });
  const participations = await allRows(ctx, 'participation', {
    fields: ['owner'],
    filter: { field: 'hidden', op: 'is', value: true },
  });
  const names = new Map<string, string>();
  for (const { id, name } of users) names.set(id as string, (name as { full: string }).full);
  for (const { id, name } of teams) names.set(id as string, name as string);
  const above = new Map(teams.map(({ id, parent }) => [id as string, idOf(parent)]));
  /** Who belongs to a team or to one below it. */
  const members = (team: string) =>
    new Set(users.filter(user => within(idOf(user.team), team)).map(({ id }) => id as string));
  function within(one: string | null, team: string): boolean {
    for (let steps = 0; one && steps < 50; steps++) {
      if (one === team) return true;
      one = above.get(one) ?? null;
    }
    return false;
  }
  return { users, teams, names, members, hidden: new Set(participations.map(({ owner }) => idOf(owner))) };
}

type People = Awaited<ReturnType<typeof peopleOf>>;

const idOf = (link: Values[string] | undefined) => (link as { id: string } | null | undefined)?.id ?? null;

/** What runs, comes, or was over not long ago. */
const current = (today: string): Filter => ({
  field: 'to',
  op: 'gte',
  value: new Date(Date.parse(today) - shownFor * 86_400_000).toISOString().slice(0, 10),
});

/** A statement for each metric there is, one for each saved view and what is counted of it, and seven besides. */
export async function progress(reader: Context): Promise<Progress> {
  const ctx = asSystem(reader, 'targets that are published');
  const today = todayOf(ctx);
  const [people, targets, challenges, recognitions, points] = await Promise.all([
    peopleOf(ctx),
    allRows(reader, 'target', {
      fields: ['name', 'metric', 'view', 'sum', 'day', 'amount', 'user', 'team', 'from', 'to'],
      filter: current(today),
      sort: ['to', 'name'],
    }),
    allRows(reader, 'challenge', { fields: challengeFields, filter: current(today), sort: ['-from'] }),
    list(ctx, 'recognition', {
      fields: ['words', 'to', 'badge', 'points', 'createdBy', 'createdAt'],
      sort: ['-createdAt'],
      limit: 20,
    }),
    aggregate(ctx, 'recognition', { groupBy: [{ field: 'to' }], values: [{ op: 'sum', field: 'points' }] }),
  ]);
  const asked = targets
    .filter(({ view }) => view === null)
    .map(({ metric, from, to }) => ({ metric: metric as MetricName, days: { from, to } as Days }));
  const values = await measured(ctx, asked);
  const views = await countedByView(reader, targets);
  const me = reader.actor.userId;
  return {
    currency: ctx.settings.currency,
    today,
    targets: targets.map(target => targetLine(target, people, views, values, { me: me ?? '', today })),
    challenges: await challengeLines(ctx, challenges, people, me),
    recognitions: (JSON.parse(recognitions.data) as Values[]).map(row => ({
      id: row.id as string,
      words: row.words as string,
      to: row.to as { id: string; title: string },
      by: (row.createdBy as { title: string } | null)?.title ?? null,
      badge: (row.badge as { title: string } | null)?.title ?? null,
      points: (row.points as number | null) ?? 0,
      at: row.createdAt as string,
    })),
    points: points.data
      .map(({ group, values: [sum] }) => ({
        who: group.to as { id: string; title: string },
        points: Number(sum ?? 0),
      }))
      .filter(each => each.who && each.points > 0 && (!people.hidden.has(each.who.id) || each.who.id === me))
      .sort((a, b) => b.points - a.points),
  };
}

function targetLine(
  target: Values,
  people: People,
  views: Map<string, ByView>,
  values: Measured,
  { me, today }: { me: string; today: string },
): Progress['targets'][number] {
  const [user, team] = [target.user, target.team] as ({ id: string; title: string } | null)[];
  const whose = user ? new Set([user.id]) : team ? people.members(team.id) : null;
  const days = { from: target.from as string, to: target.to as string };
  const metric = target.view === null ? (target.metric as MetricName) : null;
  const byView = views.get(target.id as string);
  const value = metric ? totalOf(values(metric, days), whose) : (byView?.value ?? '0');
  return {
    id: target.id as string,
    name: target.name as string,
    metric,
    view: byView?.view ?? null,
    unit: metric ? metrics[metric].unit : (byView?.unit ?? 'number'),
    ...days,
    user: user ?? null,
    team: team ?? null,
    mine: user ? user.id === me : team ? people.members(team.id).has(me) : true,
    amount: target.amount as string,
    value,
    people: whose && [...whose],
    ...paceOf(Number(value), Number(target.amount), days, today),
  };
}

export const challengeFields = [
  'name',
  'metric',
  'mode',
  'ranking',
  'quality',
  'from',
  'to',
  'badge',
  'points',
  'endedAt',
];

const daysOf = ({ from, to }: Values): Days => ({ from: from as string, to: to as string });

/** What a challenge needs to be known: its metric, and what its quality is made of, in its days and as many before. */
function neededFor(challenge: Values): { metric: MetricName; days: Days }[] {
  const days = daysOf(challenge);
  const made: MetricName[] = challenge.quality ? ['dealsWon', 'wonRevenue', 'dealsLost'] : [];
  return [challenge.metric as MetricName, ...made].flatMap(metric => [
    { metric, days },
    { metric, days: before(days) },
  ]);
}

/** Who stands where, by the metric, the stretch before and their targets. */
export async function challengeLines(
  ctx: Context,
  challenges: Values[],
  known: People | null,
  me: string | null,
): Promise<Progress['challenges']> {
  if (challenges.length === 0) return [];
  const people = known ?? (await peopleOf(ctx));
  const values = await measured(ctx, challenges.flatMap(neededFor));
  const goals = await allRows(ctx, 'target', {
    fields: ['metric', 'view', 'amount', 'user', 'team', 'from', 'to'],
  });
  return challenges.map(each => {
    const teams = each.mode === 'teams';
    const isMe = (id: string) => id === me || (teams && me !== null && people.members(id).has(me));
    return {
      id: each.id as string,
      name: each.name as string,
      metric: each.metric as string,
      unit: metrics[each.metric as MetricName].unit,
      mode: each.mode as string,
      ranking: each.ranking as string,
      quality: (each.quality as string | null) ?? null,
      ...daysOf(each),
      badge: (each.badge as { id: string; title: string } | null) ?? null,
      points: (each.points as number | null) ?? 0,
      endedAt: (each.endedAt as string | null) ?? null,
      standings: standings(contendersOf(each, people, values, goals, me), each.ranking as Ranking).map(
        ({ id, value, score, fair, place }) => ({
          who: { id, title: people.names.get(id) ?? '' },
          value,
          score,
          fair,
          place,
          me: isMe(id),
        }),
      ),
    };
  });
}

type Measured = Awaited<ReturnType<typeof measured>>;

/** Everyone, or every team, with anything to show; without those who want no leaderboard, but for the reader. */
function contendersOf(
  challenge: Values,
  people: People,
  values: Measured,
  goals: Values[],
  me: string | null,
): Contender[] {
  const days = daysOf(challenge);
  const earlier = before(days);
  const metric = challenge.metric as MetricName;
  const teams = challenge.mode === 'teams';
  const of = (name: MetricName, stretch: Days, id: string) =>
    Number(totalOf(values(name, stretch), teams ? people.members(id) : new Set([id])));
  const quality = (stretch: Days, id: string) => {
    if (!challenge.quality) return null;
    const won = of('dealsWon', stretch, id);
    const whole = challenge.quality === 'winRate' ? won + of('dealsLost', stretch, id) : won;
    if (whole === 0) return null;
    return (challenge.quality === 'winRate' ? won : of('wonRevenue', stretch, id)) / whole;
  };
  const goal = (id: string) => {
    const own = goals.find(
      target =>
        target.metric === metric &&
        target.view === null &&
        idOf(teams ? target.team : target.user) === id &&
        (target.from as string) <= days.to &&
        (target.to as string) >= days.from,
    );
    return own ? Number(own.amount) : null;
  };
  return (teams ? people.teams : people.users)
    .map(({ id }) => id as string)
    .filter(id => teams || !people.hidden.has(id) || id === me)
    .map(id => ({
      id,
      value: of(metric, days, id),
      past: of(metric, earlier, id),
      target: goal(id),
      quality: quality(days, id),
      qualityBefore: quality(earlier, id),
    }))
    .filter(({ value, past, target }) => value > 0 || past > 0 || target !== null);
}
