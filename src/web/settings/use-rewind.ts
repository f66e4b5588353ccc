/** Taking the records of an object back to a moment: ordered as a job, looked at until it is over. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Json, MetaObject, RewindResult } from '../../engine/index.ts';
import { read, write } from '../api.ts';
import { fail } from '../model/records.ts';

/** How such a job stands. */
export interface Run {
  state: string;
  done: number;
  error: string | null;
  result: RewindResult | null;
}

/** Whether a job that was asked for has ended, well or not. */
export const over = (run: Run | undefined) =>
  run !== undefined && !['queued', 'running', 'waiting'].includes(run.state);

/** A job that was ordered, looked at until it is over. */
function useRun(id: string | null) {
  return useQuery({
    queryKey: ['rewind', id],
    queryFn: () => read<Run>(`/api/jobs/${id}`),
    enabled: id !== null,
    refetchInterval: query => (over(query.state.data) ? false : 500),
  });
}

/** Looks first, then puts back what was looked at: the same object and moment. */
export function useRewind() {
  const client = useQueryClient();
  const [looked, setLooked] = useState<{ object: MetaObject; at: string; run: string } | null>(null);
  const [doing, setDoing] = useState<string | null>(null);

  async function order(object: MetaObject, body: Record<string, Json>): Promise<string | null> {
    try {
      return (await write<{ id: string }>('POST', `/api/${object.path}/restore-to`, body)).data.id;
    } catch (error) {
      fail(error);
      return null;
    }
  }

  const look = useRun(looked?.run ?? null);
  const work = useRun(doing);
  const done = over(work.data);
  useEffect(() => {
    if (done) void client.invalidateQueries({ queryKey: ['records'] });
  }, [client, done]);

  return {
    looked,
    look,
    work,
    async preview(object: MetaObject, at: string) {
      setDoing(null);
      const run = await order(object, { at, dryRun: true });
      setLooked(run ? { object, at, run } : null);
    },
    async restore() {
      if (looked) setDoing(await order(looked.object, { at: looked.at, keep: true }));
    },
    forget() {
      setLooked(null);
      setDoing(null);
    },
  };
}
