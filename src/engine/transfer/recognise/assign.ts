/** Which column becomes what: the dictionary's word, checked against the values, and no field given twice. */
import type { Field, ParseScope } from '../../field.ts';
import { relationOf } from '../../model.ts';
import type { Dictionary, Source } from './dictionary.ts';
import { meaningOf } from './recognise.ts';
import { formOf, type Shape } from './shapes.ts';

export interface Assigned {
  column: string;
  target: string;
  rank: number;
  spare?: true;
  confidence: number;
  reason: string;
  shape: Shape;
}

/** What each column of a table becomes. `+` stands for a field that is to be made, `-` for nothing. `links`: what is told by another part of the table. */
export function assign(
  dictionary: Dictionary,
  source: Source,
  columns: string[],
  shapes: Shape[],
  scope: ParseScope,
  links: Map<string, string> = new Map(),
): Assigned[] {
  const assigned = columns.map((column, index) =>
    links.has(column)
      ? linking(column, links.get(column)!, shapes[index]!)
      : first(dictionary, source, column, shapes[index]!, scope),
  );
  for (const one of assigned) if (!gathers(source, one.target)) yieldTo(source, one, assigned);
  withoutWhole(source, assigned);
  for (const one of assigned) wholeOf(source, one, assigned, scope);
  return assigned;
}

/** Lines of a street are put together, and ids of records of any kind; everything else is given by one column. */
function gathers({ object }: Source, target: string): boolean {
  const field = /^(\w+)@id$/.exec(target)?.[1];
  const relation = field === undefined ? undefined : relationOf(object.fields.get(field)!);
  return /\.street$|^[-+]/.test(target) || (relation?.many === true && relation.to === '*');
}

/** A column of another part of the table, by which its records are found; one of its own says it better. */
function linking(column: string, target: string, shape: Shape): Assigned {
  const reason = 'It tells which record of the same row it belongs to.';
  return { column, target, shape, rank: 500, spare: true, confidence: 0.95, reason };
}

function first(
  dictionary: Dictionary,
  source: Source,
  column: string,
  shape: Shape,
  scope: ParseScope,
): Assigned {
  const meaning = meaningOf(dictionary, source, column);
  const base = {
    column,
    shape,
    rank: meaning?.rank ?? 0,
    ...(meaning?.spare ? { spare: meaning.spare } : {}),
  };
  if (!meaning && source.spec.mode)
    return {
      ...base,
      target: '-',
      confidence: 0.9,
      reason: 'Nothing of it is added to records that are there.',
    };
  if (!meaning || meaning.target === '+') return leftOver(base, 'No field is named so.');
  const { target } = meaning;
  if (target === '-')
    return { ...base, target, confidence: 0.9, reason: 'Farley keeps this by itself, or does not need it.' };
  const field = fieldOf(source, target);
  if (field && !relationOf(field) && !target.includes('.') && !Array.isArray(field.options.choices)) {
    const { share, refused } = formOf(field, shape, scope);
    if (share < 0.5)
      return leftOver(
        base,
        `It is named like ${field.label.toLowerCase()}, but values such as "${refused[0]?.slice(0, 60)}" do not fit.`,
      );
    if (share < 1)
      return {
        ...base,
        target,
        confidence: round(0.9 * share),
        reason: `The name says so; values such as "${refused[0]?.slice(0, 60)}" do not fit.`,
      };
  }
  const checked = shape.filled > 0 ? ' and the values fit' : '; the column is empty';
  return {
    ...base,
    target,
    confidence: shape.filled > 0 ? 0.95 : 0.8,
    reason: `The name says so${checked}.`,
  };
}

function leftOver(base: Pick<Assigned, 'column' | 'shape' | 'rank'>, reason: string): Assigned {
  if (base.shape.filled === 0)
    return { ...base, target: '-', confidence: 0.9, reason: `${reason} The column is empty.` };
  return { ...base, target: '+', confidence: 0.6, reason };
}

const fieldNameIn = (target: string) => target.split('.')[0]!;

/** The field that a target is about; null for ids of rows and values of linked records. */
function fieldOf({ object }: Source, target: string): Field | null {
  return target.includes('/') ? null : (object.fields.get(target.split(/[.@:]/)[0]!) ?? null);
}

const round = (share: number) => Math.round(share * 100) / 100;

/** Of several columns for one thing, the one with the likeliest name that has values counts. */
function yieldTo(source: Source, one: Assigned, all: Assigned[]) {
  const better = all.find(
    other =>
      other !== one &&
      other.target === one.target &&
      !gathers(source, other.target) &&
      order(other, all) < order(one, all),
  );
  if (!better) return;
  const reason = `"${better.column}" gives the field already.`;
  const further = furtherOf(source, one.target);
  if (further && !all.some(({ target }) => target === further)) Object.assign(one, { target: further });
  else Object.assign(one, one.spare ? { target: '-', confidence: 0.9, reason } : leftOver(one, reason));
}

/** Ids of several records, where another column says which of them comes first. */
function furtherOf({ spec }: Source, target: string): string | null {
  const [field, by] = target.split('@');
  const further = spec.further?.[field!];
  return further && by === 'id' ? `${further}@id` : null;
}

function order({ shape, rank, column }: Assigned, all: Assigned[]): number {
  return (shape.filled > 0 ? 0 : 1e6) + rank * 1e3 + all.findIndex(other => other.column === column);
}

/** What someone decided that each column becomes. */
export function decided(
  source: Source,
  columns: { column: string; target: string }[],
  shapeOf: (column: string) => Shape | undefined,
): Assigned[] {
  const assigned: Assigned[] = [];
  for (const { column, target } of columns) {
    const shape = shapeOf(column);
    if (!shape) continue;
    // A field to be made is named by its column, here as in a proposal.
    const wanted = target.startsWith('+') ? '+' : target;
    const other = gathers(source, wanted) ? undefined : assigned.find(one => one.target === wanted);
    const reason = other ? `"${other.column}" gives the field already.` : 'You decided so.';
    assigned.push({ column, target: other ? '-' : wanted, rank: 0, confidence: 1, reason, shape });
  }
  return assigned;
}

/** What is given in parts is not taken as a whole too, unless the type knows both. */
function withoutWhole(source: Source, all: Assigned[]) {
  for (const one of all) {
    const field = fieldOf(source, one.target);
    if (!field || one.target !== field.name || one.target.includes('@')) continue;
    const parts = all.filter(other => other.target.startsWith(`${field.name}.`) && other.shape.filled > 0);
    if (source.spec.after?.[field.name]) {
      for (const part of one.shape.filled > 0 ? parts : [])
        Object.assign(part, { target: '-', reason: `"${one.column}" gives the field already.` });
      continue;
    }
    if (parts.length === 0 || wholePart(field)) continue;
    Object.assign(one, {
      target: '-',
      reason: `${field.label} is composed of ${parts.map(part => part.column).join(', ')}.`,
    });
  }
}

/** A street alone may be a whole address: the type tells its parts apart. */
function wholeOf({ object }: Source, one: Assigned, all: Assigned[], scope: ParseScope) {
  const field = /\.street$/.test(one.target) ? object.fields.get(fieldNameIn(one.target)) : undefined;
  if (!field || one.shape.filled === 0 || formOf(field, one.shape, scope).share < 1) return;
  const others = all.some(other => other !== one && fieldNameIn(other.target) === field.name);
  if (!others) one.target = field.name;
}

/** The part of a composite value that stands for the whole: the first that it always has. */
export function wholePart(field: Field): string | null {
  const { required } = field.type.schema(field) as { required?: string[] };
  return required?.[0] ?? null;
}
