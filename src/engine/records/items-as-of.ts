/** Time travel for list-valued fields: their rows as they were. */
import type { Field } from '../field.ts';
import { type Sql, sql } from '../sql.ts';

/**
 * A FROM item called `alias` with the rows of the field's table as they were at `asOf`: today's, where the list has not
 * changed since, and otherwise those of the list before its first change after that moment.
 */
export function itemsAsOf(field: Field, schema: string, alias: string, asOf: string): Sql {
  const { storage } = field.type;
  if (storage.kind !== 'rows') throw new Error(`${field.name} is not kept as rows.`);
  const names = storage.columns.map(column => sql.id(column.suffix));
  const restored = storage.restore(sql`e.item`);
  const earlier = sql.join(restored.map((value, index) => sql`${value} as ${names[index]!}`));
  const change = sql.id(schema, 'change');
  const changedSince = sql`c.object = ${field.object} and c.at > ${asOf}::timestamptz and c.kind <> 'created' and c.fields ? ${field.name}`;
  return sql`(select i.owner_id, i.position, ${sql.join(names.map(name => sql`i.${name}`))} from ${sql.id(schema, field.table!)} i
      where not exists (select 1 from ${change} c where c.record_id = i.owner_id and ${changedSince})
    union all select b.record_id, e.position::int - 1, ${earlier}
      from (select distinct on (c.record_id) c.record_id, c.fields -> ${field.name} -> 0 as list
        from ${change} c where ${changedSince} order by c.record_id, c.seq) b,
      jsonb_array_elements(case when jsonb_typeof(b.list) = 'array' then b.list else '[]' end)
        with ordinality as e(item, position)) as ${sql.ref(alias)}`;
}
