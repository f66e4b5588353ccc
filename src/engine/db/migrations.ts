/** Numbered steps for what the model does not declare: the installation's own tables and each workspace's. Never edited once released; only added to. */
import { type Sql, sql } from '../sql.ts';

/** Tables of the installation, in the schema `farley`. */
export const installationMigrations: Sql[][] = [
  [
    sql`create table farley.workspace (
      name text primary key, label text not null, settings jsonb not null, model_version int not null default 1,
      created_at timestamptz not null default now())`,
    sql`create table farley.invitation (
      token_hash text primary key, workspace text not null references farley.workspace (name) on delete cascade,
      user_id uuid, role text not null, expires_at timestamptz not null, used_at timestamptz)`,
    ...signInTables(),
    sql`create table farley.membership (
      account_id text not null references farley."user" (id) on delete cascade,
      workspace text not null references farley.workspace (name) on delete cascade, user_id uuid not null,
      primary key (account_id, workspace))`,
    sql`create unique index membership_by_user on farley.membership (workspace, user_id)`,
  ],
  [sql`create table farley.worker (id text primary key, seen timestamptz not null)`],
  // Who looks at what, where processes cannot hear each other: lost in a crash, as it may be.
  [
    sql`create unlogged table farley.presence (schema text, object text, record_id text, tab text, process text not null,
      user_id text not null, name text not null, field text, said_at timestamptz not null, primary key (schema, object, record_id, tab))`,
  ],
];

/** What better-auth 1.7 and its API key plugin keep, as their own migration tool writes it. */
function signInTables(): Sql[] {
  return [
    sql`create table farley."user" (id text primary key, name text not null, email text not null unique, "emailVerified" boolean not null,
      image text, "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null default now())`,
    sql`create table farley.session (id text primary key, "expiresAt" timestamptz not null, token text not null unique,
      "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null, "ipAddress" text, "userAgent" text,
      "userId" text not null references farley."user" (id) on delete cascade)`,
    sql`create table farley.account (id text primary key, "accountId" text not null, "providerId" text not null,
      "userId" text not null references farley."user" (id) on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text,
      "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, scope text, password text,
      "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null)`,
    sql`create table farley.verification (id text primary key, identifier text not null, value text not null, "expiresAt" timestamptz not null,
      "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null default now())`,
    sql`create table farley.apikey (id text primary key, "configId" text not null, name text, start text, "referenceId" text not null,
      prefix text, key text not null, "refillInterval" integer, "refillAmount" integer, "lastRefillAt" timestamptz, enabled boolean,
      "rateLimitEnabled" boolean, "rateLimitTimeWindow" integer, "rateLimitMax" integer, "requestCount" integer, remaining integer,
      "lastRequest" timestamptz, "expiresAt" timestamptz, "createdAt" timestamptz not null, "updatedAt" timestamptz not null,
      permissions text, metadata text)`,
    sql`create table farley."rateLimit" (id text primary key, key text not null unique, count integer not null, "lastRequest" bigint not null)`,
    sql`create index session_by_user on farley.session ("userId")`,
    sql`create index account_by_user on farley.account ("userId")`,
    sql`create index verification_by_identifier on farley.verification (identifier)`,
    sql`create index apikey_by_reference on farley.apikey ("referenceId")`,
    sql`create index apikey_by_key on farley.apikey (key)`,
  ];
}

/** Names of the tables that every workspace has besides its objects; no object may be called so. */
export const engineTables = [
  'migration',
  'change_set',
  'change',
  'search_entry',
  'search_word',
  'share',
  'external_id',
  'merged',
  'duplicate_key',
  'duplicate_pair',
  'duplicate_model',
  'duplicate_rules',
  'custom_object',
  'custom_field',
  'idempotency',
  'job_run',
  'import_batch',
  'watch',
];

/** Tables that every workspace has besides its objects. */
export function workspaceMigrations(schema: string): Sql[][] {
  return [
    firstTables(schema),
    shortPendingList(schema),
    wordsForText(schema),
    idsOfOtherSystems(schema),
    duplicates(schema),
    rulesAtRunTime(schema),
    batchesOfImports(schema),
    placesOfWatches(schema),
    fieldsOfImports(schema),
    partsOfChangeSets(schema),
  ];
}

