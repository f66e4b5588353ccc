/** Metadata for the browser and other clients: what this actor may see, and how it looks. */
import { fieldRight, levelOf, may, mayAdminister, mayCreate } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { comparedBy } from '../duplicates/rules.ts';
import type { Field, Json, Relation } from '../field.ts';
import type { Meta, MetaField, MetaObject, MetaVerb } from '../meta.ts';
import { type ObjectModel, relationOf } from '../model.ts';
import { flawsOf } from '../quality/flaws.ts';
import { hierarchyOf } from '../records/below.ts';
import { within } from '../records/filter.ts';

import { formatsFor } from '../transfer/export.ts';
import type { VerbSpec } from '../verb.ts';

/** All objects the actor may read. */
export function metaOf(ctx: Context): Meta {
  const { name, label, locale, timeZone, country, currency } = ctx.settings;
  const objects = [...ctx.model.objects.values()].filter(object => may(ctx, object, 'read'));
  return {
    version: `${ctx.model.version}-${ctx.actor.role}`,
    workspace: { name, label, locale, timeZone, country, currency },
    me: {
      id: ctx.actor.userId ?? '',
      name: ctx.actor.name,
      role: ctx.actor.role,
      language: ctx.actor.language ?? null,
      timeZone: ctx.actor.timeZone ?? null,
      administer: mayAdminister(ctx),
    },
    objects: objects.map(object => metaObject(ctx, object)),
    types: [...ctx.model.types.values()].map(type => ({
      name: type.name,
      label: type.label,
      help: type.help,
      icon: type.icon,
      options: plain(type.options ?? null) as Record<string, Json> | null,
    })),
  };
}

export function metaObject(ctx: Context, object: ObjectModel): MetaObject {
  const { spec } = object;
  const fields = [...object.fields.values()].filter(field => fieldRight(ctx, field) !== 'none');
  const readable = new Set(fields.map(field => field.name));
  const shown = (names: string[] | undefined) => (names ?? []).filter(name => readable.has(name));
  const custom = fields.filter(field => field.custom && !field.options.hidden).map(field => field.name);
  return {
    name: object.name,
    path: object.path,
    label: spec.label,
    plural: spec.plural,
    icon: spec.icon,
    description: spec.description,
    title: object.title.name,
    group: spec.group ?? null,
    owner: spec.owner ?? null,
    setup: spec.setup ?? false,
    ...(spec.shipped ? { shipped: spec.shipped } : {}),
    listed: spec.listed ?? true,
    custom: object.custom,
    list: {
      columns: [
        ...new Set([...shown(spec.list?.columns ?? [object.title.name]), ...(object.custom ? custom : [])]),
      ],
      sort: spec.list?.sort ?? ['-createdAt'],
    },
    highlights: shown(spec.highlights),
    board: boardOf(object, readable),
    timeline: spec.timeline ? { replyTo: null, mentions: null, ...spec.timeline } : null,
    hierarchy: hierarchyOf(ctx, object)?.name ?? null,
    totals: spec.totals && readable.has(spec.totals.by) && readable.has(spec.totals.sum) ? spec.totals : null,
    agenda: spec.agenda ? { ...noAgenda, ...spec.agenda } : null,
    guests: guestsOf(object, readable),
    attention: (spec.attention ?? []).map(({ name, label, when }) => ({ name, label, when: plain(when) })),
    key: spec.key ?? null,
    can: {
      create: mayCreate(ctx, object),
      edit: may(ctx, object, 'edit'),
      delete: may(ctx, object, 'delete'),
      export: may(ctx, object, 'export'),
    },
    formats: formatsFor(fields),
    duplicates: shown([...comparedBy(object).keys()]),
    quality: flawsOf(object).length > 0,
    fields: fields.map(field => metaField(ctx, object, field)),
    relations: relationsOf(ctx, object),
    verbs: [...object.verbs.values()]
      .filter(verb => levelOf(ctx, object, verb.name) !== 'none')
      .map(metaVerb),
  };
}

const noAgenda = { until: null, lasts: null, allDay: null, repeats: null, remindAt: null, done: null };

