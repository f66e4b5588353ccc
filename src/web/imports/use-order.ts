/** Ordering what is prepared: the import itself, and its check. */
import { getRouteApi } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { Json } from '../../engine/index.ts';
import { orderImport } from '../model/jobs.ts';
import { fail } from '../model/records.ts';
import { type Draft, noteCheck, planOf, planText, setDraft } from './draft.ts';

const route = getRouteApi('/frame/import');

export function useOrder(draft: Draft) {
  const navigate = route.useNavigate();
  const [busy, setBusy] = useState(false);
  const ordered = useRef(false);
  const plan = planOf(draft);
  const text = planText(plan);
  const send = (dryRun: boolean) =>
    orderImport({ files: draft.files.map(({ id }) => id), tables: plan as unknown as Json, dryRun });

  async function run(work: () => Promise<void>) {
    // Pressing twice is one order.
    if (ordered.current) return;
    ordered.current = true;
    setBusy(true);
    try {
      await work();
    } catch (error) {
      fail(error);
    }
    ordered.current = false;
    setBusy(false);
  }

  return {
    busy,
    /** Differs with everything that is decided. */
    plan: text,
    /** Whether the last check was of what stands now. */
    checked: draft.check?.plan === text,
    check: () => run(async () => noteCheck({ job: await send(true), plan: text })),
    start: () =>
      run(async () => {
        const job = await send(false);
        await navigate({ search: { job } });
        setDraft(null);
      }),
  };
}