function firstTables(schema: string): Sql[] {
  const table = (name: string) => sql.id(schema, name);
  return [
    sql`create table ${table('change_set')} (
      id uuid primary key, at timestamptz not null, actor_id uuid, actor_name text not null, via text not null,
      request_id text, verb text, label text, undoes uuid, undone_by uuid)`,
    sql`create index change_set_by_actor on ${table('change_set')} (actor_id, at desc)`,
    sql`create index change_set_by_time on ${table('change_set')} (at desc)`,
    sql`create table ${table('change')} (
      seq bigint generated always as identity primary key, xid xid8 not null default pg_current_xact_id(),
      set_id uuid not null references ${table('change_set')} (id), object text not null, record_id uuid not null,
      kind text not null, version int, fields jsonb, event text, payload jsonb, at timestamptz not null,
      prior_at timestamptz, prior_by uuid)`,
    sql`create index change_by_record on ${table('change')} (record_id, at desc, seq desc)`,
    sql`create index change_by_set on ${table('change')} (set_id, seq)`,
    sql`create index change_by_order on ${table('change')} (xid, seq)`,
    sql`create index change_by_time on ${table('change')} (object, at)`,
    sql`create table ${table('search_entry')} (
      object text not null, record_id uuid not null, title text not null, title_words text not null, words text not null,
      parts jsonb not null, primary key (object, record_id))`,
    sql`create index search_entry_words on ${table('search_entry')} using gin (words gin_trgm_ops)`,
    sql`create table ${table('share')} (
      object text not null, record_id uuid not null, grantee_id uuid not null, access text not null check (access in ('read', 'edit')),
      until timestamptz, shared_by uuid, at timestamptz not null default now(), primary key (object, record_id, grantee_id))`,
    sql`create table ${table('custom_object')} (name text primary key, spec jsonb not null, at timestamptz not null default now(), by uuid)`,
    sql`create table ${table('custom_field')} (
      object text not null, name text not null, type text not null, options jsonb not null, position int generated always as identity,
      at timestamptz not null default now(), by uuid, primary key (object, name))`,
    sql`create table ${table('idempotency')} (
      key text not null, actor text not null, request_hash text not null, status int, headers jsonb, body text,
      at timestamptz not null default now(), primary key (actor, key))`,
    sql`create table ${table('job_run')} (
      id uuid primary key, job text not null, label text not null, state text not null, payload jsonb not null, actor_id uuid,
      queued_at timestamptz not null default now(), started_at timestamptz, ended_at timestamptz, attempt int not null default 0,
      done bigint not null default 0, total bigint, skipped jsonb not null default '[]', checkpoint jsonb, error text,
      result jsonb, change_set uuid)`,
    sql`create index job_run_by_time on ${table('job_run')} (queued_at desc)`,
  ];
}

/**
 * Every search reads the list of entries not yet in the index, once per word: with 4 MB of it, twenty times as long.
 */
function shortPendingList(schema: string): Sql[] {
  const table = (name: string) => sql.id(schema, name);
  return [
    sql`alter index ${table('search_entry_words')} set (gin_pending_list_limit = 128)`,
    sql`select gin_clean_pending_list(${`${schema}.search_entry_words`}::regclass)`,
  ];
}

/**
 * Whole words instead of the trigrams of all text: a sixth of the work per write, and misspelt words are compared with the words there are, however many records have them.
 */
function wordsForText(schema: string): Sql[] {
  const table = (name: string) => sql.id(schema, name);
  return [
    sql`drop index ${table('search_entry_words')}`,
    sql`alter table ${table('search_entry')} rename column words to old_words`,
    sql`alter table ${table('search_entry')} add column words tsvector not null default ''`,
    sql`update ${table('search_entry')} e set title_words = left(title_words, 200),
      words = (regexp_replace(old_words, '[^[:alnum:]]+', ' ', 'g')
        || coalesce((select string_agg(' ~' || reverse(n[1]), '') from regexp_matches(old_words, '\\d{7,}', 'g') n), ''))::tsvector,
      parts = (select coalesce(jsonb_object_agg(p.key, jsonb_build_array(p.value -> 0,
        regexp_replace(p.value ->> 1, '[^[:alnum:]]+', ' ', 'g'))), '{}') from jsonb_each(e.parts) p)`,
    sql`alter table ${table('search_entry')} drop column old_words`,
    sql`create index search_entry_words on ${table('search_entry')} using gin (words) with (gin_pending_list_limit = 128)`,
    sql`create index search_entry_title on ${table('search_entry')} (title_words text_pattern_ops)`,
    sql`create table ${table('search_word')} (word text not null)`,
    sql`insert into ${table('search_word')} (word) select distinct w.word from ${table('search_entry')} e, unnest(tsvector_to_array(e.words)) w(word)
      where w.word ~ '^[[:alpha:]]{3,40}$'`,
    sql`create index search_word_equal on ${table('search_word')} (word)`,
    sql`create index search_word_alike on ${table('search_word')} using gin (word gin_trgm_ops) with (gin_pending_list_limit = 128)`,
    // What a change belongs to is written by the same statement; to look it up again for each change was a tenth of its cost.
    sql`alter table ${table('change')} drop constraint change_set_id_fkey`,
  ];
}

/** Ids of other systems have a table, in which an import finds thousands at once. */
function idsOfOtherSystems(schema: string): Sql[] {
  const table = (name: string) => sql.id(schema, name);
  return [
    sql`create table ${table('external_id')} (
      object text not null, source text not null, key text not null, record_id uuid not null, primary key (object, source, key, record_id))`,
    sql`create index external_id_by_record on ${table('external_id')} (record_id)`,
    sql.raw(leanerTables(schema)),
  ];
}

