/** Declaring kinds of records. One `defineObject` yields table, API, rights, list, form, search, import and history. */
import type { Problem } from './errors.ts';
import type { FieldSpec, Json } from './field.ts';
import type { Filter } from './records/filter.ts';
import type { Query } from './records/read.ts';

export type FieldSpecs = Record<string, FieldSpec>;

type ValueOf<S> =
  S extends FieldSpec<infer V, infer R>
    ? true extends R
      ? false extends R
        ? V | null
        : V
      : V | null
    : never;

/** What every record has besides its declared fields. */
export interface SystemFields {
  id: string;
  createdAt: string;
  createdBy: string | null;
  updatedAt: string;
  updatedBy: string | null;
  /** Counts the writes, from 1. */
  version: number;
  /** When it went to the trash; null outside it. */
  deletedAt: string | null;
  /** Source system → id there. */
  externalIds: Record<string, string>;
}

/** A record as the engine's functions give it: canonical JSON values by field name. */
export type RecordOf<O> =
  O extends ObjectSpec<infer F> ? { [K in keyof F]: ValueOf<F[K]> } & SystemFields : never;

/** What may be written to a record of `O`; links take ids. */
export type InputOf<O> =
  O extends ObjectSpec<infer F>
    ? { [K in keyof F]?: ValueOf<F[K]> | null } & { id?: string; externalIds?: Record<string, string> }
    : never;

export type Values = Record<string, Json>;

/** Values to write; what is undefined stays as it is. */
export type Input = Record<string, Json | undefined>;

/** What `derive` and `check` see of one record on its way into the database. */
export interface Draft {
  /** The record as it will be, defaults and input applied. */
  record: Values;
  /** The record as it was; null on creation. */
  before: Values | null;
  /** Fields of linked records named in the object's `needs`: path → value, for instance `stage.pipeline`. */
  linked: Values;
  /** Whether this write changes `field`. */
  changes(field: string): boolean;
  /** Whether the caller names `field`, and it is not filled in by a default. */
  stated(field: string): boolean;
  /** What is wrong with a query on `object` for who writes: pointers as in the query (`/filter/and/0/op`). No statement is run. */
  problemsOf(object: string, query: Pick<Query, 'filter' | 'sort' | 'fields'>): Problem[];
  /** Whether another system tells it, by an import. */
  imported: boolean;
  now: Date;
  userId: string | null;
}

/** A change that has been written, as `after` sees it. */
export interface Written {
  kind: 'created' | 'updated' | 'deleted' | 'restored';
  record: Values;
  before: Values | null;
}

export type Enqueue = (task: string, payload: Record<string, Json>) => void;

/**
 * When two records may be the same: all fields named by `same` are, each by its comparison (`engine/duplicates/compare.ts`).
 * `block` refuses the later one, `warn` tells whoever enters it, and both `warn` and `review` put the pair into the queue.
 */
export interface DuplicateRule {
  name: string;
  /** "Same e-mail address" */
  label: string;
  mode: 'block' | 'warn' | 'review';
  /** Field → comparison. */
  same: { [field: string]: string };
}

/** Something that makes records less useful than they could be. */
export interface QualityFlaw {
  name: string;
  /** "No e-mail address". Default for an empty field: made of its label. */
  label?: string;
  kind: 'completeness' | 'freshness' | 'validity';
  /** Records that have it. */
  when: Filter;
  /** Points of 100 that it costs. */
  costs: number;
}

/** How an activity stands in the timelines of what it is about. */
export interface Timeline<F> {
  about: keyof F & string;
  at: string;
  /** The link to the one it answers: answers stand below that one, not in the stream. */
  replyTo?: keyof F & string;
  /** The users whom its text names. */
  mentions?: keyof F & string;
}

/** How a record stands in its owner's day. */
export interface Agenda<F> {
  /** When it is due, or begins. */
  at: keyof F & string;
  /** When it ends. */
  until?: keyof F & string;
  /** How long it takes, where that is what is known instead of its end. */
  lasts?: keyof F & string;
  /** Whether it takes whole days, and no hours. */
  allDay?: keyof F & string;
  /**
   * The rule by which it comes again. A record then stands for itself and for all that come after it in its series; the
   * fields `series`, `seriesStart`, `occurrence` and `exceptions` go with the rule.
   */
  repeats?: keyof F & string;
  /** The moment at which its owner is reminded. */
  remindAt?: keyof F & string;
  /** What is to be done stays until it is; absent: it takes place and is over. `verb` does it. */
  done?: { field: keyof F & string; is: string; verb: string };
}

/** Users besides its owner whom a record concerns: they read it, whatever their role reaches, and answer or take part. */
export interface Guests<F> {
  users: keyof F & string;
  /** JSON: who said what, by user id; where they are asked for an answer. */
  answers?: keyof F & string;
  /** What they may do with it, if their role does not say otherwise: answer first, or take part, or decide. */
  verbs: [string, ...string[]];
  /** Whether they are told that they are asked. Default true; not where something else tells them. */
  invites?: false;
}

