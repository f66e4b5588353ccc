/** The first steps of a workspace and its sample data, for those who set it up. */
import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FirstSteps } from '../../engine/index.ts';
import { record, str } from '../../fields/read.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { read, write } from '../api.ts';
import { type Job, jobOver } from '../model/jobs.ts';
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

type Act = 'load' | 'remove';

/** Loading or removing it: a job, told when it is over, wherever one is by then. */
export function useSample() {
  const client = useQueryClient();
  const actions = useActions();
  const [doing, setDoing] = useState<Act | null>(null);

  function tell(job: Job, act: Act) {
    if (job.state !== 'done')
      return toast(t('sample.failed'), { tone: 'wrong', detail: job.error ?? undefined });
    if (act === 'load') return toast(t('sample.loaded'));
    const { records, changeSet } = record(job.result);
    toast(t('sample.removed', { count: Number(records ?? 0) }), actions.offerUndo(str(changeSet) || null));
  }

  async function order(act: Act) {
    setDoing(act);
    try {
      const { data } = await write<{ id: string }>(act === 'load' ? 'POST' : 'DELETE', '/api/sample');
      // An empty list offers it, and is not empty any more before the job is over.
      const job = await jobOver(client, data.id);
      await client.invalidateQueries();
      tell(job, act);
    } catch (error) {
      fail(error);
    }
    setDoing(null);
  }
  return { doing, load: () => order('load'), remove: () => order('remove') };
}
