/** Metadata as the browser and API clients get it from `GET /api/objects`: what this actor may see, and how it looks. */
import type { Json, Operand } from './field.ts';
import type { ExportFormat } from './transfer/export.ts';

export interface MetaField {
  name: string;
  label: string;
  help: string | null;
  type: string;
  icon: string;
  /** Options of the field and its type, as declared (`choices`, `to`, `currency` …). */
  options: Record<string, Json>;
  group: string | null;
  required: boolean;
  /** Names of the fields that its value is made of where it is not stated; null where it has to be. */
  fallback: string[] | null;
  unique: boolean;
  hidden: boolean;
  system: boolean;
  custom: boolean;
  default: Json;
  /** Whether this actor may write it. Fields that the actor may not read are left out altogether. */
  editable: boolean;
  operators: { name: string; label: string; operand: Operand }[];
  sortable: boolean;
  groupable: boolean;
  buckets: string[];
  aggregates: { name: string; label: string }[];
  relation: { to: string; many: boolean; inverse: string | null } | null;
}

export interface MetaVerb {
  name: string;
  label: string;
  icon: string;
  description: string;
  /** JSON Schema of the input. */
  input: Record<string, Json>;
  allow: { field: string; is?: Json[]; isNot?: Json[] } | null;
  /** A screen of its own offers it. */
  own: boolean;
  /** Records it makes: field → field of this one; `instead` is the input that takes a record there is. */
  makes: { object: string; of: { [field: string]: string }; instead: string | null }[];
  /** What it makes but once: the record of `object` whose link `by` leads here. */
  once: { object: string; by: string } | null;
}

export interface MetaObject {
  name: string;
  /** Path segment: `/api/{path}`, `/{path}` in the web. */
  path: string;
  label: string;
  plural: string;
  icon: string;
  description: string;
  title: string;
  group: string | null;
  owner: string | null;
  setup: boolean;
  /** Titles of records that Farley made: they are translated as long as nobody renames them. */
  shipped?: string[];
  /** Whether it stands among the lists people go to. */
  listed: boolean;
  custom: boolean;
  list: { columns: string[]; sort: string[] };
  highlights: string[];
  board: { by: string; sum: string | null; rank: string | null; marks: string | null } | null;
  timeline: { about: string; at: string; replyTo: string | null; mentions: string | null } | null;
  /** The link to the record above; null where records do not stand below each other. */
  hierarchy: string | null;
  /** What is summed up over records that belong to another one, by values of a choice. */
  totals: { by: string; of: string[]; sum: string } | null;
  /** How records stand in their owner's day. */
  agenda: {
    at: string;
    until: string | null;
    lasts: string | null;
    allDay: string | null;
    /** The rule of a series. */
    repeats: string | null;
    remindAt: string | null;
    done: { field: string; is: string; verb: string } | null;
  } | null;
  /** Who is asked to be there besides the owner: a field of users, their answers by id, and the verb that answers. */
  guests: { users: string; answers: string; verb: string } | null;
  /** Reasons for which owners look at records. */
  attention: { name: string; label: string; when: Json }[];
  /** Letter that makes a new one, after `c`. */
  key: string | null;
  /** What this actor may do with at least some records. Whether a certain record is in reach shows when it is read. */
  can: { create: boolean; edit: boolean; delete: boolean; export: boolean };
  /** Formats in which its lists can be exported. */
  formats: ExportFormat[];
  /** Fields that are compared to find duplicates; none where there are no rules. */
  duplicates: string[];
  /** Whether the quality of its records is measured. */
  quality: boolean;
  fields: MetaField[];
  /** Ways back along links: related lists of the record page. */
  relations: { name: string; label: string; object: string; field: string }[];
  verbs: MetaVerb[];
}

export interface Meta {
  /** Changes whenever objects, fields or rights do. */
  version: string;
  workspace: {
    name: string;
    label: string;
    locale: string;
    timeZone: string;
    country: string;
    currency: string;
  };
  me: {
    id: string;
    name: string;
    role: string;
    /** In which they read the interface (BCP 47); null for that of the workspace. */
    language: string | null;
    /** By whose clock they live (IANA); null for that of their device. */
    timeZone: string | null;
    administer: boolean;
  };
  objects: MetaObject[];
  /** Field types for administrators who add fields. */
  types: { name: string; label: string; help: string; icon: string; options: Record<string, Json> | null }[];
}

/** A field as `GET /api/objects?brief=true` has it: what is as usual is left out, and lists are named by their place. */
export interface BriefField
  extends Omit<MetaField, keyof BriefMeta['usual'] | 'operators' | 'aggregates'>,
    Partial<BriefMeta['usual']> {
  operators: number;
  aggregates: number;
}

/** `Meta`, with what fields have in common said once. */
export interface BriefMeta extends Omit<Meta, 'objects'> {
  usual: Pick<
    MetaField,
    | 'help'
    | 'group'
    | 'required'
    | 'fallback'
    | 'unique'
    | 'hidden'
    | 'system'
    | 'custom'
    | 'default'
    | 'editable'
    | 'sortable'
    | 'groupable'
    | 'buckets'
    | 'relation'
  >;
  operators: MetaField['operators'][];
  aggregates: MetaField['aggregates'][];
  objects: (Omit<MetaObject, 'fields'> & { fields: BriefField[] })[];
}
