/**
 * The workspace that is measured: contacts, companies, deals and timeline entries, made by PostgreSQL from a seed, with
 * the change log and search entries that the write path would have left. The same rows every time.
 */
import type { Context } from '../src/engine/index.ts';
import { type Sql, sql, tableOf } from '../src/engine/index.ts';

export interface Size {
  people: number;
  companies: number;
  deals: number;
  /** Notes; each stands in the timeline of one person. */
  notes: number;
}

/** The proportions of the issue: 1 M contacts, 200 k companies, 300 k deals, 2 M timeline entries. */
export function sizeOf(people: number): Size {
  return { people, companies: Math.ceil(people / 5), deals: Math.ceil((people * 3) / 10), notes: people * 2 };
}

/** A stable id for the n-th record of a kind. */
const id = (kind: number, n: string) =>
  sql`(lpad(to_hex(${kind}::int), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(${sql.raw(n)}), 12, '0'))::uuid`;
const given = [
  'Anna',
  'Ben',
  'Carla',
  'David',
  'Eva',
  'Felix',
  'Greta',
  'Hugo',
  'Ida',
  'Jonas',
  'Klara',
  'Leo',
  'Mia',
  'Noah',
  'Olga',
  'Paul',
];
const family = [
  'Adler',
  'Bauer',
  'Carter',
  'Dvořák',
  'Eder',
  'Fischer',
  'Gruber',
  'Huber',
  'Ivanova',
  'Jansen',
  'Kovács',
  'Lang',
  'Meier',
  'Novak',
  'Öhler',
  'Petit',
  'Quinn',
  'Rossi',
  'Steiner',
  'Toth',
  'Urban',
  'Vogel',
  'Weber',
  'Yılmaz',
  'Zeman',
];
/** Endings by which 25 family names become 20,000. */
const endings = [
  '',
  'man',
  'berg',
  'er',
  'feld',
  'hofer',
  'ov',
  'ski',
  'sen',
  'inger',
  'wald',
  'stein',
  'ek',
  'ara',
  'ini',
  'ley',
  'ton',
  'dorf',
  'mayr',
  'ulescu',
];
const beginnings = [
  '',
  'Al',
  'Bo',
  'Che',
  'Dra',
  'El',
  'Fro',
  'Gra',
  'Hin',
  'Ir',
  'Kra',
  'Lo',
  'Mar',
  'Nie',
  'Or',
  'Pru',
  'Ra',
  'Scho',
  'Tra',
  'Ul',
  'Va',
  'Wi',
  'Za',
  'Mc',
  'De',
  'San',
  'Ter',
  'Von',
  'Gal',
  'Hol',
  'Jar',
  'Kor',
  'Lin',
  'Mon',
  'Nor',
  'Pel',
  'Quar',
  'Ros',
  'Sil',
  'Tam',
];
const pick = (words: string[], n: string) => sql`(${words}::text[])[1 + (${sql.raw(n)}) % ${words.length}]`;

/** A number that looks like chance and is the same in every run. */
const chance = (seed: number) => `(hashint8extended(n, ${seed}) & 1073741823)`;

/** Most people have one of the common names, a third one of 20,000. */
const surname = (n: string) => sql`case when ${sql.raw(n)} % 3 > 0 then ${pick(family, `(${n}) / 3`)} else
  initcap(${pick(beginnings, `(${n}) / 75`)} || ${pick(family, `(${n}) / 3`)} || ${pick(endings, `(${n}) / 3000`)}) end`;

/** Fills the workspace; answers false when it holds that size already. */
export async function generate(ctx: Context, size: Size, log: (sentence: string) => void): Promise<boolean> {
  const table = (name: string) => tableOf(ctx.schema, name);
  const [held] = await ctx.db.run<{ n: number }>(sql`select count(*) as n from ${table('person')}`);
  if (held!.n >= size.people) return false;
  const [owner] = await ctx.db.run<{ id: string }>(sql`select id from ${table('user')} order by id limit 1`);
  const [stage] = await ctx.db.run<{ ids: string[]; pipeline: string }>(
    sql`select array_agg(id)::text[] as ids, min(pipeline_id::text) as pipeline from ${table('stage')}`,
  );
  const run = async ([what, statement]: Step) => {
    const begun = performance.now();
    await ctx.db.for('upkeep').transaction(async tx => {
      await tx.client.query(
        "set local statement_timeout = 0; set local synchronous_commit = off; set local session_replication_role = replica; set local maintenance_work_mem = '1GB'",
      );
      await tx.run(statement);
    });
    log(`${what}: ${Math.round((performance.now() - begun) / 1000)} s`);
  };
  // Filled first and indexed afterwards, which is what makes ten million possible.
  const indexes = await ctx.db.run<{ name: string; definition: string }>(
    sql`select indexname as name, indexdef as definition from pg_indexes i where schemaname = ${ctx.schema}
      and tablename = any(${['company', 'person', 'deal', 'note', 'note_about', 'change', 'search_entry', 'search_word']}::text[])
      and not exists (select 1 from pg_constraint c where c.conname = i.indexname)`,
  );
  for (const { name } of indexes) await ctx.db.run(sql`drop index ${sql.id(ctx.schema, name)}`);
  for (const step of [
    ...records(ctx.schema, size, owner!.id, stage!, ctx.settings.currency),
    ...traces(ctx.schema),
  ])
    await run(step);
  for (const { name, definition } of indexes) await run([`index ${name}`, sql.raw(definition)]);
  await run(['statistics', sql`analyze`]);
  return true;
}

