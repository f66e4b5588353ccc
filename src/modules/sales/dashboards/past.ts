/**
 * The past of the sample's deals: each was opened, went on stage by stage, and was decided or is where it is. Written in the
 * order in which it would have happened, with a clock that stands at those days, so that history, funnel, velocity and the
 * accuracy of forecasts have something to tell.
 */
import {
  type Context,
  type Input,
  newId,
  type Operation,
  stoppedClock,
  write,
} from '../../../engine/index.ts';

export interface PastDeal {
  values: Input & { amount: { amount: string; currency: string } };
  /** Names of stages on its way, the last is where it is; with the days on which it came there, `-12` days from now. */
  way: [stage: string, days: number][];
  /** When it is to close, or has closed: days from now. */
  closes: number;
}

const milliseconds = 86_400_000;
const way = ['Prospecting', 'Qualified', 'Proposal', 'Negotiation'];

/**
 * The way of a deal to where it is: lost ones end after a stage or two, the others take all before. Days are spread as
 * deals are: no two alike, but the same each time. `place`: which of the deals it is.
 */
export function wayTo(stage: string, closes: number, place: number): [string, number][] {
  const decided = stage === 'Won' || stage === 'Lost';
  const before =
    stage === 'Won'
      ? way
      : stage === 'Lost'
        ? way.slice(0, 2 + (place % 3))
        : way.slice(0, way.indexOf(stage));
  const passed = [...before, stage];
  // Those that are open came to their stage lately.
  const last = decided ? closes : -(2 + ((place * 5) % 17));
  const first = last - passed.length * (9 + ((place * 7) % 13));
  return passed.map((name, at) => {
    const share = passed.length === 1 ? 1 : at / (passed.length - 1);
    return [name, Math.round(first + (last - first) * share)];
  });
}

/** Writes them week by week; answers their ids in the order given. */
export async function writePast(
  ctx: Context,
  deals: PastDeal[],
  stages: Map<string, string>,
): Promise<string[]> {
  const now = ctx.clock.now().getTime();
  const steps: Step[] = deals.flatMap((deal, place) => {
    const id = newId();
    return deal.way.map(([stage, days], at) => ({ deal, place, id, stage, on: dayOf(days), at }));
  });
  const ids = deals.map((_, place) => steps.find(step => step.place === place)!.id);
  for (const on of [...new Set(steps.map(step => step.on))].sort((a, b) => a - b)) {
    const moment = new Date(now + on * milliseconds);
    const then = { ...ctx, clock: stoppedClock(moment.toISOString()) };
    const happened = steps.filter(step => step.on === on);
    await write(
      then,
      'deal',
      happened.map(step => operationOf(step, stages.get(step.stage)!, now)),
    );
  }
  return ids;
}

interface Step {
  deal: PastDeal;
  place: number;
  id: string;
  stage: string;
  /** Days from now. */
  on: number;
  /** Which step of its way. */
  at: number;
}

/** What is long past happened on one day of each week: fewer acts, and nobody remembers. */
const dayOf = (days: number) => (days > -15 ? days : Math.floor(days / 7) * 7);

/** A deal is a tenth smaller until its proposal, and every third was to close two weeks earlier. */
function operationOf({ deal, place, id, stage, on, at }: Step, to: string, now: number): Operation {
  const dayAt = (of: number) => new Date(now + of * milliseconds).toISOString().slice(0, 10);
  const { values, closes, way: own } = deal;
  const last = at === own.length - 1;
  if (at === 0) {
    const { amount, currency } = values.amount;
    const early = String(Math.round((Number(amount) * 0.9) / 10) * 10);
    return {
      op: 'create',
      values: {
        ...values,
        id,
        stage: to,
        amount: last ? values.amount : { amount: early, currency },
        openedOn: dayAt(on),
        closeDate: dayAt(closes - (place % 3 === 0 && !last ? 14 : 0)),
        nextStep: last ? values.nextStep : 'Agree on what comes next',
        lostReason: last ? values.lostReason : null,
      },
    };
  }
  const decided = stage === 'Won' || stage === 'Lost';
  return {
    op: 'update',
    id,
    values: {
      stage: to,
      ...(stage === 'Proposal' || last ? { amount: values.amount } : {}),
      ...(last
        ? {
            closeDate: dayAt(decided ? on : closes),
            nextStep: values.nextStep,
            lostReason: values.lostReason,
          }
        : {}),
      ...(last && decided ? { nextStep: null } : {}),
    },
  };
}
