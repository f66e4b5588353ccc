/** A job that this window has ordered, kept for the session so that it survives a reload. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { ApiError, read } from '../api.ts';

interface Run<Result> {
  state: string;
  done: number;
  total: number | null;
  result: Partial<Result> | null;
}

/** `place`: where the session keeps it. `ended` is told once, with what came of it; null where it did not work. */
export function useRun<Result>(place: string, ended: (result: Partial<Result> | null) => void) {
  const [run, setRun] = useState(() => sessionStorage.getItem(place));
  const tell = useRef(ended);
  tell.current = ended;
  const looked = useQuery({
    queryKey: ['run', run],
    queryFn: () => read<Run<Result>>(`/api/jobs/${run}`),
    enabled: run !== null,
    refetchInterval: 700,
    staleTime: 0,
  });
  const { state, done = 0, total = null, result = null } = looked.data ?? {};
  const gone = looked.error instanceof ApiError && looked.error.status === 404;

  useEffect(() => {
    if (run === null || !(gone || (state && !['queued', 'running', 'waiting'].includes(state)))) return;
    sessionStorage.removeItem(place);
    setRun(null);
    if (!gone) tell.current(state === 'done' ? (result ?? {}) : null);
  }, [run, state, gone, result, place]);

  return {
    running: run !== null,
    share: total ? done / total : null,
    follow(id: string) {
      sessionStorage.setItem(place, id);
      setRun(id);
    },
  };
}
