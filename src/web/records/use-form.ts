/** A form made from fields: values, problems by field, and what goes to the server. */
import { useState } from 'react';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { sentenceCase } from '../../fields/read.tsx';
import { said } from '../../fields/said.ts';
import { typeForSchema } from '../../fields/views.ts';
import { ApiError, type Problem } from '../api.ts';
import { inOrder, type PageLayout } from '../model/page-layout.ts';
import { failureText } from '../model/records.ts';

/** The field a problem stands at: the first step of its pointer that names one (`/options/choices/0`). */
export function problemsByField(
  problems: Problem[],
  fields: MetaField[],
): { at: Record<string, string>; other: string | null } {
  const at: Record<string, string> = {};
  let other: string | null = null;
  for (const problem of problems) {
    const name = problem.pointer.split('/').find(step => fields.some(field => field.name === step));
    if (name) at[name] ??= problem.message;
    else other ??= problem.message;
  }
  return { at, other };
}

/** What is asked first: what must be given and what the list shows; the rest waits under "more". */
export function formFields(
  object: MetaObject,
  layout?: PageLayout,
): { first: MetaField[]; more: MetaField[] } {
  const shows = (field: MetaField) =>
    layout ? field.required || !layout.hidden.includes(field.name) : !field.hidden;
  const all = object.fields.filter(field => field.editable && !field.system && shows(field));
  const usable = layout ? inOrder(layout, all) : all;
  const lead = new Set([object.title, ...(layout?.head ?? object.highlights), ...object.list.columns]);
  const isFirst = (field: MetaField) => field.required || lead.has(field.name);
  const byTitle = (a: MetaField, b: MetaField) =>
    Number(b.name === object.title) - Number(a.name === object.title);
  const first = usable.filter(isFirst).sort(byTitle).slice(0, 8);
  return { first, more: usable.filter(field => !first.includes(field)) };
}

export function useForm(fields: MetaField[], initial: Record<string, Json>) {
  const [values, setValues] = useState<Record<string, Json>>(() => {
    const defaults = fields.filter(f => f.default !== null).map(f => [f.name, f.default]);
    return { ...Object.fromEntries(defaults), ...initial };
  });
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [other, setOther] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit<T>(send: (values: Record<string, Json>) => Promise<T>): Promise<T | null> {
    if (busy) return null;
    setBusy(true);
    setProblems({});
    setOther(null);
    try {
      return await send(values);
    } catch (error) {
      const sorted = problemsByField(error instanceof ApiError ? error.problems : [], fields);
      setProblems(sorted.at);
      const nowhere = Object.keys(sorted.at).length === 0 ? failureText(error) : null;
      setOther(sorted.other ?? nowhere);
      return null;
    } finally {
      setBusy(false);
    }
  }

  return {
    values,
    problems,
    other,
    busy,
    submit,
    set(name: string, value: Json) {
      setValues(now => ({ ...now, [name]: value }));
      setProblems(({ [name]: _, ...rest }) => rest);
    },
  };
}

/** A verb's input as fields: the JSON Schema tells each one's label, kind and choices. */
export function schemaFields(schema: Record<string, Json>): MetaField[] {
  const properties = schema.properties;
  if (properties === null || typeof properties !== 'object' || Array.isArray(properties)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties ?? {}).map(([name, given]) => {
    const it = given !== null && typeof given === 'object' && !Array.isArray(given) ? given : {};
    return {
      ...blank,
      name,
      label: typeof it.title === 'string' ? it.title : said(sentenceCase(name)),
      required: required.includes(name),
      ...kindOf(it),
    };
  });
}

/** A field that no object has: forms of the application itself are made of these. */
export const blank: MetaField = {
  name: '',
  label: '',
  help: null,
  type: typeForSchema({}, false),
  icon: 'point',
  options: {},
  group: null,
  required: false,
  fallback: null,
  unique: false,
  hidden: false,
  system: false,
  custom: false,
  default: null,
  editable: true,
  operators: [],
  sortable: false,
  groupable: false,
  buckets: [],
  aggregates: [],
  relation: null,
};

function kindOf(schema: { [key: string]: Json }): Pick<MetaField, 'type' | 'options' | 'help' | 'default'> {
  const help = typeof schema.description === 'string' ? schema.description : null;
  const choices = choicesOf(schema);
  return {
    help,
    default: schema.default ?? null,
    options: {
      ...(choices ? { choices } : {}),
      ...(typeof schema.link === 'string' ? { to: schema.link } : {}),
    },
    type: typeForSchema(schema, choices !== null),
  };
}

function choicesOf(schema: { [key: string]: Json }): Json[] | null {
  if (Array.isArray(schema.enum)) return schema.enum;
  if (!Array.isArray(schema.anyOf)) return null;
  const values = schema.anyOf.map(item =>
    item !== null && typeof item === 'object' && !Array.isArray(item) ? (item.const ?? null) : null,
  );
  return values.every(value => typeof value === 'string') ? values : null;
}
