/**
 * The contract of a field type. Everything the engine, the API and the browser know of a kind of value is answered
 * here; nothing else in Farley may ask for a type by its name. If you need a `switch` on types, a method is missing.
 */
import type { TSchema } from 'typebox';
import type { Refusal } from './errors.ts';
import type { Sql } from './sql.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The options every field has, whatever its type. Types add their own by `FieldType.options`. */
export interface FieldOptions {
  /** What people read. Default: the name in words (`closeDate` → "Close date"). */
  label?: string;
  /** One sentence for the person who fills it in. */
  help?: string;
  /** A value must be present after every write. Default false. */
  required?: boolean;
  /** No two records outside the trash share a value. Default false. */
  unique?: boolean;
  /** The value of a new record that states none; a value, not a function, so that forms can show it. */
  default?: Json;
  /**
   * A link that a new record leaves open takes the first record in reach, in the other object's own order. The name of a
   * link that both have narrows it: a stage is the first of the deal's `pipeline`. Default false.
   */
  defaultFirst?: boolean | string;
  /** Set by verbs, `derive` or the engine only. Default false. */
  readOnly?: boolean;
  /** With `readOnly`: imports set it too, as something that happened elsewhere. Default false. */
  imported?: boolean;
  /**
   * With `readOnly`: told by whoever brings a record in. It is stated while it is empty; what meets a record that is known
   * brings the latest of it. Default false.
   */
  once?: boolean;
  /** Written by administrators only, whatever roles grant. Default false. */
  administered?: boolean;
  /**
   * Worked out of other values by jobs, for many records at a time (`keepMeasured`): a column like any other to filters, lists
   * and rights, but outside of history, since it can be worked out again. Nobody states it. Default false.
   */
  measured?: boolean;
  /**
   * What it was from when to when is kept in a table of stays too (`stays`), for figures over long times that the change log
   * tells slowly. Only of fields kept in columns. Default false.
   */
  followed?: boolean;
  /** Says what people must not be judged by, such as a gender: nothing learns from it. Default false. */
  protected?: boolean;
  /** Kept out of default lists, forms and the record page. Default false. */
  hidden?: boolean;
  /** The heading under which forms and the record page show it. */
  group?: string;
  /** Gets an index, because default views filter or sort by it. Default: what the type says. */
  index?: boolean;
  /** Part of full-text search. Default: whether the type yields search text. */
  searchable?: boolean;
  /** Links of an object to itself lead one way: along them no record is reached from itself. Single ones always do. Default false. */
  acyclic?: boolean;
  /** Options of the type itself, such as `choices` or `to`. */
  [option: string]: unknown;
}

/** What a module writes: `amount: money({ label: 'Value' })`. `V` is the type of its JSON value, `R` whether it is required. */
export interface FieldSpec<V = Json, R extends boolean = boolean> {
  type: FieldType<V>;
  options: FieldOptions & { required?: R };
}

/** A field as part of the model: its spec, placed on an object. */
export interface Field {
  name: string;
  object: string;
  label: string;
  type: FieldType;
  options: FieldOptions;
  /** Database columns in the order of `type.storage.columns`; empty for computed fields and fields in a table of their own. */
  columns: string[];
  /** The field's own table, where its storage is `rows`. */
  table?: string;
  /** Kept by the engine for every record (`id`, `createdAt` …): never written from outside. */
  system: boolean;
  /** Added at run time by an administrator. */
  custom: boolean;
}

/** One column of a value. `suffix` '' is the column named like the field; 'currency' gives `amount_currency`. */
export interface Column {
  suffix: string;
  /** PostgreSQL type, as written in DDL. */
  type: string;
}

/** The columns of one field in one row of a query: `cell()` is the first, `cell('currency')` a named one. */
export type Cell = (suffix?: string) => Sql;

/** What parsing may depend on besides the input. */
export interface ParseScope {
  now: Date;
  /** BCP 47, for instance `de-AT`. */
  locale: string;
  /** IANA name. */
  timeZone: string;
  /** ISO 3166 alpha-2: the country of phone numbers written without a prefix. */
  country: string;
  /** ISO 4217: the currency of amounts written without one. */
  currency: string;
}

