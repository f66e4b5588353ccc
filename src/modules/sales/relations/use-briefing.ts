/** The briefing of a record, and what is done from there. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { MetaObject } from '../../../engine/index.ts';
import { type Row, read } from '../../../web/api.ts';
import { objectNamed, titleOf, useMeta } from '../../../web/model/meta.tsx';
import { useActions } from '../../../web/model/records.ts';
import { openDialog } from '../../../web/shell/dialogs.ts';
import type { BriefingAnswer } from './briefing.ts';

export interface RelationTold {
  id: string;
  kind: string;
  from: { object: string; id: string; title: string };
  to: { object: string; id: string; title: string };
  strength: number | null;
  stance: string | null;
  until: string | null;
}

export function useBriefing(object: MetaObject, row: Row) {
  const meta = useMeta();
  const actions = useActions();
  const client = useQueryClient();
  const key = ['records', 'promise', 'groups', { briefing: row.id }];
  const found = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      read<BriefingAnswer>('/api/reports/briefing', { body: { object: object.name, id: row.id }, signal }),
  });
  const [promise, relation] = [objectNamed(meta, 'promise'), objectNamed(meta, 'relation')];

  async function decide(id: string, name: 'accept' | 'dismiss') {
    const verb = promise?.verbs.find(each => each.name === name);
    if (!promise || !verb) return;
    await actions.run(promise, id, verb.name, verb.label, {});
    await client.invalidateQueries({ queryKey: key });
  }

  const related = object.name === 'person' || object.name === 'company';
  return {
    ...found,
    relations: (found.data?.relations ?? []) as RelationTold[],
    decide: promise?.can.edit ? decide : null,
    relate:
      related && relation?.can.create
        ? () =>
            openDialog({
              kind: 'create',
              object: 'relation',
              values: { from: { object: object.name, id: row.id, title: titleOf(meta, object, row) } },
              onMade: () => void client.invalidateQueries({ queryKey: key }),
            })
        : null,
  };
}
