/** What there is to learn from: the facts of an object, taken from its fields, as they were before the decision. */
import {
  type Context,
  type Field,
  type Filter,
  type Json,
  type Past,
  pastOf,
} from '../../../engine/index.ts';
import type { Fact, Known, LeftOut } from './encode.ts';
import { aucOf } from './figures.ts';
import type { Training } from './learn.ts';
import { decidedOf, isProtected, scored } from './scored.ts';

/** A fact and where it is read. */
export interface Source {
  fact: Fact;
  /** The field it is made of; null for what is known of the record itself. */
  field: string | null;
  of(past: Past): Known;
}

/** Names of facts that no field holds. */
const ofRecord: Source[] = [
  {
    fact: { name: 'createdHour', label: 'Hour of creation', kind: 'number' },
    field: null,
    of: ({ hour }) => hour,
  },
  {
    fact: { name: 'createdWeekday', label: 'Weekday of creation', kind: 'level' },
    field: null,
    of: ({ weekday }) => String(weekday),
  },
  {
    fact: { name: 'activities', label: 'Activities so far', kind: 'number' },
    field: null,
    of: ({ activities }) => activities,
  },
];

/** The facts of an object. Who works on a record is no fact about it, and its name is nobody's merit. */
export function sourcesOf(ctx: Context, objectName: string): { used: Source[]; shielded: Source[] } {
  const object = ctx.model.objects.get(objectName)!;
  const { won, lost, by } = scored[objectName]!;
  const decides = new Set([by, ...fieldsIn(won), ...fieldsIn(lost)]);
  const fields = [...object.fields.values()].filter(
    field =>
      !field.system &&
      !field.options.measured &&
      !field.type.generated &&
      field.name !== object.spec.owner &&
      field.name !== 'scoreResetAt' &&
      field.type.storage.kind !== 'computed' &&
      !decides.has(field.name),
  );
  return {
    used: [...fields.filter(field => !isProtected(field)).map(sourceOf), ...ofRecord],
    shielded: fields.filter(field => isProtected(field) && field.type.fact).map(sourceOf),
  };
}

function sourceOf(field: Field): Source {
  const { name, label, type } = field;
  const { fact } = type;
  if (fact)
    return {
      fact: { name, label, kind: fact.kind },
      field: name,
      of: ({ values }) => {
        const value = (values[name] ?? null) as Json;
        return value === null ? null : fact.of ? fact.of(value) : (value as Known);
      },
    };
  return {
    fact: { name, label, kind: 'level' },
    field: name,
    of: ({ values }) => (isEmpty(values[name]) ? null : present),
  };
}

/** The value of facts that say only that there is something. */
export const present = 'present';

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

function fieldsIn(filter: Filter): string[] {
  if ('and' in filter) return filter.and.flatMap(fieldsIn);
  if ('or' in filter) return filter.or.flatMap(fieldsIn);
  if ('not' in filter) return fieldsIn(filter.not);
  return [filter.field];
}

/** Fields that have to be read for these facts. */
export function fieldsOf(sources: Source[]): string[] {
  return [...new Set(sources.flatMap(({ field }) => field ?? []))];
}

export function knownOf(sources: Source[], past: Past): Known[] {
  return sources.map(source => source.of(past));
}

/** The facts of a model in its own order, whatever has become of the fields since. */
export function sourcesFor(ctx: Context, objectName: string, facts: Fact[]): Source[] {
  const known = new Map(sourcesOf(ctx, objectName).used.map(source => [source.fact.name, source]));
  return facts.map(fact => known.get(fact.name) ?? { fact, field: null, of: () => null });
}

/** A fact that tells what is shielded. */
export interface Telltale {
  shielded: string;
  fact: string;
  /** How well the fact alone tells the commonest value from the others; 0.5 is not at all. */
  auc: number;
}

export interface Gathered {
  training: Training;
  /** Facts that were set or changed with the decision or after it, by how many of the records whose history is known. */
  changed: Map<string, number>;
  proxies: Telltale[];
}

const page = 5_000;
/** Outcomes learned from at most: the latest. */
const most = 50_000;

/** Reads all outcomes. A statement for each five thousand. */
export async function gather(
  ctx: Context,
  objectName: string,
  excluded: string[],
  progress: (records: number) => void,
): Promise<Gathered> {
  const of = scored[objectName]!;
  const { used, shielded } = sourcesOf(ctx, objectName);
  const all = [...used, ...shielded];
  const fields = fieldsOf(all);
  let pasts: Past[] = [];
  for (let after: string | null = null; ; ) {
    const some: Past[] = await pastOf(ctx, objectName, {
      of: decidedOf(of),
      won: of.won,
      by: of.by,
      fields,
      after,
      limit: page,
    });
    pasts = pasts.concat(some).slice(-most);
    progress(pasts.length);
    if (some.length < page) break;
    after = some.at(-1)!.id;
  }
  const rows = pasts.map(past => knownOf(used, past));
  const changed = new Map<string, number>();
  for (const past of pasts) for (const name of past.changed) changed.set(name, (changed.get(name) ?? 0) + 1);
  const leftOut: LeftOut[] = [
    ...shielded.map(({ fact }) => ({ name: fact.name, label: fact.label, why: 'protected' as const })),
    ...used.flatMap(({ fact: { name, label } }) =>
      excluded.includes(name) ? [{ name, label, why: 'byHand' as const }] : [],
    ),
  ];
  return {
    training: {
      facts: used.map(({ fact }) => fact),
      rows,
      won: pasts.map(({ won }) => won),
      blind: pasts.map(({ traced }) => !traced),
      leftOut,
    },
    changed,
    proxies: proxiesOf(used, shielded, pasts, rows),
  };
}

/** From here on a fact is called a proxy. */
const telling = 0.65;

/** Which facts tell what nobody is to be judged by: each alone, by the rate of its levels. */
export function proxiesOf(used: Source[], shielded: Source[], pasts: Past[], rows: Known[][]): Telltale[] {
  return shielded.flatMap(source => {
    const values = pasts.map(past => source.of(past));
    const common = commonest(values);
    if (common === null) return [];
    const is = values.map(value => value === common);
    return used.flatMap((fact, at): Telltale[] => {
      const rates = new Map<Known, [number, number]>();
      for (const [row, known] of rows.entries()) {
        const [hits, count] = rates.get(known[at] ?? null) ?? [0, 0];
        rates.set(known[at] ?? null, [hits + (is[row] ? 1 : 0), count + 1]);
      }
      // Each record without itself: else what all have different would tell everything.
      const scores = rows.map((known, row) => {
        const [hits, count] = rates.get(known[at] ?? null)!;
        return (hits - (is[row] ? 1 : 0) + 0.5) / (count - 1 + 1);
      });
      const auc = aucOf(scores, is);
      return auc >= telling ? [{ shielded: source.fact.label, fact: fact.fact.label, auc }] : [];
    });
  });
}

function commonest(values: Known[]): Known {
  const counts = new Map<Known, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
