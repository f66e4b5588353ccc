/** The first steps of a workspace and its sample data, for those who set it up. */
import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { t } from 'i18next';
import { useEffect, useState } from 'react';
import type { FirstSteps } from '../../engine/index.ts';
import { record, str } from '../../fields/read.tsx';
import { toast } from '../../kit/toast.tsx';
import { read, write } from '../api.ts';
import { isOver, jobQuery } from '../model/jobs.ts';
import { useMeta } from '../model/meta.tsx';
import { fail, useActions } from '../model/records.ts';

const key = ['firstSteps'] as const;

/** Without data until they are known, and for those who do not administer. */
export function useFirstSteps(): UseQueryResult<FirstSteps> {
  const { me } = useMeta();
  return useQuery({
    queryKey: key,
    queryFn: () => read<FirstSteps>('/api/first-steps'),
    enabled: me.administer,
  });
}

/** Loading or removing it: a job, told when it is over. */
export function useSample() {
  const client = useQueryClient();
  const actions = useActions();
  const [running, setRunning] = useState<{ id: string; act: 'load' | 'remove' } | null>(null);
  const { data: job } = useQuery({ ...jobQuery(running?.id ?? ''), enabled: running !== null });
  const over = running !== null && isOver(job);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the job is over.
  useEffect(() => {
    if (!over || !job || !running) return;
    setRunning(null);
    void client.invalidateQueries();
    if (job.state !== 'done') {
      toast(t('sample.failed'), { tone: 'wrong', detail: job.error ?? undefined });
      return;
    }
    const { records, changeSet } = record(job.result);
    if (running.act === 'load') toast(t('sample.loaded'));
    else
      toast(t('sample.removed', { count: Number(records ?? 0) }), {
        ...(str(changeSet)
          ? { action: { label: t('toast.undo'), run: () => void actions.undo(str(changeSet)) } }
          : {}),
      });
  }, [over]);

  async function order(act: 'load' | 'remove') {
    try {
      const { data } = await write<{ id: string }>(act === 'load' ? 'POST' : 'DELETE', '/api/sample');
      setRunning({ id: data.id, act });
    } catch (error) {
      fail(error);
    }
  }
  return { doing: running?.act ?? null, load: () => order('load'), remove: () => order('remove') };
}