function guestsOf({ spec: { guests } }: ObjectModel, readable: Set<string>): MetaObject['guests'] {
  if (!guests?.answers || !readable.has(guests.users) || !readable.has(guests.answers)) return null;
  return { users: guests.users, answers: guests.answers, verb: guests.verbs[0] };
}

function boardOf(object: ObjectModel, readable: Set<string>): MetaObject['board'] {
  const { board } = object.spec;
  if (!board || !readable.has(board.by)) return null;
  return {
    by: board.by,
    sum: board.sum && readable.has(board.sum) ? board.sum : null,
    rank: board.rank ?? null,
    marks: board.marks && readable.has(board.marks) ? board.marks : null,
  };
}

/** Ways back that lead to objects the actor may read. */
function relationsOf(ctx: Context, object: ObjectModel): MetaObject['relations'] {
  return [...object.inverses.values()].flatMap(inverse => {
    const other = ctx.model.objects.get(inverse.object)!;
    const field = other.fields.get(inverse.field)!;
    if (!may(ctx, other, 'read') || fieldRight(ctx, field) === 'none') return [];
    return [{ name: inverse.name, label: inverse.label, object: inverse.object, field: inverse.field }];
  });
}

function metaField(ctx: Context, object: ObjectModel, field: Field): MetaField {
  const { type, options } = field;
  const relation = relationOf(field);
  const written = type.storage.kind !== 'computed' && !options.readOnly && !type.generated && !field.system;
  return {
    name: field.name,
    label: field.label,
    help: options.help ?? null,
    type: type.name,
    icon: type.icon,
    options: { ...(plain(options) as Record<string, Json>), ...hoursOf(object, field) },
    group: options.group ?? null,
    required: options.required ?? false,
    fallback: fallbackOf(object, field),
    unique: options.unique ?? false,
    hidden: options.hidden ?? field.system,
    system: field.system,
    custom: field.custom,
    default: options.default ?? null,
    editable:
      written && fieldRight(ctx, field) === 'edit' && (may(ctx, object, 'edit') || mayCreate(ctx, object)),
    operators: [
      ...Object.entries(type.operators)
        .filter(([, operator]) => operator.fits?.(field) !== false)
        .map(([name, { label, operand }]) => ({ name, label, operand })),
      ...(pointsIntoTree(ctx, relation) ? [within] : []),
    ],
    sortable: type.sort !== undefined,
    groupable: type.group !== undefined,
    buckets: type.buckets ?? [],
    aggregates: Object.entries(type.aggregates ?? {}).map(([name, { label }]) => ({ name, label })),
    relation: relation && { to: relation.to, many: relation.many, inverse: relation.inverse ?? null },
  };
}

/** Where the hour counts: at the beginning and the end of what stands in a day, unless it takes whole days. */
function hoursOf({ spec: { agenda } }: ObjectModel, { name }: Field): { hours?: { unless: string | null } } {
  const counts = agenda && (agenda.at === name || agenda.until === name);
  return counts ? { hours: { unless: agenda.allDay ?? null } } : {};
}

function fallbackOf({ spec }: ObjectModel, { name }: Field): string[] | null {
  return spec.fallbacks?.[name]?.of.map(path => path.split('.')[0]!) ?? null;
}

/** Whether the records that a link leads to stand below each other. */
function pointsIntoTree(ctx: Context, relation: Relation | null): boolean {
  const target = relation && ctx.model.objects.get(relation.to);
  return target ? hierarchyOf(ctx, target) !== null : false;
}

function metaVerb(verb: VerbSpec): MetaVerb {
  const { name, label, icon, description, input, allow, own = false, makes = [], once } = verb;
  return {
    name,
    label,
    icon,
    description,
    input: plain(input) as Record<string, Json>,
    allow: allow ?? null,
    own,
    makes: makes.map(({ object, of, instead }) => ({ object, of, instead: instead ?? null })),
    once: once ?? null,
  };
}

const known = new WeakMap<object, Json>();

/** As JSON has it: schemas and options lose what is not data. They stay as they were declared, so that once is enough. */
function plain(value: unknown): Json {
  if (typeof value !== 'object' || value === null) return value as Json;
  const found = known.get(value) ?? (JSON.parse(JSON.stringify(value)) as Json);
  known.set(value, found);
  return found;
}
