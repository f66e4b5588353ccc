/** Choosing one of several people, and saying of each of the others why not. Pure. */

/** Someone who might be chosen. */
export interface Candidate {
  id: string;
  name: string;
  active: boolean;
  /** How many they get beside others. */
  weight: number;
  /** Open leads that they have, and how many they may have. */
  open: number;
  limit: number | null;
  /** Skills that the rule asks for and they have not. */
  lacks: string[];
  /** Last day of their absence; null where they are there. */
  awayUntil: string | null;
  /** Whether they work at this moment. */
  works: boolean;
}

/** One line of a decision. `why`: chosen, inactive, away, skill, hours, limit, weight, turn or load. */
export interface Considered {
  user: string;
  name: string;
  why: string;
  until?: string;
  skills?: string;
  open?: number;
  limit?: number;
  least?: number;
}

/** What is remembered of a rule between two decisions: how much each is owed. */
export type Turns = { [user: string]: number };

/** Picks one of those who can; answers the others' reason. `turns` is changed. */
type Method = (able: Candidate[], turns: Turns) => { chosen: Candidate; why: string };

/**
 * In turn: each is owed their weight, who is owed most is next, and pays for all (smooth weighted round robin, as nginx
 * has it since 1.3.1). Whoever cannot just now is owed nothing for it.
 */
function inTurn(able: Candidate[], turns: Turns, weightOf: (candidate: Candidate) => number): Candidate {
  const total = able.reduce((sum, each) => sum + weightOf(each), 0);
  for (const each of able) turns[each.id] = (turns[each.id] ?? 0) + weightOf(each);
  const chosen = able.reduce((best, each) => (turns[each.id]! > turns[best.id]! ? each : best));
  turns[chosen.id] = turns[chosen.id]! - total;
  return chosen;
}

const methods: Record<string, Method> = {
  roundRobin: (able, turns) => ({ chosen: inTurn(able, turns, () => 1), why: 'turn' }),
  weighted: (able, turns) => ({ chosen: inTurn(able, turns, ({ weight }) => weight), why: 'turn' }),
  load: able => {
    const share = ({ open, weight }: Candidate) => open / (weight || 1);
    return { chosen: able.reduce((best, each) => (share(each) < share(best) ? each : best)), why: 'load' };
  },
  // Who takes part is decided by the territory; among them it goes in turn.
  territory: (able, turns) => ({ chosen: inTurn(able, turns, ({ weight }) => weight), why: 'turn' }),
};

/** Why someone cannot be chosen; null where they can. */
function hindrance(candidate: Candidate, { withinHours }: { withinHours: boolean }): Considered | null {
  const { id, name, active, awayUntil, lacks, works, open, limit, weight } = candidate;
  const because = (why: string, facts: Partial<Considered> = {}) => ({ user: id, name, why, ...facts });
  if (!active) return because('inactive');
  if (awayUntil !== null) return because('away', { until: awayUntil });
  if (lacks.length > 0) return because('skill', { skills: lacks.join(', ') });
  if (withinHours && !works) return because('hours');
  if (limit !== null && open >= limit) return because('limit', { open, limit });
  return weight > 0 ? null : because('weight');
}

/** One decision: whom, and of everybody else why not. Changes `turns`. */
export function choose(
  method: string,
  candidates: Candidate[],
  turns: Turns,
  options: { withinHours: boolean },
): { chosen: Candidate | null; considered: Considered[] } {
  const judged = candidates.map(candidate => ({ candidate, hindered: hindrance(candidate, options) }));
  const able = judged.filter(({ hindered }) => hindered === null).map(({ candidate }) => candidate);
  if (able.length === 0)
    return { chosen: null, considered: judged.flatMap(({ hindered }) => hindered ?? []) };
  const { chosen, why } = (methods[method] ?? methods.roundRobin!)(able, turns);
  const facts = (each: Candidate) => (why === 'load' ? { open: each.open, least: chosen.open } : {});
  const considered = judged.map(({ candidate, hindered }): Considered => {
    const { id: user, name } = candidate;
    if (hindered) return hindered;
    return candidate === chosen ? { user, name, why: 'chosen' } : { user, name, why, ...facts(candidate) };
  });
  return { chosen, considered };
}
