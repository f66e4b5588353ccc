/**
 * What a statistician would forecast: out of how long deals took and how they ended, without asking anyone. Three ways are
 * taken together, each weighing as much as it would have been right before:
 *
 * - The pipeline: winning and losing are competing risks over the age of a deal, estimated by the life table
 *   (cause-specific hazards; the chance that follows is the Aalen–Johansen estimator: O. Aalen, S. Johansen, Scandinavian
 *   Journal of Statistics 5, 1978). People close deals towards the end of a quarter: hazards are multiplied by how many more wins
 *   and losses than expected fell into a quarter's first, second and third month so far (indirect standardisation). Deals
 *   that are yet to come arrive as often as of late.
 * - The same days a quarter and a year before, and the mean of the three periods before.
 *
 * Weights are inverse to the mean squared errors that each had at earlier moments (J. Bates, C. Granger, Operational
 * Research Quarterly 20, 1969); so is the width of the interval.
 */

/** Deals of one beginning and one end, taken together. Days count from any fixed day. */
export interface Cohort {
  opened: number;
  /** Null: still open. */
  decided: number | null;
  won: boolean;
  count: number;
  /** Sum of amounts, in one currency. */
  amount: number;
  /** How much likelier than others of their age these are won, as their stage tells; 1 where nothing is known. */
  lift?: number;
}

export interface Expectation {
  /** What will be won. */
  amount: number;
  /** Within these it falls four times out of five, if the future is like the past. */
  low: number;
  high: number;
  /** What each way says, and what it weighs of 1. */
  ways: { way: Way; amount: number; weight: number }[];
}

export type Way = 'pipeline' | 'quarterBefore' | 'yearBefore' | 'recentMean';

/** Of a day. */
const milliseconds = 86_400_000;
/** Days of age whose hazards are taken to be the same. */
const width = 7;
/** Ages beyond this are one. */
const oldest = 52;
/** Decisions at least, in spirit, before a month of the quarter differs from the others. */
const doubt = 20;
/** Days of which deals yet to come are learned. */
const lately = 91;
/** Standard deviations that enclose 80 % of a normal distribution. */
const four5ths = 1.2816;

interface Months {
  won: number[];
  lost: number[];
}

interface Hazards {
  won: number[];
  lost: number[];
  /** How they differ in the quarter's first, second and third month. */
  months: Months;
}

const ageOf = (days: number) => Math.min(Math.floor(Math.max(days, 0) / width), oldest);

/** Days whose month is known. */
const months = new Map<number, number>();

/** `0`, `1` or `2`: the month within its quarter of a day that counts from 1970. */
function monthOf(day: number): number {
  const known = months.get(day);
  if (known !== undefined) return known;
  const month = new Date(day * milliseconds).getUTCMonth() % 3;
  months.set(day, month);
  return month;
}

/** Hazards per day by age, and by the months of a quarter, as far as is known on `today`. */
export function hazardsOf(past: Cohort[], today: number): Hazards {
  const [won, lost, exposure] = [0, 1, 2].map(() => new Array<number>(oldest + 1).fill(0)) as [
    number[],
    number[],
    number[],
  ];
  const known = past.filter(cohort => cohort.opened <= today);
  const since = firstDecision(known);
  for (const { opened, decided, won: was, count } of known) {
    const end = decided !== null && decided <= today ? decided : today;
    for (let day = Math.max(opened, since); day <= end; day++) exposure[ageOf(day - opened)]! += count;
    if (decided !== null && decided <= today) (was ? won : lost)[ageOf(decided - opened)]! += count;
  }
  const all = (events: number[]) =>
    events.reduce((a, b) => a + b, 0) /
    Math.max(
      exposure.reduce((a, b) => a + b, 0),
      1,
    );
  const rates = (events: number[]) =>
    events.map((count, age) => (count + all(events) * width) / (exposure[age]! + width));
  const hazards = { won: rates(won), lost: rates(lost), months: { won: [1, 1, 1], lost: [1, 1, 1] } };
  return { ...hazards, months: monthsOf(known, hazards, since, today) };
}

