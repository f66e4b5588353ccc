/**
 * The browser's half of a field type. `fields/money.view.tsx` exports one `FieldView`; `fields/views.ts` lists them.
 * Views know values and metadata only: what they need of the server comes through `FieldServices`.
 */
import { type ComponentType, createContext, useContext } from 'react';
import type { Json, MetaField } from '../engine/index.ts';

export interface ShowProps {
  /** As the API shows it; never null or undefined. */
  value: Json;
  field: MetaField;
  /** `cell`: one line in a table; `card`: on a board; `full`: on the record page. */
  place: 'cell' | 'card' | 'full';
  /** The record's other values, by field, as far as they were asked for. */
  values?: Record<string, Json>;
}

export interface EditProps {
  /** As the API shows it; null when empty. */
  value: Json;
  field: MetaField;
  onChange(value: Json): void;
  /** Called when the person is done with the value (Enter, or a choice made): inline editing saves then. */
  onDone?(): void;
  /** Called on Escape. */
  onCancel?(): void;
  autoFocus?: boolean;
  /** Problem to show at the field, in words. */
  error?: string | null;
  /** `cell`: replaces a table cell, no label; `form`: the caller puts label and help around it. */
  place: 'cell' | 'form';
  /** The record's other values, by field, where the field belongs to one. */
  record?: Record<string, Json>;
  /** Ids for labels; given by the caller. */
  id?: string;
}

export interface FilterProps {
  /** The operand so far; null when none. */
  value: Json;
  field: MetaField;
  operator: MetaField['operators'][number];
  onChange(value: Json): void;
}

/** How values are written for this person. */
export interface Format {
  locale: string;
  timeZone: string;
  currency: string;
  country: string;
}

export interface FieldView {
  type: string;
  Show: ComponentType<ShowProps>;
  Edit: ComponentType<EditProps>;
  Filter: ComponentType<FilterProps>;
  /** Where cells and heads align. Default `start`; numbers `end`. */
  align?: 'start' | 'end';
  /** Sensible column width in pixels. Default 160. */
  width?: number;
  /** Other fields of the record that say how the value is to be shown. */
  besides?(field: MetaField): string[];
  /** Values are names of people, so that records titled by them have round avatars. */
  person?: true;
  /** Values are a few characters: several stand in one line of a card. */
  short?: true;
  /** Values may run over several lines. */
  long?: true;
  /** Values are days of the calendar, or moments: records can be laid out along time by them. */
  moment?: 'day' | 'time';
  /** The value as plain text: titles, copying, labels for screen readers. */
  text(value: Json, field: MetaField, format: Format): string;
  /** The operand in words, for the filter chip. `titles` knows linked records that have been seen. */
  sentence(
    operand: Json,
    field: MetaField,
    format: Format,
    titles: (id: string) => string | undefined,
  ): string;
  /** Where on earth a value is: a point, or a country (ISO 3166 alpha-2) where that is all it says. */
  point?(value: Json): { latitude: number; longitude: number } | { country: string } | null;
  /** What is meant by a text that is pasted over a value: an amount without a currency keeps the one it had. */
  pastedOver?(text: string, before: Json): string;
  /** Other records that the value points to, where `sentence` needs their titles. */
  target?(field: MetaField): string | null;
  /** What a value of `Show` looks like on the way back to the server. Default: the same. */
  write?(value: Json): Json;
}

/** A filter of an object's records, kept as a value: shown in words, or written where there is an `onChange`. */
export interface ConditionsProps {
  /** Name of the object. */
  object: string;
  value: Json;
  onChange?: (value: Json) => void;
  /** Where what is written is saved by itself. */
  onDone?: (() => void) | undefined;
  onCancel?: (() => void) | undefined;
  autoFocus?: boolean | undefined;
  /** In one line. */
  brief?: boolean;
  /** For screen readers, and the id that a label points to. */
  label?: string;
  id?: string | undefined;
}

/** What views may ask of the application around them. Provided by `web/` through `FieldServicesContext`. */
export interface FieldServices extends Format {
  /** Records of an object whose title matches; the first dozen, those of `within` only (field → id of the linked record). */
  searchRecords(
    object: string,
    text: string,
    within?: Record<string, string>,
  ): Promise<{ id: string; title: string }[]>;
  /** Address of a record's page in the web. */
  recordUrl(object: string, id: string): string;
  /** How records of the object look by name: people are round, organisations square, set-up is a chip, others bare. */
  look(object: string): 'round' | 'square' | 'chip' | 'bare';
  /** Objects a value of any kind may point to. */
  objects: { name: string; label: string }[];
  /** The fields of an object: those that people fill in, that can be added up, or that are days and moments. */
  fieldsOf(object: string, which: 'editable' | 'amounts' | 'moments'): { name: string; label: string }[];
  /** What a field of a record holds; null where it cannot be read. */
  readValue(object: string, id: string, field: string): Promise<Json>;
  /** Writes and shows filters that are kept as values. */
  Conditions: ComponentType<ConditionsProps>;
  /** Uploads a file and answers its record; null when it was refused, which people have been told. */
  upload(file: File): Promise<{ id: string; title: string } | null>;
}

export const FieldServicesContext = createContext<FieldServices | null>(null);

export function useFieldServices(): FieldServices {
  const services = useContext(FieldServicesContext);
  if (!services) throw new Error('Field views need a FieldServicesContext around them.');
  return services;
}
