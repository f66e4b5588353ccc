/** The search index made anew from the records. */
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import type { Values } from '../object.ts';
import { parseScopeOf } from '../records/draft.ts';
import { storedJson, tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { nameByTitle, titleIsComputed } from '../records/store.ts';
import { sql } from '../sql.ts';
import { entryOf } from './words.ts';

const batchSize = 1_000;

/** Fills the empty search index of a workspace whose records are all there. `ctx` acts as the system. */
export async function rebuildSearch(ctx: Context, tx: Transaction) {
  const entries = tableOf(ctx.schema, 'search_entry');
  const parse = parseScopeOf(ctx);
  for (const object of ctx.model.objects.values()) {
    const scope = scopeOf(ctx, object);
    const id = sql.ref(`${scope.alias}.id`);
    for (let last: string | null = null; ; ) {
      const after = last === null ? sql`true` : sql`${id} > ${last}::uuid`;
      const found: { j: string }[] = await tx.run<{ j: string }>(
        sql`select ${storedJson(object, scope)}::text as j from ${scope.source} where ${after} order by ${id} limit ${batchSize}`,
      );
      if (found.length === 0) break;
      const records = found.map(row => JSON.parse(row.j) as Values & { id: string });
      const rows = records.map(record => ({ record_id: record.id, ...entryOf(object, record, parse) }));
      await tx.run(
        sql`insert into ${entries} (object, record_id, title, title_words, words, parts)
          select ${object.name}, record_id, title, title_words, words, parts
          from json_to_recordset(${JSON.stringify(rows)}::json) as r(record_id uuid, title text, title_words text, words tsvector, parts jsonb)`,
      );
      if (titleIsComputed(object)) await nameByTitle(ctx, tx, object, records);
      last = records.at(-1)!.id;
    }
  }
  await tx.run(
    sql`insert into ${tableOf(ctx.schema, 'search_word')} (word) select distinct w.word
      from ${entries} e, unnest(tsvector_to_array(e.words)) w(word) where w.word ~ '^[[:alpha:]]{3,40}$'`,
  );
}