/** What compiling to SQL may depend on: values of the moment, and the engine's services for computed fields. */
export interface SqlScope extends ParseScope {
  /** The acting user's record id, for operands such as "me". */
  userId: string | null;
  /** Alias of the row in the statement. */
  alias: string;
  /** The workspace's PostgreSQL schema. */
  schema: string;
  /** Names of the objects whose records the reader may see at all. */
  objects: string[];
  /** The title of a linked record as text, or null where it is out of reach. */
  titleOf(object: string, id: Sql): Sql;
  /** Narrows to the rows that are called so in other systems (source → id), where that can be looked up; true where not. */
  calledElsewhere(ids: Record<string, string>): Sql;
  /**
   * What one of a currency is worth in the workspace's, by the dated rates: on the day read at, or that of `on` (a date of
   * the row). Null where no rate says.
   */
  rateOf(currency: Sql, on?: Sql): Sql;
  /** A CEL expression over this row. */
  expression(source: string, field: Field): Sql;
  /** An aggregate over the records that link to this one through `relation` (an inverse name, such as `deals`). */
  rollUp(relation: string, aggregate: string, field: string | null, filter: unknown): Sql;
}

/**
 * Where values live.
 * - `columns`: in columns of the object's table. `put` yields one JSON value per column.
 * - `rows`: in a table of their own, one row per item, ordered. The engine adds `owner_id` and `position`.
 * - `computed`: nowhere; an expression yields them.
 */
export type Storage<V> =
  | {
      kind: 'columns';
      columns: Column[];
      put(value: V | null): Json[];
      /** SQL expressions, one per column, that restore the columns from the JSON value `json` (jsonb): used by time travel. Default: a cast of the text. */
      restore?(json: Sql): Sql[];
    }
  | {
      kind: 'rows';
      columns: Column[];
      put(value: V): Json[][];
      item(cell: Cell): Sql;
      /** SQL expressions, one per column, that restore a row from its item's JSON (jsonb): the way back of `item`. */
      restore(item: Sql): Sql[];
    }
  | { kind: 'computed'; sql(field: Field, scope: SqlScope): Sql };

/** What an operator takes: nothing, one value, several, a pair [from, to], free text, or a relative period. */
export type Operand = 'none' | 'one' | 'many' | 'range' | 'text' | 'period';

/**
 * One way to filter. `sql` and `test` must agree on every value: a property test compares them. Neither is asked for a
 * null value unless `nulls` says so: a null matches no operator.
 */
export interface Operator<V> {
  /** The middle of a sentence: "Stage *is any of* Won, Lost". */
  label: string;
  operand: Operand;
  /** How an operand is read. Default: by the type's own `parse`, once or per item. */
  parse?(operand: unknown, field: Field, scope: ParseScope): Json | Refusal;
  sql(cell: Cell, operand: Json, field: Field, scope: SqlScope): Sql;
  test(value: V, operand: Json, field: Field, scope: SqlScope): boolean;
  /** For values kept as `rows`: `sql` is about one item (`cell` is the item's row); it must hold for some (default) or for none. */
  items?: 'some' | 'none';
  /** Whether it makes sense for this field, where that depends on the field's options. Default: always. */
  fits?(field: Field): boolean;
  /** True when null values are decided by the operator itself (`empty`, `isNot`). Then `test` may get null. */
  nulls?: boolean;
}

export interface Aggregate {
  label: string;
  /** Aggregate expression, for instance `sum(x)`. */
  sql(cell: Cell, field: Field, scope: SqlScope): Sql;
  /** JSON form of the result; default: as PostgreSQL gives it. */
  json?(aggregated: Sql): Sql;
}

/** A point where the value leads to other records. */
export interface Relation {
  /** Name of the linked object; `*` when the value itself says which. */
  to: string;
  many: boolean;
  /** Name of the way back, on the other object: `deals` on company. */
  inverse?: string;
}

/** A record that a value points to. */
export interface Reference {
  object: string;
  id: string;
}

/** A sample the contract suite stores, reads, sorts, filters, exports and imports. */
export interface Sample<V> {
  /** As a client might send it. */
  input: unknown;
  /** As it is read back. */
  value: V;
  /** As export and search show it (locale en, UTC). Importing it gives `value` again. */
  text: string;
}

/** A line of a vCard: several values are parts, which the engine escapes; one text is taken as it is (an address of the web). */
export interface CardLine {
  /** With its parameters: `TEL;VALUE=uri`. */
  name: string;
  value: string | string[];
}