/** Nobody wrote down what was decided before; to count those days would make deals look longer than they are. */
function firstDecision(past: Cohort[]): number {
  return past.reduce((first, { decided }) => (decided === null ? first : Math.min(first, decided)), Infinity);
}

/** Per month of the quarter, decisions there were beside those that ages alone let expect: of wins and of losses. */
function monthsOf(known: Cohort[], { won, lost }: Hazards, since: number, today: number): Hazards['months'] {
  const [seen, expected] = [0, 1].map(() => ({ won: [0, 0, 0], lost: [0, 0, 0] })) as [Months, Months];
  // In steps of three days: nearly as exact, and a third of the work.
  const step = 3;
  for (const { opened, decided, won: was, count } of known) {
    const end = decided !== null && decided <= today ? decided : today;
    for (let day = Math.max(opened, since); day < end; day += step) {
      const [age, month, days] = [ageOf(day - opened), monthOf(day), count * Math.min(step, end - day)];
      expected.won[month]! += days * won[age]!;
      expected.lost[month]! += days * lost[age]!;
    }
    if (decided !== null && decided <= today) (was ? seen.won : seen.lost)[monthOf(decided)]! += count;
  }
  const factor = (end: 'won' | 'lost') =>
    seen[end].map((count, month) => (count + doubt) / (expected[end][month]! + doubt));
  return { won: factor('won'), lost: factor('lost') };
}

/** The chance of being won after `today` until `until`, for a deal of that age on `today`. */
function chanceOf({ won, lost, months }: Hazards, age: number, today: number, until: number): number {
  let open = 1;
  let chance = 0;
  for (let day = today + 1; day <= until; day++) {
    const [at, month] = [ageOf(age + day - today), monthOf(day)];
    const [wins, losses] = [won[at]! * months.won[month]!, lost[at]! * months.lost[month]!];
    const leaves = 1 - Math.exp(-(wins + losses));
    chance += open * leaves * (wins / (wins + losses || 1));
    open *= 1 - leaves;
  }
  return chance;
}

/** The same of cohorts, each with its lift. */
function chancesOf(hazards: Hazards, today: number, until: number) {
  const known = new Map<number, number>();
  return ({ opened, lift = 1 }: Pick<Cohort, 'opened' | 'lift'>) => {
    const age = today - opened;
    if (!known.has(age)) known.set(age, chanceOf(hazards, age, today, until));
    return Math.min(known.get(age)! * lift, 1);
  };
}

/** How many deals of a stage and an age were open on an earlier day, and how many of them were won in so many days. */
export interface Stood {
  day: number;
  stage: string;
  /** Days. */
  age: number;
  deals: number;
  won: number;
}

/** Where the lift of a stage is looked for: earlier days, and how many days later what came of the deals is asked. */
export interface Looking {
  days: number[];
  ahead: number;
}

/** Earlier days at most, how far apart they are, and how far ahead is looked from them at most: by then a stage says little. */
const looks = { count: 16, apart: 14, ahead: 91 };
/** Ages, in days, between which a stage says the same. */
const bands = [30, 60, 90, 150, 240];
/** Wins at least, in spirit, before a stage or an age in it differs from what is known without. */
const unsure = 5;

/** As far ahead as is asked, where there is history enough to look back twice as far. */
export function lookingOf(past: Cohort[], today: number, until: number): Looking {
  const first = firstDecision(past);
  const ahead = Math.max(1, Math.min(until - today, looks.ahead, Math.floor((today - first) / 2)));
  const days = Array.from({ length: looks.count }, (_, index) => today - ahead - index * looks.apart);
  return { days: days.filter(day => day >= first), ahead };
}

/**
 * How much likelier than others of their age deals are won that stand in a stage: those won beside those that ages alone let
 * expect, for all of the stage and then for ages within it (indirect standardisation, drawn to 1 where little is known).
 */