/** What stands in a field that is needed where nobody states it. */
export interface Fallback {
  /** What it is made of, the best first: fields, or the titles of what links lead to (`about.title`). Shown in forms. */
  of: string[];
  /** Pure. Null where nothing can be made of the record: then the field has to be stated. `linked`: as in `Draft`. */
  make(record: Values, linked: Values): Json;
}

/** A reason to look at a record. */
export interface Attention {
  name: string;
  /** "No next step" */
  label: string;
  when: Filter;
}

/** A field of the object, declared or kept by the engine. */
type Name<F> = (keyof F | keyof SystemFields) & string;

export interface ObjectSpec<F extends FieldSpecs = FieldSpecs> {
  name: string;
  /** "Deal" */
  label: string;
  /** "Deals" */
  plural: string;
  /** Path segment of the API and the web. Default: `plural` in camelCase. */
  path?: string;
  /** Tabler icon name. */
  icon: string;
  /** One sentence: what such a record stands for. Shown where the list is empty. */
  description: string;
  /** The field that names a record to people. */
  title: keyof F & string;
  fields: F;
  /** Heading in the navigation; absent: not in the navigation. */
  group?: string;
  /** The user field whose holder owns the record: what `own` and `team` in roles refer to. */
  owner?: keyof F & string;
  /** The link field whose record decides about access: a deal line is reached through its deal. */
  reachedThrough?: keyof F & string;
  /** Set-up that everyone signed in may read: pipelines, stages, tags. Default false. */
  setup?: boolean;
  /** Titles of records that Farley makes itself: the dictionaries have them, so that each reads them in their language. */
  shipped?: string[];
  /** Written by administrators only, whatever roles grant: users, roles, teams. Default false. */
  administered?: boolean;
  /**
   * Records are personal: whoever is signed in may keep some, whatever the role says of others. `audience` names the choice
   * field that tells who else reads one: `private`, `team` (of the owner) or `everyone`; without it nobody does. Only the
   * owner changes it; administrators also what is for everyone.
   */
  personal?: { audience?: keyof F & string };
  /** Whether it has a place among the lists people go to; not where it is shown elsewhere. Default true. */
  listed?: boolean;
  /** The link to the record of the same object above this one: a company's parent. Such records stand in trees. */
  hierarchy?: keyof F & string;
  /** What is summed up over records that belong to another one, by the values `of` the choice field `by`: open and won amounts. */
  totals?: { by: keyof F & string; of: string[]; sum: keyof F & string };
  /** Columns and order of the default list. */
  list?: { columns: Name<F>[]; sort?: string[] };
  /** Three to five facts for the head of the record page. */
  highlights?: Name<F>[];
  /**
   * The field whose values are the columns of the board, and the amount summed in their heads. `marks`: a yes-or-no field;
   * cards for which it is true say so.
   */
  board?: { by: keyof F & string; sum?: keyof F & string; rank?: keyof F & string; marks?: keyof F & string };
  /**
   * Records whose activities its timeline tells too, each by the paths that lead from them to it: of a household the people whose
   * `household` it is, and the deals whose `contacts.household` it is.
   */
  gathers?: { object: string; by: string[] }[];
  /** Marks the object as an activity: its records stand in the timelines of what `about` points to, at the time `at`. */
  timeline?: Timeline<F>;
  /** Marks records that have a place in someone's day: what is to be done, and what takes place. */
  agenda?: Agenda<F>;
  /** Who else is asked to be there. */
  guests?: Guests<F>;
  /** What of these records their owner should look at, most urgent first: shown where the day begins. */
  attention?: Attention[];
  /** Letter that makes a new one from anywhere, after `c`. */
  key?: string;
  /** Several fields that are unique together, outside the trash. */
  unique?: (keyof F & string)[][];
  /** The same where empty is a value like any other: one of no pipeline, and one of each. */
  uniqueWithEmpty?: (keyof F & string)[][];
  /** When two records may be the same. */
  duplicates?: DuplicateRule[];
  /**
   * Which of them are met by those that come in, where a door is asked to meet who is known: those whose `field` is one of
   * `is`. They keep what they say and take what they lack. `latest` is always taken; `marks` tells when one came in again.
   */
  meets?: { field: keyof F & string; is: Json[]; latest?: (keyof F & string)[]; marks?: keyof F & string };
  /** What costs a record points of quality. Default, for what stands in the navigation: what its list shows, and its age. */
  quality?: QualityFlaw[];
  /** Further indexes for default views: each a list of fields, `-` before a descending one. */
  indexes?: string[][];
  /** Fields that have a value after every write although nobody has to state one. What people state is never replaced. */
  fallbacks?: { [N in keyof F & string]?: Fallback };
  /** Fields of linked records that `derive` and `check` read: `stage.pipeline`. */
  needs?: string[];
  /** Pure; before the check: values that follow from others. */
  derive?(draft: Draft): Input;
  /** Pure: what is wrong with the record as a whole. Pointers are field names (`/closeDate`). */
  check?(draft: Draft): Problem[];
  /** In the transaction, once per written set; enqueues only. */
  after?(written: Written[], enqueue: Enqueue): void;
}

/** Declares a kind of record. */
export function defineObject<const F extends FieldSpecs>(
  name: string,
  spec: Omit<ObjectSpec<F>, 'name'>,
): ObjectSpec<F> {
  return { ...spec, name };
}
