/** The scan of an object that this window has ordered. */
import { useQueryClient } from '@tanstack/react-query';
import type { MetaObject } from '../../engine/index.ts';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { write } from '../api.ts';
import { useMeta } from '../model/meta.tsx';
import { fail, keys } from '../model/records.ts';
import { useRun } from './run.ts';

const place = (object: MetaObject) => `farley-scan-${object.name}`;

export function rememberScan(object: MetaObject, run: string) {
  sessionStorage.setItem(place(object), run);
}

export function useScan(object: MetaObject) {
  const { locale } = useMeta().workspace;
  const client = useQueryClient();
  const { running, share, follow } = useRun<{ records: number; pairs: number }>(place(object), result => {
    if (result) {
      const { records = 0, pairs = 0 } = result;
      toast(t('duplicates.scanDone', { count: pairs, records: records.toLocaleString(locale) }));
    } else toast(t('duplicates.scanFailed'), { tone: 'wrong' });
    void client.invalidateQueries({ queryKey: keys.object(object.name) });
  });

  async function start() {
    try {
      follow((await write<{ run: string }>('POST', `/api/${object.path}/duplicates/scan`)).data.run);
    } catch (error) {
      fail(error);
    }
  }

  return { running, share, start };
}
