/**
 * How far off forecasts were: what was said so many days before the end of a period, read as of then, against what came.
 * The measure is the weighted absolute percentage error, the sum of all errors by the sum of all truths: it survives sellers
 * and periods in which nothing was won (S. Kolassa, W. Schütz, Foresight 6, 2007). The bias keeps the sign.
 */
import { type Static, type TSchema, Type } from 'typebox';
import { type Context, defineReport, rows } from '../../../engine/index.ts';
import { less, sum } from '../decimals.ts';
import { expected } from './expected.ts';
import { type Figures, type Forecast, forecast } from './forecast.ts';

const id = Type.String({ format: 'uuid' });
const day = Type.String({ format: 'date' });
const amount = Type.String({ description: 'Decimal text, in the currency of the answer.' });
const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);

const Off = Type.Object({
  /** Sum of errors by sum of truths; null where nothing came. */
  off: nullable(Type.Number()),
  /** The same with signs: above zero, too much was said. */
  bias: nullable(Type.Number()),
});

const Input = Type.Object(
  {
    unit: Type.Enum(['month', 'quarter', 'year']),
    pipeline: Type.Optional(id),
  },
  { additionalProperties: false },
);

const Answer = Type.Object({
  currency: Type.String(),
  /** Periods that have ended, the latest last: what came, and what was said before. */
  periods: Type.Array(
    Type.Object({
      from: day,
      to: day,
      came: amount,
      said: Type.Array(
        Type.Object({
          days: Type.Integer(),
          human: amount,
          weighted: amount,
          statistical: amount,
        }),
      ),
    }),
  ),
  /** By days before the end. */
  lines: Type.Array(
    Type.Object({
      days: Type.Integer(),
      periods: Type.Integer(),
      human: Off,
      weighted: Off,
      statistical: Off,
      sellers: Type.Array(
        Type.Object({
          user: Type.Object({ id, title: nullable(Type.String()) }),
          came: amount,
          human: Off,
          weighted: Off,
          statistical: Off,
        }),
      ),
    }),
  ),
});

export type Accuracy = Static<typeof Answer>;
type Input = Static<typeof Input>;
type Expected = Awaited<ReturnType<typeof expected>>;

const zero = '0.00';

export const accuracyReport = defineReport('forecastAccuracy', {
  label: 'Accuracy of forecasts',
  description: 'What was said before the end of past periods, against what came, by seller and in all',
  input: Input,
  answer: Answer,
  run: accuracy,
});

/** Days before the end of a period, and periods looked back at. */
const horizons = [30, 60, 90];
const back = 4;
const months = { month: 1, quarter: 3, year: 12 };
const milliseconds = 86_400_000;

/** Periods that have ended before `today`, the earliest first. */
export function pastPeriods(unit: keyof typeof months, today: string): { from: string; to: string }[] {
  const step = months[unit];
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1];
  const begin = Math.floor(month / step) * step;
  const on = (m: number, d: number) => new Date(Date.UTC(year, m, d)).toISOString().slice(0, 10);
  return Array.from({ length: back }, (_, index) => {
    const first = begin - (back - index) * step;
    return { from: on(first, 1), to: on(first + step, 0) };
  });
}

/** What people said: what is won and what they commit to, with the adjustments of their managers. */
export function humanOf({ closed, commit, adjusted }: Figures): string {
  return sum([closed, commit, adjusted.closed, adjusted.commit]);
}

interface Pair {
  said: string;
  came: string;
}

/** Weighted absolute percentage error, and bias. */
export function offBy(pairs: Pair[]): Static<typeof Off> {
  const came = Number(sum(pairs.map(pair => pair.came)));
  if (came <= 0) return { off: null, bias: null };
  const errors = pairs.map(pair => less(pair.said, pair.came));
  return {
    off: Number(sum(errors.map(error => error.replace('-', '')))) / came,
    bias: Number(sum(errors)) / came,
  };
}

interface Said {
  days: number;
  period: { from: string; to: string };
  then: Forecast;
  now: Forecast;
  statistical: Expected;
}

/** Reads each period as of each moment; nothing is said of moments before there were deals. */
async function accuracy(ctx: Context, { unit, pipeline }: Input): Promise<Accuracy> {
  const today = ctx.clock.now().toISOString().slice(0, 10);
  const periods = pastPeriods(unit, today);
  const [first] = await rows(ctx, 'deal', { sort: ['createdAt'], fields: ['createdAt'], limit: 1 });
  const since = (first?.createdAt as string | undefined) ?? today;
  const said: Said[] = [];
  const told: Accuracy['periods'] = [];
  for (const period of periods) {
    const input = { ...period, ...(pipeline ? { pipeline } : {}) };
    const now = await forecast(ctx, input);
    const mine: Said[] = [];
    for (const days of horizons) {
      const asOf = new Date(Date.parse(`${period.to}T12:00:00Z`) - days * milliseconds).toISOString();
      // A period shorter than that had not begun, and nobody had said anything of it.
      if (asOf < since || asOf.slice(0, 10) < before(period.from)) continue;
      const [then, statistics] = [
        await forecast(ctx, { ...input, asOf }),
        await expected(ctx, { ...input, asOf }),
      ];
      mine.push({ days, period, then, now, statistical: statistics });
    }
    said.push(...mine);
    told.push({
      ...period,
      came: now.total.closed,
      said: mine.map(({ days, then, statistical }) => ({
        days,
        human: humanOf(then.total),
        weighted: then.total.weighted,
        statistical: statistical.amount,
      })),
    });
  }
  return { currency: ctx.settings.currency, periods: told, lines: horizons.map(days => lineOf(days, said)) };
}

/** Two months before a period begins: further ahead nobody forecasts it. */
function before(from: string): string {
  return new Date(Date.parse(`${from}T00:00:00Z`) - 62 * milliseconds).toISOString().slice(0, 10);
}

function lineOf(days: number, all: Said[]): Accuracy['lines'][number] {
  const said = all.filter(each => each.days === days);
  const total = (of: (each: Said) => string) =>
    offBy(said.map(each => ({ said: of(each), came: each.now.total.closed })));
  const users = new Map(
    said.flatMap(({ then, now }) =>
      [...then.sellers, ...now.sellers].flatMap(({ user }) => (user ? [[user.id, user] as const] : [])),
    ),
  );
  const own = (answer: Forecast, user: string) => answer.sellers.find(each => each.user?.id === user)?.own;
  const sellers = [...users.values()].map(user => {
    const pairs = (of: (each: Said) => string | undefined) =>
      said.map(each => ({ said: of(each) ?? zero, came: own(each.now, user.id)?.closed ?? zero }));
    const figures = (of: (figures: Figures) => string) =>
      pairs(({ then }) => {
        const was = own(then, user.id);
        return was && of(was);
      });
    const human = figures(humanOf);
    const statistical = pairs(each => each.statistical.sellers.find(one => one.user?.id === user.id)?.amount);
    return {
      user,
      came: sum(human.map(({ came }) => came)),
      human: offBy(human),
      weighted: offBy(figures(each => each.weighted)),
      statistical: offBy(statistical),
    };
  });
  return {
    days,
    periods: said.length,
    human: total(({ then }) => humanOf(then.total)),
    weighted: total(({ then }) => then.total.weighted),
    statistical: total(({ statistical }) => statistical.amount),
    sellers: sellers.sort((a, b) => Number(b.came) - Number(a.came)),
  };
}
