/** The model of one workspace: declared objects and those made at run time, merged and frozen. */
import type { Field, FieldSpec, FieldType, Relation } from './field.ts';
import type { ObjectSpec } from './object.ts';
import { snake } from './sql.ts';
import type { VerbSpec } from './verb.ts';

/** The way back along a link: on company, `deals` leads to the deals whose `company` it is. */
export interface Inverse {
  name: string;
  /** Object on the other side, and its field that points here. */
  object: string;
  field: string;
  label: string;
}

export interface ObjectModel {
  name: string;
  path: string;
  table: string;
  spec: ObjectSpec;
  /** All fields, declared, custom and system, in order. */
  fields: Map<string, Field>;
  inverses: Map<string, Inverse>;
  verbs: Map<string, VerbSpec>;
  title: Field;
  custom: boolean;
}

export interface Model {
  /** Raised by every change of custom objects and fields. */
  version: number;
  objects: Map<string, ObjectModel>;
  paths: Map<string, ObjectModel>;
  types: Map<string, FieldType>;
}

/** What the model is built from. */
export interface ModelParts {
  objects: { spec: ObjectSpec; custom: boolean; customFields: Record<string, FieldSpec> }[];
  verbs: VerbSpec[];
  types: FieldType[];
  /** Fields that every record has, kept by the engine. */
  system: Record<string, FieldSpec>;
  version: number;
}

/** Names that fields may not take, because the API uses them for something else. */
export const reservedFields = [
  'search',
  'batch',
  'by',
  'aggregate',
  'history',
  'timeline',
  'object',
  'title',
];

export function buildModel(parts: ModelParts): Model {
  const types = new Map(parts.types.map(type => [type.name, type]));
  const objects = new Map<string, ObjectModel>();
  for (const { spec, custom, customFields } of parts.objects) {
    if (objects.has(spec.name)) throw new Error(`The object ${spec.name} is declared twice.`);
    const fields = new Map<string, Field>();
    const add = (specs: Record<string, FieldSpec>, kind: { system?: boolean; custom?: boolean }) => {
      for (const [name, field] of Object.entries(specs)) {
        if (fields.has(name)) throw new Error(`The field ${spec.name}.${name} is declared twice.`);
        fields.set(name, placeField(spec.name, name, field, kind));
      }
    };
    add({ id: parts.system.id! }, { system: true });
    add(spec.fields, { custom });
    add(customFields, { custom: true });
    add(Object.fromEntries(Object.entries(parts.system).filter(([name]) => name !== 'id')), { system: true });
    const title = fields.get(spec.title);
    if (!title) throw new Error(`The object ${spec.name} has no field ${spec.title} to be its title.`);
    objects.set(spec.name, {
      name: spec.name,
      path: spec.path ?? camel(spec.plural),
      table: snake(spec.name),
      spec,
      fields,
      inverses: new Map(),
      verbs: new Map(parts.verbs.filter(verb => verb.object === spec.name).map(verb => [verb.name, verb])),
      title,
      custom,
    });
  }
  addInverses(objects);
  const paths = new Map([...objects.values()].map(object => [object.path, object]));
  return Object.freeze({ version: parts.version, objects, paths, types });
}

function placeField(
  object: string,
  name: string,
  spec: FieldSpec,
  kind: { system?: boolean; custom?: boolean },
): Field {
  const { type, options } = spec;
  const columns =
    type.storage.kind === 'columns'
      ? type.storage.columns.map(column => columnName(name, column.suffix))
      : [];
  return {
    name,
    object,
    label: options.label ?? words(name),
    type,
    options,
    columns,
    ...(type.storage.kind === 'rows' ? { table: `${snake(object)}_${snake(name)}` } : {}),
    system: kind.system ?? false,
    custom: kind.custom ?? false,
  };
}

function addInverses(objects: Map<string, ObjectModel>) {
  for (const object of objects.values()) {
    for (const field of object.fields.values()) {
      const relation = relationOf(field);
      if (!relation?.inverse || relation.to === '*') continue;
      const target = objects.get(relation.to);
      if (!target)
        throw new Error(`${object.name}.${field.name} links to ${relation.to}, which does not exist.`);
      if (target.inverses.has(relation.inverse) || target.fields.has(relation.inverse)) {
        throw new Error(`${target.name} has two things called ${relation.inverse}.`);
      }
      target.inverses.set(relation.inverse, {
        name: relation.inverse,
        object: object.name,
        field: field.name,
        label: words(relation.inverse),
      });
    }
  }
}

export function relationOf(field: Field): Relation | null {
  return field.type.relation?.(field) ?? null;
}

/** Column of a value's part: `amount` + `currency` → `amount_currency`. */
export function columnName(field: string, suffix: string): string {
  return suffix ? `${snake(field)}_${suffix}` : snake(field);
}

/** `closeDate` → "Close date". */
export function words(name: string): string {
  const spaced = name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** A label within a sentence: "Close date" → "close date", but "VAT number" as it is. */
export function inSentence(label: string, language?: string): string {
  return label.replace(/[\p{L}\p{M}]+/gu, word =>
    /.\p{Lu}/u.test(word) ? word : word.toLocaleLowerCase(language),
  );
}

/** "Deal lines" → `dealLines`. */
export function camel(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+(.)?/g, (_, letter?: string) => letter?.toUpperCase() ?? '');
}

/** Names a kind of fields; which of an object's fields are of it is worked out once per model. */
export function fieldsThat(test: (field: Field) => boolean): (object: ObjectModel) => Field[] {
  const known = new WeakMap<ObjectModel, Field[]>();
  return object => {
    let found = known.get(object);
    if (!found) {
      found = [...object.fields.values()].filter(test);
      known.set(object, found);
    }
    return found;
  };
}