export interface FieldType<V = Json> {
  /** The name in metadata and in `POST /api/objects/{object}/fields`. */
  name: string;
  /** What an administrator chooses: "Money". */
  label: string;
  /** One sentence for the administrator. */
  help: string;
  /** Tabler icon name. */
  icon: string;
  /** JSON Schema of the type's own options; absent when it has none. */
  options?: TSchema;
  storage: Storage<V>;
  /** JSON Schema of the value as it is read, for OpenAPI and forms. */
  schema(field: Field): TSchema;
  /** JSON Schema of what is accepted on writing, where that is more than what is read. */
  inputSchema?(field: Field): TSchema;
  /** Reads what a client sent (never null). Returns the value in canonical form, or a refusal that says what would do. */
  parse(input: unknown, field: Field, scope: ParseScope): V | null | Refusal;
  /** Reads a cell of a file (never empty). Default: `parse`. */
  parseText?(text: string, field: Field, scope: ParseScope): V | null | Refusal;
  /** The value for people and files. Links are resolved before by their titles. */
  format(value: V, field: Field, scope: ParseScope): string;
  /** Canonical JSON of the stored value. Default: the first column as it is. */
  json?(cell: Cell, field: Field, scope: SqlScope): Sql;
  /** JSON that reads show, where it says more than the canonical value (a link shows its title). Default: `json`. */
  show?(cell: Cell, field: Field, scope: SqlScope): Sql;
  /** The value as SQL text, for titles and search. Default: the first column cast to text. */
  text?(cell: Cell, field: Field, scope: SqlScope): Sql;
  operators: Record<string, Operator<V>>;
  /** Expressions to order by, most significant first; absent: not sortable. Indexes that serve sorting are made on these, not on the bare columns. `type` is the PostgreSQL type for cursors. */
  sort?(cell: Cell, field: Field, scope: SqlScope): { sql: Sql; type: string }[];
  /** Expression to group by; absent: not groupable. `bucket` is one of `buckets`. The result is JSON-able. */
  group?(cell: Cell, field: Field, scope: SqlScope, bucket?: string): Sql;
  /** Periods or widths by which grouping can be coarser, for instance `month`. */
  buckets?: string[];
  aggregates?: Record<string, Aggregate>;
  /** Of amounts: the value in the workspace's currency, as a number of SQL; null where no exchange rate says. */
  worth?(cell: Cell, scope: SqlScope): Sql;
  /** Words that lead to the record in search; several spellings of one thing are welcome. Absent: not searchable. */
  searchText?(value: V, field: Field): string[];
  /** The expression that tells values apart for people: what `unique` and lookups by value compare. Default: the first column. */
  key?(cell: Cell): Sql;
  /** A database index that serves the type's filters better than the plain one: `using` method with operator class. */
  index?: { using: 'btree' | 'gin'; operators?: string };
  relation?(field: Field): Relation;
  references?(value: V, field: Field): Reference[];
  /** Whether two values are the same in the eyes of history. Default: equal JSON. */
  equal?(a: V, b: V): boolean;
  /** How far along a value is: imports do not move fields back that say `forward: true`. Absent: values are in no order. */
  progress?(value: V, field: Field): number;
  /** True when the engine gives the value at creation (auto numbers): then input is refused. */
  generated?: boolean;
  /**
   * Whether a text looks like a value of this type and hardly like anything else: tells what a column of an unknown
   * file holds. Of several types the one with the smallest rank is meant. Absent: never told from texts.
   */
  recognises?: {
    rank: number;
    test(text: string): boolean;
    /** Texts that are such values where their column is called so, although they look like something else. */
    called?: { column: RegExp; test(text: string): boolean };
  };
  /** How the value stands in a vCard. Absent: not at all. */
  vCard?(value: V, field: Field): CardLine[];
  /** For generated values: the value of the n-th record (n counts from 1). */
  number?(n: number, field: Field): V;
  /** How the value serves as a fact to learn from: as one of some values, or by its size. Absent: only whether there is one. */
  fact?: { kind: 'level' | 'number'; of?(value: V): string | number | null };
  /** CEL type of the value for expressions, and its SQL form; absent: not usable in expressions. */
  cel?: {
    type: 'string' | 'double' | 'bool' | 'timestamp' | 'list';
    sql?(cell: Cell): Sql;
    value?(value: V): unknown;
  };
  samples: Sample<V>[];
  /** Inputs that must be refused, with the code. */
  refused: { input: unknown; code: string }[];
  /** Options under which the samples hold, for types that need some. */
  sampleOptions?: FieldOptions;
}

/** Whether options ask for a value: `true` for `{ required: true }`. */
export type RequiredBy<O> = O extends { required: true } ? true : false;

/** Makes the function modules call: `export const email = fieldOf(emailType)`. */
export function fieldOf<V>(type: FieldType<V>) {
  return <const O extends FieldOptions = Record<never, never>>(options?: O): FieldSpec<V, RequiredBy<O>> => ({
    type,
    options: (options ?? {}) as FieldSpec<V, RequiredBy<O>>['options'],
  });
}
