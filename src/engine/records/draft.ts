/** From what a caller states to the record as it will be: parse, derive, check. Pure; no statement is run here. */
import { isDeepStrictEqual } from 'node:util';
import { fieldRight } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { FarleyError, Refusal } from '../errors.ts';
import type { Field, Json, ParseScope } from '../field.ts';
import { fieldsThat, type ObjectModel } from '../model.ts';
import type { Draft, Fallback, Values } from '../object.ts';
import { problemsOf } from './read.ts';
import type { Item, WriteOptions } from './write.ts';

export function parseScopeOf(ctx: Context): ParseScope {
  const { locale, timeZone, country, currency } = ctx.settings;
  return { now: ctx.clock.now(), locale, timeZone, country, currency };
}

/** Stated values in the form in which they are kept, as the write path reads them. Throws `invalidInput`; nothing is written. */
export function canonical(ctx: Context, object: string, values: Values): Values {
  const model = ctx.model.objects.get(object)!;
  const scope = parseScopeOf(ctx);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const field = model.fields.get(name)!;
      const parsed = value === null ? null : field.type.parse(value, field, scope);
      if (!(parsed instanceof Refusal)) return [name, parsed as Json];
      const { code, message, at } = parsed;
      throw new FarleyError('invalidInput', message, {
        problems: [{ pointer: `/values/${name}${at}`, code, message }],
      });
    }),
  );
}

/** Applies defaults and input. All problems are gathered, so that one round trip shows them all. */
export function draftItem(ctx: Context, object: ObjectModel, item: Item, options: WriteOptions) {
  const { operation } = item;
  item.record = item.before ? { ...item.before } : defaults(ctx, object, item.id);
  if (item.kind === 'refused') return;
  if (operation.op === 'delete' || operation.op === 'restore') return trash(ctx, item);
  // Undo puts back what a record had, wherever the record is now.
  if (item.before?.deletedAt && !putsBack(ctx) && !options.inTrash) {
    const message = `This ${object.spec.label.toLowerCase()} is in the trash. Restore it first.`;
    item.problems.push({ pointer: '', code: 'inTrash', message });
  }
  const scope = parseScopeOf(ctx);
  for (const [name, input] of Object.entries(operation.values))
    if (input !== undefined && name !== 'id') takeValue(ctx, object, item, name, input, scope, options);
}

/** Reads one stated value; a refused one becomes a problem that points at it. */
function takeValue(
  ctx: Context,
  object: ObjectModel,
  item: Item,
  name: string,
  input: Json,
  scope: ParseScope,
  options: WriteOptions,
) {
  const problem = (code: string, message: string, at = '') =>
    item.problems.push({ pointer: `/${name}${at}`, code, message });
  const field = object.fields.get(name);
  const trusted = isTrusted(ctx, object, item, options);
  if (!field || (!trusted && fieldRight(ctx, field) === 'none'))
    return problem('unknownField', `${object.spec.label} has no field called ${name}.`);
  if (ignored(field) && !tellsThePast(ctx, field, item)) return;
  const value = input === null ? null : field.type.parse(input, field, scope);
  if (value instanceof Refusal) return problem(value.code, value.message, value.at);
  if (field.system && typeof value === 'string' && field.name === 'createdAt' && new Date(value) > scope.now)
    return problem('notYet', `${field.label} is a moment of the past.`);
  const refused =
    trusted || tellsThePast(ctx, field, item)
      ? null
      : notWritable(ctx, field, isToldNow(field, item, options));
  if (refused && !same(field, item.record[name] ?? null, value)) return problem('notEditable', refused);
  // External ids are never null, so that a record read can be written back as it is.
  item.record[name] = value ?? (field.name === 'externalIds' ? {} : null);
  item.stated.add(name);
}

/** A verb is a right of its own: on its record it writes whatever it has to. */
function isTrusted(ctx: Context, object: ObjectModel, item: Item, options: WriteOptions): boolean {
  const { verb } = ctx;
  const verbsOwn = verb !== undefined && verb.object === object.name && verb.id === item.id;
  return options.trusted === true || ctx.actor.kind === 'system' || verbsOwn;
}

/** What the engine keeps may be sent back as it was read; it is not taken over. */
function ignored(field: Field): boolean {
  if (field.options.measured) return true;
  return (field.system && field.name !== 'externalIds') || field.type.storage.kind === 'computed';
}

/** What other systems know of a record's beginning is taken over where it begins here: by imports, and then only. */
function tellsThePast(ctx: Context, field: Field, { kind }: Item): boolean {
  return field.system && field.options.imported === true && ctx.via === 'import' && kind === 'created';
}

/** Whoever brings a record in tells where it came from, once; what meets it tells the latest. */
function isToldNow(field: Field, { id, record }: Item, { met }: WriteOptions): boolean {
  return field.options.once === true && (met?.has(id) === true || (record[field.name] ?? null) === null);
}

function notWritable(ctx: Context, field: Field, told: boolean): string | null {
  if (field.type.generated && !ctx.verb) return `${field.label} is given by Farley.`;
  const past = field.options.imported === true && ctx.via === 'import';
  if (field.options.readOnly && !ctx.verb && !past && !told) return `${field.label} is not set by hand.`;
  if (field.name === 'externalIds') return null;
  return fieldRight(ctx, field) === 'edit'
    ? null
    : `Your role does not allow to edit ${field.label.toLowerCase()}.`;
}