export function liftsOf(
  stood: Stood[],
  past: Cohort[],
  today: number,
  ahead: number,
): (stage: string, age: number) => number {
  const hazards = hazardsOf(past, today);
  const onDay = new Map<number, ReturnType<typeof chancesOf>>();
  const chance = ({ day, age }: Stood) => {
    if (!onDay.has(day)) onDay.set(day, chancesOf(hazards, day, day + ahead));
    return onDay.get(day)!({ opened: day - age });
  };
  const ratio = (some: Stood[], lift: number) => {
    const [won, expected] = [
      (each: Stood) => each.won,
      (each: Stood) => each.deals * chance(each) * lift,
    ].map(of => some.reduce((sum, each) => sum + of(each), 0)) as [number, number];
    return (won + unsure) / (expected + unsure);
  };
  const bandOf = (age: number) => bands.filter(end => age >= end).length;
  const lifts = new Map<string, number>();
  for (const [stage, some] of Map.groupBy(stood, each => each.stage)) {
    const lift = ratio(some, 1);
    lifts.set(stage, lift);
    for (const [band, part] of Map.groupBy(some, ({ age }) => bandOf(age)))
      lifts.set(`${stage} ${band}`, lift * ratio(part, lift));
  }
  return (stage, age) => lifts.get(`${stage} ${bandOf(age)}`) ?? lifts.get(stage) ?? 1;
}

/** What an open deal of a usual amount is worth after `from` until `until`, and its chance, as the pipeline sees it on `today`. */
export function pipelineOf(past: Cohort[], today: number, from: number, until: number) {
  const hazards = hazardsOf(past, today);
  const [whole, before] = [chancesOf(hazards, today, until), chancesOf(hazards, today, from)];
  const chance: typeof whole = cohort => whole(cohort) - before(cohort);
  return { chance, usual: usualOf(past, today) };
}

/** What a deal was worth that was won, on average. */
function usualOf(past: Cohort[], today: number): number {
  const wins = past.filter(cohort => cohort.won && cohort.decided !== null && cohort.decided <= today);
  const count = wins.reduce((sum, cohort) => sum + cohort.count, 0);
  return count > 0 ? wins.reduce((sum, cohort) => sum + cohort.amount, 0) / count : 0;
}

/** What the pipeline lets expect, and the standard deviation of that. Amounts that nobody has stated yet (0) are taken as usual. */
function ofPipeline(past: Cohort[], today: number, until: number): { amount: number; deviation: number } {
  const hazards = hazardsOf(past, today);
  const wins = past.filter(cohort => cohort.won && cohort.decided !== null && cohort.decided <= today);
  const count = wins.reduce((sum, cohort) => sum + cohort.count, 0);
  const usual = usualOf(past, today);
  const open = past.filter(
    cohort => cohort.opened <= today && (cohort.decided === null || cohort.decided > today),
  );
  let [mean, variance] = [0, 0];
  const chances = chancesOf(hazards, today, until);
  for (const cohort of open) {
    const { count: deals, amount, decided } = cohort;
    const chance = chances(cohort);
    const each = decided === null && amount > 0 ? amount / deals : usual;
    mean += deals * chance * each;
    variance += deals * chance * (1 - chance) * each ** 2;
  }
  const coming = comingOf(past, hazards, today, until);
  const squares = wins.reduce((sum, cohort) => sum + cohort.count * (cohort.amount / cohort.count) ** 2, 0);
  variance += coming * (count > 0 ? squares / count : 0);
  return { amount: mean + coming * usual, deviation: Math.sqrt(variance) };
}

/** Deals that are not there yet, to be won by `until`. */
function comingOf(past: Cohort[], hazards: Hazards, today: number, until: number): number {
  const recent = past.filter(({ opened }) => opened > today - lately && opened <= today);
  const perDay = recent.reduce((sum, cohort) => sum + cohort.count, 0) / lately;
  let won = 0;
  for (let day = today + 1; day <= until; day++) won += perDay * chanceOf(hazards, 0, day, until);
  return won;
}

