import { queryOptions, useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type { BriefMeta, Meta, MetaField, MetaObject } from '../../engine/index.ts';
import { saidTitle } from '../../fields/said.ts';
import type { FieldServices, Format } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { type Row, read } from '../api.ts';

export const metaKey = ['meta'] as const;

type FieldLook = ReturnType<FieldServices['look']>;

/** Also sent ahead by `index.html`. */
export const metaAddress = '/api/objects?brief=true';

/** All fields with all they have; lists that are the same are the same. */
export function inFull({ usual, operators, aggregates, ...meta }: BriefMeta): Meta {
  const objects = meta.objects.map(object => ({
    ...object,
    fields: object.fields.map(field => ({
      ...usual,
      ...field,
      operators: operators[field.operators]!,
      aggregates: aggregates[field.aggregates]!,
    })),
  }));
  return { ...meta, objects };
}

export const metaQuery = queryOptions({
  queryKey: metaKey,
  queryFn: async () => inFull(await read<BriefMeta>(metaAddress)),
  staleTime: 60_000,
  retry: false,
});

export function useMetaQuery() {
  return useQuery(metaQuery);
}

export const MetaContext = createContext<Meta | null>(null);

export function useMeta(): Meta {
  const meta = useContext(MetaContext);
  if (!meta) throw new Error('This part needs the metadata around it.');
  return meta;
}

export function objectNamed(meta: Meta, name: string | null | undefined): MetaObject | undefined {
  return meta.objects.find(object => object.name === name);
}

export function objectAt(meta: Meta, path: string): MetaObject | undefined {
  return meta.objects.find(object => object.path === path);
}

export function fieldOf(object: MetaObject, name: string): MetaField | undefined {
  return object.fields.find(field => field.name === name);
}

const inner = new Set(['id', 'version', 'deletedAt', 'externalIds']);

/** Fields people may choose for columns, filters and order: their own, and when and by whom records were written. */
export function offeredFields(object: MetaObject): MetaField[] {
  return object.fields.filter(field => (field.system ? !inner.has(field.name) : !field.hidden));
}

/** Fields people see by default: neither hidden nor kept by the engine. */
export function plainFields(object: MetaObject): MetaField[] {
  return object.fields.filter(field => !field.hidden && !field.system);
}

/** Asking for it takes a tenth of a millisecond, and a list asks a thousand times. */
const ownTimeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function formatOf(meta: Meta): Format {
  return {
    locale: meta.workspace.locale,
    timeZone: meta.me.timeZone || ownTimeZone || meta.workspace.timeZone,
    currency: meta.workspace.currency,
    country: meta.workspace.country,
  };
}

export function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

/** What people call the record. */
export function titleOf(meta: Meta, object: MetaObject, row: Row): string {
  const field = fieldOf(object, object.title);
  const value = row[object.title];
  if (!field || isEmpty(value) || value === undefined) return '';
  const title = viewOf(field.type).text(value, field, formatOf(meta));
  return saidTitle(title, object.name);
}

/** Objects whose records are people get round avatars: those named by a person's name, and those whose icon shows one. */
export function isPerson(meta: Meta, name: string): boolean {
  const object = objectNamed(meta, name);
  if (!object) return false;
  const named = viewOf(fieldOf(object, object.title)?.type ?? '').person === true;
  return named || /^user(-|$)/.test(object.icon);
}

/** How a record of the object looks by name. */
export function lookOf(meta: Meta, name: string): FieldLook {
  if (isPerson(meta, name)) return 'round';
  const object = objectNamed(meta, name);
  if (object?.setup) return 'chip';
  return object?.icon.includes('building') ? 'square' : 'bare';
}