const blanks = new WeakMap<ObjectModel, Values>();

/** What a record has before anything is stated. */
function blankOf(object: ObjectModel): Values {
  let blank = blanks.get(object);
  if (!blank) {
    const fields = [...object.fields.values()].map(field => [
      field.name,
      (field.system ? undefined : field.options.default) ?? null,
    ]);
    // Read from JSON it has the form that is copied fast, which put together name by name it had not.
    blank = JSON.parse(JSON.stringify(Object.fromEntries(fields))) as Values;
    blanks.set(object, blank);
  }
  return blank;
}

function defaults(ctx: Context, object: ObjectModel, id: string): Values {
  const values = { ...blankOf(object) };
  values.id = id;
  values.externalIds = {};
  const { owner } = object.spec;
  if (owner && ctx.actor.userId) values[owner] = ctx.actor.userId;
  return values;
}

function trash(ctx: Context, item: Item) {
  if (!item.before) return;
  const deletes = item.operation.op === 'delete';
  if (deletes === (item.before.deletedAt !== null)) item.kind = 'unchanged';
  else item.record.deletedAt = deletes ? ctx.clock.now().toISOString() : null;
}

/** Whether values return that have been in force before. */
function putsBack(ctx: Context): boolean {
  return ctx.undoes !== undefined || ctx.rewinds !== undefined;
}

/** Adds the values that follow from others. What undo puts back has followed already. */
export function deriveItem(ctx: Context, object: ObjectModel, item: Item) {
  if (item.kind === 'refused' || item.kind === 'deleted' || putsBack(ctx)) return;
  if (object.spec.derive)
    for (const [name, value] of Object.entries(object.spec.derive(draftOf(ctx, object, item)))) {
      if (value !== undefined) item.record[name] = value;
    }
  for (const [name, { make }] of unstated(object, item)) item.record[name] = make(item.record, item.linked);
}

/** The fields of a record that nobody has stated, and what makes them. */
export function unstated(object: ObjectModel, { record }: Pick<Item, 'record'>): [string, Fallback][] {
  return Object.entries(object.spec.fallbacks ?? {}).flatMap(([name, fallback]) =>
    fallback && isEmpty(record[name] ?? null) ? [[name, fallback] as [string, Fallback]] : [],
  );
}

/** Finds out what changes, and what is wrong with the record as a whole. */
export function checkItem(ctx: Context, object: ObjectModel, item: Item) {
  if (item.kind === 'refused') return;
  findChanges(object, item);
  const sound = item.problems.length === 0;
  if (item.kind === 'updated' && item.changes.size === 0 && sound) item.kind = 'unchanged';
  if (item.kind === 'deleted' || item.kind === 'unchanged') return;
  if (!putsBack(ctx)) requireValues(object, item);
  // The object's own check may rely on values that were read.
  if (sound && object.spec.check) item.problems.push(...object.spec.check(draftOf(ctx, object, item)));
}

/** The fields that change by being written, other than what the engine counts and stamps. */
const changeable = fieldsThat(
  field =>
    field.type.storage.kind !== 'computed' &&
    !field.options.measured &&
    (!field.system || field.name === 'externalIds' || field.name === 'deletedAt'),
);

function findChanges(object: ObjectModel, item: Item) {
  for (const field of changeable(object)) {
    const before = item.before?.[field.name] ?? (field.name === 'externalIds' ? {} : null);
    const after = item.record[field.name] ?? null;
    if (!same(field, before, after)) item.changes.set(field.name, [before, after]);
  }
}

const needed = fieldsThat(field => field.options.required === true && !field.type.generated);

/** What was empty before a field became needed may stay so until somebody touches it. */
function requireValues(object: ObjectModel, item: Item) {
  for (const field of needed(object)) {
    const touched = item.kind === 'created' || item.changes.has(field.name);
    const pointer = `/${field.name}`;
    const known = item.problems.some(({ pointer: at }) => at === pointer || at.startsWith(`${pointer}/`));
    if (touched && !known && isEmpty(item.record[field.name] ?? null))
      item.problems.push({ pointer, code: 'required', message: neededMessage(object, field) });
  }
}

function neededMessage({ spec, fields }: ObjectModel, { name, label }: Field): string {
  const others = (spec.fallbacks?.[name]?.of ?? []).flatMap(other => fields.get(other)?.label ?? []);
  return others.length > 0 ? `${[label, ...others].join(' or ')} is needed.` : `${label} is needed.`;
}

function draftOf(ctx: Context, object: ObjectModel, item: Item): Draft {
  const { record, before, linked } = item;
  return {
    record,
    before,
    linked,
    changes: name => {
      const field = object.fields.get(name);
      return field !== undefined && !same(field, before?.[name] ?? null, record[name] ?? null);
    },
    stated: name => item.stated.has(name),
    problemsOf: (name, query) => problemsOf(ctx, name, query),
    imported: ctx.via === 'import',
    now: ctx.clock.now(),
    userId: ctx.actor.userId,
  };
}

/** Whether history would call two values the same. */
export function same(field: Field, a: Json, b: Json): boolean {
  if (a === b) return true;
  // No list and an empty one are the same rows. In a column of its own (JSON) they are two values.
  if (field.table && isEmpty(a) && isEmpty(b)) return true;
  if (a === null || b === null) return false;
  return field.type.equal ? field.type.equal(a, b) : isDeepStrictEqual(a, b);
}

function isEmpty(value: Json): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