/** Won after `from` until `to`. */
function wonIn(past: Cohort[], from: number, to: number): number {
  return past.reduce(
    (sum, { won, decided, amount }) =>
      won && decided !== null && decided > from && decided <= to ? sum + amount : sum,
    0,
  );
}

/** The same day so many months before, or the last of that month; the last day of a month stays the last. */
export function monthsBefore(day: number, months: number): number {
  const date = new Date(day * milliseconds);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() - months];
  const lastOf = (y: number, m: number) => new Date(Date.UTC(y, m + 1, 0)).getUTCDate();
  const isLast = date.getUTCDate() === lastOf(year, date.getUTCMonth());
  const last = lastOf(year, month);
  return Date.UTC(year, month, isLast ? last : Math.min(date.getUTCDate(), last)) / milliseconds;
}

/** What each way says of the days after `from` until `to`, knowing what was known at `from`. */
function waysOf(past: Cohort[], from: number, to: number, first: number): Map<Way, number> {
  const ways = new Map<Way, number>([['pipeline', ofPipeline(past, from, to).amount]]);
  const length = to - from;
  for (const [way, months] of [
    ['quarterBefore', 3],
    ['yearBefore', 12],
  ] as const) {
    const [begin, end] = [monthsBefore(from, months), monthsBefore(to, months)];
    if (begin >= first - 1 && end <= from) ways.set(way, wonIn(past, begin, end));
  }
  if (from - 3 * length >= first - 1) ways.set('recentMean', wonIn(past, from - 3 * length, from) / 3);
  return ways;
}

/** What a way said at an earlier moment, and what came of it. */
interface Trial {
  amount: number;
  truth: number;
}

/** What is said, put right by how much too much was said before; and the inverse of the mean squared error after that. */
function judge(said: number, tried: Trial[], scale: number): { amount: number; precision: number } {
  const sum = (pick: (trial: Trial) => number) => tried.reduce((so, trial) => so + pick(trial), 0);
  // As if it had been right once.
  const ratio = (sum(trial => trial.truth) + scale) / (sum(trial => trial.amount) + scale);
  const squares = sum(trial => (trial.amount * ratio - trial.truth) ** 2);
  // A sixth of what is said is how far off a way may be that has never been tried.
  return { amount: said * ratio, precision: (tried.length + 1) / (squares + (scale / 6) ** 2) };
}

/** Earlier moments at which the ways are tried. */
const trials = 8;

/**
 * What will be won after `today` until `until`. Days count from 1970; `past` has the deals of all time, and what came after
 * `today` is not looked at.
 */
export function expectation(past: Cohort[], today: number, until: number): Expectation {
  const known = past.map(cohort =>
    cohort.decided !== null && cohort.decided > today ? { ...cohort, decided: null, won: false } : cohort,
  );
  const first = firstDecision(known);
  const months = Math.max(1, Math.round((until - today) / 30.4));
  const said = waysOf(known, today, until, first);
  const tried = new Map<Way, Trial[]>([...said.keys()].map(way => [way, []]));
  for (let trial = 1; trial <= trials; trial++) {
    const [from, to] = [monthsBefore(today, trial * months), monthsBefore(until, trial * months)];
    if (from < first + 30) break;
    if (to > today) continue;
    const truth = wonIn(known, from, to);
    for (const [way, amount] of waysOf(known, from, to, first)) tried.get(way)?.push({ amount, truth });
  }
  const scale = Math.max(1, ...said.values());
  const judged = [...said].map(([way, amount]) => ({ way, ...judge(amount, tried.get(way)!, scale) }));
  const all = judged.reduce((sum, each) => sum + each.precision, 0);
  const ways = judged.map(({ way, amount, precision }) => ({ way, amount, weight: precision / all }));
  const amount = ways.reduce((sum, each) => sum + each.amount * each.weight, 0);
  const { deviation } = ofPipeline(known, today, until);
  const wide = four5ths * Math.max(deviation, 1 / Math.sqrt(all / ways.length));
  return { amount, low: Math.max(0, amount - wide), high: amount + wide, ways };
}
