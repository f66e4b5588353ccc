/** Working through a call list: whose turn it is, what came of the call, and who else is calling. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Json, MetaObject } from '../../../engine/index.ts';
import { t } from '../../../kit/words.ts';
import { type Row, read, write } from '../../../web/api.ts';
import { objectNamed, titleOf, useMeta } from '../../../web/model/meta.tsx';
import { fail, useActions } from '../../../web/model/records.ts';
import { openDialog } from '../../../web/shell/dialogs.ts';
import { againAt, type Step } from './calling-view.ts';
import type { CallProgress } from './progress.ts';
import { useCallClock } from './use-call-clock.ts';

/** How often the page says that someone is still calling, and asks how far the others are, in milliseconds. */
const [stillHere, others] = [60_000, 15_000];

interface Turn {
  next: string | null;
}

export function useCallLists(id?: string) {
  return useQuery({
    queryKey: ['records', 'callOutcome', 'groups', { callLists: id ?? 'all' }],
    queryFn: ({ signal }) =>
      read<CallProgress[]>('/api/reports/callLists', { body: id ? { id } : {}, signal }),
    refetchInterval: id ? others : false,
  });
}

/** Whose turn it is. Asking keeps the record from others for some minutes. */
export function useTurn(list: string) {
  const key = ['calling', list];
  const turn = useQuery({
    queryKey: key,
    queryFn: async () => {
      const { data } = await write<{ result: Turn }>('POST', `/api/callLists/${list}/call`, {});
      return data.result;
    },
    refetchInterval: stillHere,
    refetchOnWindowFocus: false,
    retry: false,
    gcTime: 0,
  });
  // Whoever closes the window instead is taken to have gone a few minutes later.
  useEffect(
    () => () => {
      write('POST', `/api/callLists/${list}/call`, { leave: true }).catch(() => undefined);
    },
    [list],
  );
  return turn;
}

function again(step: 'soon' | 'tomorrow' | 'week', title: string) {
  return { subject: t('calling.again', { title }), dueAt: againAt(step, new Date()).toISOString() };
}

/** One call: first what came of it, then what follows; the second choice writes both and goes on. */
export function useCall(list: CallProgress, object: MetaObject, row: Row) {
  const meta = useMeta();
  const actions = useActions();
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<string | null>(null);
  const [notes, setNotes] = useState('');
  const clock = useCallClock();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const title = titleOf(meta, object, row);

  async function finish(came: string, next: { subject: string; dueAt: string } | null) {
    const lists = objectNamed(meta, 'callList');
    if (!lists || busy) return false;
    setBusy(true);
    const input: Record<string, Json> = { of: row.id, outcome: came, ...clock.times() };
    if (notes.trim()) input.notes = notes;
    if (next) input.next = next;
    try {
      const label = t(came === 'skipped' ? 'calling.skip' : 'calling.do');
      const answer = await actions.run(lists, list.id, 'call', label, input);
      client.setQueryData(['calling', list.id], (answer.data as { result?: Turn }).result);
      return true;
    } catch (error) {
      fail(error);
      setBusy(false);
      return false;
    }
  }

  return {
    title,
    outcome,
    /** The call is over once somebody says what came of it; writing it down takes no part of it. */
    setOutcome(came: string | null) {
      if (came) clock.stop();
      setOutcome(came);
    },
    clock,
    notes,
    setNotes,
    busy,
    /** Whether a task of one's own is being written. */
    asking,
    setAsking,
    skip: () => void finish('skipped', null),
    withTask: (subject: string, dueAt: string) => void finish(outcome!, { subject, dueAt }),
    async choose(step: Step) {
      if (!outcome) return;
      if (step === 'task') return setAsking(true);
      if (step === 'meeting') {
        const about = [{ object: object.name, id: row.id, title }];
        if (await finish(outcome, null))
          openDialog({ kind: 'create', object: 'meeting', values: { about, subject: title } });
        return;
      }
      await finish(outcome, step === 'nothing' ? null : again(step, title));
    },
  };
}

export type CallModel = ReturnType<typeof useCall>;
