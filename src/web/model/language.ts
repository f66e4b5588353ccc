/** The language of the person, and the metadata in it. */
import i18next from 'i18next';
import { useEffect, useState } from 'react';
import type { Json, Meta, MetaField, MetaObject, MetaVerb } from '../../engine/index.ts';
import { optionsOf, record } from '../../fields/read.tsx';
import { knowShipped, said } from '../../fields/said.ts';
import { speak, spokenLocale } from '../i18n.ts';

/** Their own language with the workspace's country, so that dates and amounts are written as is usual there. */
export function localeFor({ me, workspace }: Meta): string {
  const own = me.language;
  if (!own || own === workspace.locale.split('-')[0]) return workspace.locale;
  return own.includes('-') || !workspace.country ? own : `${own}-${workspace.country}`;
}

/** Speaks the language of a locale; the locale that is spoken by now, null while the first is being fetched. */
export function useSpoken(locale: string | undefined): string | null {
  const [spoken, setSpoken] = useState<string | null>(null);
  useEffect(() => {
    if (!locale) return;
    let gone = false;
    if (locale === spokenLocale()) return setSpoken(locale);
    // Without its words, as when offline, the page is read in the language there is.
    const done = () => {
      if (!gone) setSpoken(locale);
    };
    speak(locale).then(done, done);
    return () => {
      gone = true;
    };
  }, [locale]);
  return locale === spokenLocale() ? (locale ?? null) : spoken;
}

/** A label in the midst of a sentence: small in languages that write nouns small, but for words such as "VAT". */
export function inText(label: string): string {
  if (i18next.t('language.nouns') !== 'small') return label;
  return label.replace(/[\p{L}\p{M}]+/gu, word =>
    /.\p{Lu}/u.test(word) ? word : word.toLocaleLowerCase(i18next.language),
  );
}

/** The metadata as this person reads it: declared labels translated, those of the workspace's own objects and fields kept. */
export function worded(meta: Meta, locale: string): Meta {
  knowShipped(meta.objects);
  return {
    ...meta,
    workspace: { ...meta.workspace, locale },
    objects: meta.objects.map(wordedObject),
    types: meta.types.map(type => ({ ...type, label: said(type.label, 'type'), help: said(type.help) })),
  };
}

/** Names at once; the rest, which is most of the metadata, of those objects that the page comes to. */
function wordedObject(object: MetaObject): MetaObject {
  const { name } = object;
  const own = object.custom ? (text: string) => text : (text: string) => said(text, name);
  const fields = once(() => object.fields.map(field => wordedField(field, name)));
  const verbs = once(() => object.verbs.map(wordedVerb));
  return {
    ...object,
    label: own(object.label),
    plural: own(object.plural),
    description: own(object.description),
    group: object.group && said(object.group, 'group'),
    attention: object.attention.map(each => ({ ...each, label: said(each.label, name) })),
    get fields() {
      return fields();
    },
    relations: object.relations.map(relation => ({ ...relation, label: said(relation.label, name) })),
    get verbs() {
      return verbs();
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function wordedField(field: MetaField, object: string): MetaField {
  const named = {
    ...field,
    operators: field.operators.map(operator => ({ ...operator, label: said(operator.label, 'operator') })),
    aggregates: field.aggregates.map(each => ({ ...each, label: said(each.label, 'aggregate') })),
  };
  if (field.custom) return named;
  const at = `${object}.${field.name}`;
  const choices: Record<string, Json> = field.options.choices
    ? {
        choices: optionsOf(field).map(({ value, label, colour }) => ({
          value,
          label: said(label, at),
          colour,
        })),
      }
    : {};
  return {
    ...named,
    label: said(field.label, at),
    help: field.help && said(field.help),
    group: field.group && said(field.group),
    options: { ...field.options, ...choices },
  };
}

function wordedVerb(verb: MetaVerb): MetaVerb {
  return {
    ...verb,
    label: said(verb.label, 'verb'),
    description: said(verb.description),
    input: wordedSchema(verb.input) as MetaVerb['input'],
  };
}

/** A JSON Schema with its titles and descriptions translated. */
function wordedSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(wordedSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(record(schema)).map(([key, value]) => [
      key,
      (key === 'title' || key === 'description') && typeof value === 'string'
        ? said(value)
        : wordedSchema(value),
    ]),
  );
}
