/** Who takes part in a deal, and what they are to each other, as far as the reader knows it. */
import type { Json, MetaObject } from '../../../engine/index.ts';
import { list, record, reference, str } from '../../../fields/read.tsx';
import type { Row } from '../../../web/api.ts';
import { rowsOf } from '../../../web/model/cache.ts';
import type { Filter } from '../../../web/model/filter.ts';
import { objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { useRecords } from '../../../web/model/records.ts';
import { mapOf, type Stakeholder, type Tie } from './stakeholders.ts';

/** More are a list and no picture. */
const most = 40;

function contactsOf(row: Row) {
  const all = list(row.contacts).flatMap(item => {
    const of = reference(item);
    return of ? [{ id: of.id, title: of.title ?? '', role: str(record(item).role) || null }] : [];
  });
  return all.filter(({ id }, at) => all.findIndex(other => other.id === id) === at).slice(0, most);
}

function tieOf(row: Row): Tie {
  return {
    id: row.id,
    from: reference(row.from)?.id ?? '',
    kind: str(row.kind),
    to: reference(row.to)?.id ?? '',
    strength: typeof row.strength === 'number' ? row.strength : null,
    stance: str(row.stance) || null,
  };
}

export function useStakeholders(object: MetaObject, row: Row) {
  const meta = useMeta();
  const contacts = contactsOf(row);
  const ids = contacts.map(({ id }) => id);
  const [person, relation] = [objectNamed(meta, 'person'), objectNamed(meta, 'relation')];
  const people = useRecords(
    person ?? object,
    {
      filter: { field: 'id', op: 'isAnyOf', value: ids },
      fields: ['name', 'jobTitle', 'reportsTo'],
      limit: most,
    },
    person !== undefined && ids.length > 0,
  );
  const parties: Json = ids.map(id => ({ object: 'person', id }));
  const among: Filter = {
    and: ['from', 'to'].map(field => ({ field, op: 'isAnyOf', value: parties })),
  };
  const related = useRecords(
    relation ?? object,
    { filter: among, fields: ['from', 'kind', 'to', 'strength', 'stance', 'until'], limit: 200 },
    relation !== undefined && ids.length > 1,
  );
  const known = new Map(rowsOf(people.data).map(each => [each.id, each]));
  const today = new Date().toISOString().slice(0, 10);
  const ties = rowsOf(related.data)
    .filter(({ until }) => !until || str(until) >= today)
    .map(tieOf);
  const stakeholders = contacts.map((each): Stakeholder => {
    const found = known.get(each.id);
    return {
      ...each,
      jobTitle: str(found?.jobTitle) || null,
      reportsTo: reference(found?.reportsTo)?.id ?? null,
    };
  });
  const coming =
    ids.length > 0 && ((person && people.isPending) || (ids.length > 1 && relation && related.isPending));
  return {
    coming: Boolean(coming),
    error: people.error ?? related.error,
    map: mapOf(stakeholders, ties),
    person,
    relation,
  };
}
