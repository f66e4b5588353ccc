/** The scan of an object that this window has ordered, kept for the session so that it survives a reload. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaObject } from '../../engine/index.ts';
import { toast } from '../../kit/toast.tsx';
import { ApiError, read, write } from '../api.ts';
import { useMeta } from '../model/meta.tsx';
import { fail, keys } from '../model/records.ts';

interface Run {
  state: string;
  done: number;
  total: number | null;
  result: { records?: number; pairs?: number } | null;
}

const place = (object: MetaObject) => `farley-scan-${object.name}`;

export function rememberScan(object: MetaObject, run: string) {
  sessionStorage.setItem(place(object), run);
}

export function useScan(object: MetaObject) {
  const { t } = useTranslation();
  const { locale } = useMeta().workspace;
  const client = useQueryClient();
  const [run, setRun] = useState(() => sessionStorage.getItem(place(object)));
  const looked = useQuery({
    queryKey: ['scan', run],
    queryFn: () => read<Run>(`/api/jobs/${run}`),
    enabled: run !== null,
    refetchInterval: 700,
    staleTime: 0,
  });
  const state = looked.data?.state;
  const gone = looked.error instanceof ApiError && looked.error.status === 404;

  useEffect(() => {
    if (run === null || !(gone || (state && !['queued', 'running', 'waiting'].includes(state)))) return;
    sessionStorage.removeItem(place(object));
    setRun(null);
    if (gone) return;
    const { records = 0, pairs = 0 } = looked.data?.result ?? {};
    if (state === 'done')
      toast(t('duplicates.scanDone', { count: pairs, records: records.toLocaleString(locale) }));
    else toast(t('duplicates.scanFailed'), { tone: 'wrong' });
    void client.invalidateQueries({ queryKey: keys.object(object.name) });
  }, [run, state, gone, looked.data, object, client, t, locale]);

  async function start() {
    try {
      const answer = await write<{ run: string }>('POST', `/api/${object.path}/duplicates/scan`);
      rememberScan(object, answer.data.run);
      setRun(answer.data.run);
    } catch (error) {
      fail(error);
    }
  }

  const { done = 0, total = null } = looked.data ?? {};
  return { running: run !== null, share: total ? done / total : null, start };
}
