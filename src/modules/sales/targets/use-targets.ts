/** What the page of targets asks for, and where its figures lead. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { MetaObject } from '../../../engine/index.ts';
import { viewOf } from '../../../fields/views.ts';
import { read } from '../../../web/api.ts';
import { rowsOf } from '../../../web/model/cache.ts';
import { momentsOf } from '../../../web/model/days.ts';
import type { Filter } from '../../../web/model/filter.ts';
import { fieldOf, formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { useActions, useRecords } from '../../../web/model/records.ts';
import { countsFor } from '../deals/whose.ts';
import type { Progress } from './progress.ts';

/** It stands with what is counted of deals: it is asked for anew when they change, and when targets do. */
export function useProgress() {
  return useQuery({
    queryKey: ['records', 'deal', 'groups', { report: 'targets' }],
    queryFn: ({ signal }) => read<Progress>('/api/reports/targets', { body: {}, signal }),
  });
}

export function useAskAnew() {
  const client = useQueryClient();
  return () =>
    void client.invalidateQueries({ queryKey: ['records', 'deal', 'groups', { report: 'targets' }] });
}

type TargetLine = Progress['targets'][number];

/** Where and when what a metric counts stands. */
const behind: Record<string, [path: string, on: string, filter: Filter | null]> = {
  wonRevenue: ['deals', 'closeDate', { field: 'status', op: 'is', value: 'won' }],
  overlayRevenue: ['deals', 'closeDate', { field: 'status', op: 'is', value: 'won' }],
  dealsWon: ['deals', 'closeDate', { field: 'status', op: 'is', value: 'won' }],
  newPipeline: ['deals', 'openedOn', null],
  dealsOpened: ['deals', 'openedOn', null],
  meetingsHeld: ['meetings', 'startsAt', { field: 'held', op: 'is', value: true }],
  calls: ['calls', 'startedAt', null],
  tasksDone: ['tasks', 'completedAt', { field: 'status', op: 'is', value: 'done' }],
  leadsConverted: ['leads', 'convertedAt', { field: 'status', op: 'is', value: 'converted' }],
  contactedInTime: ['leads', 'firstContactAt', { field: 'contactState', op: 'is', value: 'onTime' }],
  quotesSent: ['quotes', 'sentAt', null],
};

/** The records behind a target, as far as the reader sees them; null where the view is of an object that is gone. */
export function useRecordsBehind() {
  const meta = useMeta();
  return ({ metric, view, from, to, people }: TargetLine) => {
    if (view) {
      const object = objectNamed(meta, view.object);
      return object ? ofView(object, view, { from, to }, formatOf(meta).timeZone) : null;
    }
    const known = behind[metric ?? ''];
    if (!known) return null;
    const [path, on, filter] = known;
    const moment = !['closeDate', 'openedOn'].includes(on);
    // Days are those of the workspace, as the metrics count them.
    const value = moment ? momentsOf({ from, to }, formatOf(meta).timeZone) : [from, to];
    const conditions: Filter[] = [...(filter ? [filter] : []), { field: on, op: 'between', value }];
    const whose = people?.slice(0, 100);
    if (whose && metric === 'wonRevenue') conditions.push(countsFor(whose));
    else if (whose)
      conditions.push({
        field: metric === 'overlayRevenue' ? 'splits.user' : 'owner',
        op: 'isAnyOf',
        value: whose,
      });
    return {
      to: '/$object' as const,
      params: { object: path },
      search: { filter: JSON.stringify({ and: conditions }), layout: 'table' as const, view: 'all' },
    };
  };
}

/** The list of a saved view, narrowed to the days in which its records count. */
function ofView(
  object: MetaObject,
  { id, filter, day }: NonNullable<TargetLine['view']>,
  days: { from: string; to: string },
  timeZone: string,
) {
  const link = { to: '/$object' as const, params: { object: object.path } };
  const field = day && fieldOf(object, day);
  if (!field) return { ...link, search: { view: id } };
  const value = viewOf(field.type).moment === 'time' ? momentsOf(days, timeZone) : [days.from, days.to];
  const both = { and: [...(filter ? [filter] : []), { field: day, op: 'between', value }] };
  return { ...link, search: { view: id, filter: JSON.stringify(both) } };
}

/** Whether the reader stands in leaderboards, and how to change it. */
export function useTakingPart() {
  const meta = useMeta();
  const actions = useActions();
  const askAnew = useAskAnew();
  const object = objectNamed(meta, 'participation');
  const found = useRecords(object ?? meta.objects[0]!, { limit: 1 }, object !== undefined);
  const [own] = object ? rowsOf(found.data) : [];
  const hidden = own?.hidden === true;
  return {
    known: object !== undefined && !found.isPending,
    hidden,
    async change() {
      if (!object) return;
      await (own ? actions.edit(object, own, { hidden: !hidden }) : actions.create(object, { hidden: true }));
      askAnew();
    },
  };
}
