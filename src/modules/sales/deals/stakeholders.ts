/** The map of who takes part in a deal: who stands above whom, who influences whom, who is still missing. Pure. */

/** Parts in a purchase, as sales methods name them; the free words of a role say which one is meant. */
export const buyingRoles = ['economicBuyer', 'champion', 'technicalBuyer', 'user'] as const;
export type BuyingRole = (typeof buyingRoles)[number];

/** Without them a deal is won by luck. */
const needed: BuyingRole[] = ['economicBuyer', 'champion', 'user'];

const meant: [BuyingRole, RegExp][] = [
  ['economicBuyer', /econom|budget|d[eé]cis|d[eé]cid|entscheid|wirtschaft|sponsor|قرار|ميزاني/i],
  ['champion', /champion|advocate|coach|fürsprech|promot|défenseur|impulsor|مناصر|مؤيد/i],
  ['technicalBuyer', /techn|técnic|evaluat|تقني/i],
  ['user', /\buser|anwender|nutzer|utilisat|usuari|مستخدم/i],
];

export function buyingRoleOf(role: string | null): BuyingRole | null {
  return meant.find(([, pattern]) => role && pattern.test(role))?.[0] ?? null;
}

export interface Stakeholder {
  id: string;
  title: string;
  /** As it stands at the deal, in free words. */
  role: string | null;
  jobTitle: string | null;
  reportsTo: string | null;
}

/** A relation between two of them; whoever `from` is stands to the offer as `stance` says. */
export interface Tie {
  id: string;
  from: string;
  kind: string;
  to: string;
  /** One to five. */
  strength: number | null;
  stance: string | null;
}

export interface Placed extends Stakeholder {
  stance: string | null;
  /** The strongest of their ties. */
  strength: number | null;
  level: number;
  /** Middle of the box, in pixels from the top left. */
  x: number;
  y: number;
}

export interface StakeholderMap {
  nodes: Placed[];
  edges: (Tie & { path: string; label: { x: number; y: number } })[];
  missing: BuyingRole[];
  width: number;
  height: number;
}

export const box = { width: 184, height: 72 };
const gap = { x: 28, y: 64 };

export function mapOf(people: Stakeholder[], ties: Tie[]): StakeholderMap {
  const known = new Set(people.map(({ id }) => id));
  const inside = ties.filter(({ from, to }) => known.has(from) && known.has(to));
  const above = new Map<string, string>();
  for (const { id, reportsTo } of people) if (reportsTo && known.has(reportsTo)) above.set(id, reportsTo);
  for (const { from, kind, to } of inside) if (kind === 'reportsTo' && !above.has(from)) above.set(from, to);
  const levels = Map.groupBy(people, ({ id }) => levelOf(id, above));
  const rows = [...levels].sort(([a], [b]) => a - b).map(([, row]) => row);
  const widest = Math.max(1, ...rows.map(row => row.length));
  const width = widest * (box.width + gap.x) + gap.x;
  const nodes: Placed[] = [];
  for (const [level, row] of rows.entries()) {
    const placeOf = (id: string) => nodes.find(node => node.id === above.get(id))?.x ?? width;
    const ordered = [...row].sort((a, b) => placeOf(a.id) - placeOf(b.id) || a.title.localeCompare(b.title));
    const start = (width - row.length * (box.width + gap.x) + gap.x) / 2 + box.width / 2;
    for (const [at, person] of ordered.entries()) {
      const own = inside.filter(({ from }) => from === person.id);
      nodes.push({
        ...person,
        stance: own.find(({ stance }) => stance)?.stance ?? null,
        strength: Math.max(0, ...own.map(({ strength }) => strength ?? 0)) || null,
        level,
        x: start + at * (box.width + gap.x),
        y: gap.y / 2 + box.height / 2 + level * (box.height + gap.y),
      });
    }
  }
  return {
    nodes,
    edges: drawn(nodes, [...inside, ...impliedBy(above, inside)]),
    missing: needed.filter(role => !people.some(person => buyingRoleOf(person.role) === role)),
    width,
    height: rows.length * (box.height + gap.y),
  };
}

/** Steps below whoever reports to nobody here; a circle ends where it began. */
function levelOf(id: string, above: Map<string, string>): number {
  const passed = new Set([id]);
  let level = 0;
  for (let next = above.get(id); next && !passed.has(next); next = above.get(next)) {
    passed.add(next);
    level++;
  }
  return level;
}

/** Who reports to whom by their own records, where no relation says it. */
function impliedBy(above: Map<string, string>, ties: Tie[]): Tie[] {
  return [...above]
    .filter(([from, to]) => !ties.some(tie => tie.kind === 'reportsTo' && tie.from === from && tie.to === to))
    .map(([from, to]) => ({
      id: `${from}/${to}`,
      from,
      kind: 'reportsTo',
      to,
      strength: null,
      stance: null,
    }));
}

function drawn(nodes: Placed[], ties: Tie[]): StakeholderMap['edges'] {
  const at = new Map(nodes.map(node => [node.id, node]));
  return ties.map((tie, index) => {
    const [a, b] = [at.get(tie.from)!, at.get(tie.to)!];
    // Lines between the same two do not lie upon each other.
    const aside = ties
      .slice(0, index)
      .filter(other => [other.from, other.to].every(id => id === tie.from || id === tie.to)).length;
    const shift = aside * 26;
    if (a.level === b.level) {
      const top = a.y - box.height / 2;
      const lift = top - 30 - shift / 2;
      // Beside the middle, where lines to other levels end.
      const inward = a.x < b.x ? 40 : -40;
      return {
        ...tie,
        path: `M ${a.x + inward} ${top} Q ${(a.x + b.x) / 2} ${lift - 8} ${b.x - inward} ${top}`,
        label: { x: (a.x + b.x) / 2, y: (top + lift) / 2 },
      };
    }
    const down = a.level < b.level ? 1 : -1;
    const [from, to] = [a.y + (down * box.height) / 2, b.y - (down * box.height) / 2];
    return {
      ...tie,
      path: `M ${a.x + shift} ${from} L ${b.x + shift} ${to}`,
      label: { x: (a.x + b.x) / 2 + shift, y: (from + to) / 2 + aside * 14 },
    };
  });
}