/**
 * Moves external ids into their table, and takes away keys and indexes that cost each write more than they give: those of
 * external ids, those on links that are mostly empty (made anew for the others), those from records to who wrote them.
 */
function leanerTables(schema: string): string {
  return `do $$ declare t record; begin
    for t in select table_name as name, lower(left(table_name, 1)) || substr(replace(initcap(replace(table_name, '_', ' ')), ' ', ''), 2) as object
        from information_schema.columns where table_schema = '${schema}' and column_name = 'external_ids' loop
      execute format('insert into ${schema}.external_id select %L, e.key, e.value, r.id from ${schema}.%I r, jsonb_each_text(r.external_ids) e', t.object, t.name);
    end loop;
    for t in select c.relname as name, k.conname as key from pg_constraint k join pg_class c on c.oid = k.conrelid
        where k.connamespace = '${schema}'::regnamespace and k.conname ~ '_(created|updated)_by_id_fkey$' loop
      execute format('alter table ${schema}.%I drop constraint %I', t.name, t.key);
    end loop;
    for t in select indexname as name from pg_indexes where schemaname = '${schema}'
        and (indexdef like '%gin (external_ids jsonb_path_ops)' or indexdef ~ 'USING btree \\([a-z_]+_id\\)$') and tablename <> 'external_id' loop
      execute format('drop index ${schema}.%I', t.name);
    end loop;
  end $$`;
}

/**
 * What was merged into what; which records may be the same. Keys are numbers that all begin with those of their object,
 * so that a whole object is walked by the index, and candidates are found without a second one.
 */
function duplicates(schema: string): Sql[] {
  const table = (name: string) => sql.id(schema, name);
  return [
    sql`create table if not exists ${table('merged')} (
      object text not null, record_id uuid not null, into_id uuid not null, set_id uuid not null, primary key (set_id, record_id))`,
    sql`create index if not exists merged_by_record on ${table('merged')} (record_id)`,
    sql`create index if not exists merged_by_survivor on ${table('merged')} (into_id)`,
    sql`alter table ${table('share')} add column if not exists merged_by uuid, add column if not exists prior jsonb`,
    sql`create index if not exists share_by_merge on ${table('share')} (merged_by) where merged_by is not null`,
    sql`create table if not exists ${table('duplicate_key')} (key bigint not null, record_id uuid not null, primary key (key, record_id))`,
    sql`create table if not exists ${table('duplicate_pair')} (
      object text not null, a uuid not null, b uuid not null, state text not null default 'open', rules text[] not null,
      score real not null, levels jsonb not null, found_at timestamptz not null, decided_at timestamptz, decided_by uuid,
      primary key (object, a, b), check (a < b))`,
    sql`create index if not exists duplicate_pair_by_score on ${table('duplicate_pair')} (object, state, score desc, a, b)`,
    sql`create table if not exists ${table('duplicate_model')} (object text primary key, model jsonb not null, at timestamptz not null)`,
  ];
}

/** Rules about duplicates that administrators changed; until when committed records have met the others for certain. */
function rulesAtRunTime(schema: string): Sql[] {
  return [
    sql`create table if not exists ${sql.id(schema, 'duplicate_rules')} (object text primary key, rules json not null, at timestamptz not null, by uuid)`,
    sql`alter table ${sql.id(schema, 'duplicate_model')} alter column model drop not null, add column if not exists met_until timestamptz`,
  ];
}

/** What came of each batch of an import, until all of it is done: an import that was cut off goes on behind it. */
function batchesOfImports(schema: string): Sql[] {
  const table = sql.id(schema, 'import_batch');
  return [
    sql`create table if not exists ${table} (set_id uuid not null, part int not null, place int not null, rows int not null, outcome jsonb not null)`,
    sql`create index if not exists import_batch_by_set on ${table} (set_id, part)`,
    sql`create unique index if not exists import_batch_once on ${table} (set_id, part, place) where rows > 0`,
  ];
}

/** How far each watch has followed the changes, and what came of it. */
function placesOfWatches(schema: string): Sql[] {
  return [
    sql`create table if not exists ${sql.id(schema, 'watch')} (
      name text primary key, position text not null, ran_at timestamptz, done bigint not null default 0,
      skipped jsonb not null default '{"count": 0, "examples": []}', failures int not null default 0, error text)`,
  ];
}

/**
 * Which change set made a field, and which one took it back: its definition stays, out of force, as what is in it does.
 */
function fieldsOfImports(schema: string): Sql[] {
  return [
    sql`alter table ${sql.id(schema, 'custom_field')} add column if not exists set_id uuid, add column if not exists undone_by uuid`,
    sql`create index if not exists custom_field_by_set on ${sql.id(schema, 'custom_field')} (set_id)`,
  ];
}

/** Acts that consist of others, each of which can be taken back by itself. */
function partsOfChangeSets(schema: string): Sql[] {
  return [
    sql`alter table ${sql.id(schema, 'change_set')} add column if not exists part_of uuid`,
    sql`create index if not exists change_set_by_whole on ${sql.id(schema, 'change_set')} (part_of) where part_of is not null`,
  ];
}