type Step = [what: string, statement: Sql];

function records(
  schema: string,
  size: Size,
  owner: string,
  stage: { ids: string[]; pipeline: string },
  currency: string,
): Step[] {
  const table = (name: string) => tableOf(schema, name);
  const made = sql`timestamptz '2026-01-01' + make_interval(secs => n)`;
  return [
    [
      'companies',
      sql`insert into ${table('company')} (id, name, sector, domain, owner_id, created_at, updated_at, created_by_id)
    select ${id(1, 'n')}, ${pick(family, 'n')} || ' ' || n, (array['software','retail','medical','finance'])[1 + n % 4], 'company' || n || '.example', ${owner}::uuid, ${made}, ${made}, ${owner}::uuid
    from generate_series(1, ${size.companies}::bigint) n`,
    ],
    [
      'contacts',
      sql`insert into ${table('person')} (id, name, name_given, name_family, email, phone, job_title, company_id, owner_id, lifecycle, created_at, updated_at, created_by_id)
    select ${id(2, 'n')}, ${pick(given, chance(1))} || ' ' || ${surname(chance(2))}, ${pick(given, chance(1))}, ${surname(chance(2))}, 'person' || n || '@company' || (1 + n % ${size.companies}) || '.example',
      '+43' || (6600000000 + n), (array['Buyer','Engineer','Director','Assistant'])[1 + n % 4], ${id(1, `1 + n % ${size.companies}`)}, ${owner}::uuid,
      (array['subscriber','lead','opportunity','customer','former'])[1 + n % 5], ${made}, ${made}, ${owner}::uuid
    from generate_series(1, ${size.people}::bigint) n`,
    ],
    [
      'deals',
      sql`insert into ${table('deal')} (id, name, company_id, amount, amount_currency, pipeline_id, stage_id, probability, status, owner_id, rank, close_date, created_at, updated_at, created_by_id)
    select ${id(3, 'n')}, 'Deal ' || n, ${id(1, `1 + n % ${size.companies}`)}, (n * 37) % 100000, ${currency}, ${stage.pipeline}::uuid, (${stage.ids}::uuid[])[1 + n % ${stage.ids.length}], 10, 'open', ${owner}::uuid, -n, date '2026-01-01' + (n % 365)::int, ${made}, ${made}, ${owner}::uuid
    from generate_series(1, ${size.deals}::bigint) n`,
    ],
    [
      'notes',
      sql`insert into ${table('note')} (id, subject, body, owner_id, created_at, updated_at, created_by_id)
    select ${id(4, 'n')}, 'Note ' || n, 'Talked about order ' || n || ' and the next delivery.', ${owner}::uuid, ${made}, ${made}, ${owner}::uuid
    from generate_series(1, ${size.notes}::bigint) n`,
    ],
    [
      'timeline entries',
      sql`insert into ${table('note_about')} (owner_id, position, target_object, target_id)
    select ${id(4, 'n')}, 0, 'person', ${id(2, `1 + n % ${size.people}`)} from generate_series(1, ${size.notes}::bigint) n`,
    ],
  ];
}

/** What the write path would have left: the change log and the search entries. */
function traces(schema: string): Step[] {
  const table = (name: string) => tableOf(schema, name);
  return [
    [
      'the change log',
      sql`with cs as (insert into ${table('change_set')} (id, at, actor_id, actor_name, via) values (gen_random_uuid(), now(), null, 'Bench', 'seed') returning id)
    insert into ${table('change')} (set_id, object, record_id, kind, version, fields, at)
    select cs.id, r.object, r.id, 'created', 1, jsonb_build_object('name', jsonb_build_array(null, r.title)), r.created_at from cs, (
      select 'person' as object, id, name as title, created_at from ${table('person')} union all select 'company', id, name, created_at from ${table('company')}
      union all select 'deal', id, name, created_at from ${table('deal')}) r`,
    ],
    [
      'search entries',
      sql`insert into ${table('search_entry')} (object, record_id, title, title_words, words, parts)
    select r.object, r.id, r.title, t.words, array_to_tsvector(array_remove(string_to_array(t.words || ' ' || m.words, ' '), '')), jsonb_build_object('name', jsonb_build_array(r.title, t.words), 'email', jsonb_build_array(r.more, m.words))
    from (select 'person' as object, id, name as title, email || ' ' || phone || ' ' || reverse(phone) as more from ${table('person')}
      union all select 'company', id, name, domain from ${table('company')} union all select 'deal', id, name, '' from ${table('deal')}) r,
      lateral (select translate(lower(r.title), 'áčřöüžŽÖÁıŞ', 'acrouzzoais') as words) t,
      lateral (select translate(lower(r.more), '@.+', '   ') as words) m`,
    ],
    [
      'the vocabulary',
      sql`insert into ${table('search_word')} (word) select distinct w.word from ${table('search_entry')} e, unnest(tsvector_to_array(e.words)) w(word)
        where w.word ~ '^[[:alpha:]]{3,40}$'`,
    ],
  ];
}

/** Ids of the generated records, for requests. */
export const personId = (n: number) => `00000002-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
