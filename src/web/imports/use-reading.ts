/** From files that were uploaded to a draft of the import. */
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useMeta } from '../model/meta.tsx';
import { type SentFile, setDraft, useDraft } from './draft.ts';
import { proposalFor } from './propose.ts';
import { clearUploads, useUploads } from './uploads.ts';

const route = getRouteApi('/frame/import');

/** Reads what was uploaded as soon as all of it has arrived, and goes on to the columns. */
export function useReading() {
  const meta = useMeta();
  const client = useQueryClient();
  const navigate = route.useNavigate();
  const { object: preset } = route.useSearch();
  const uploads = useUploads();
  const draft = useDraft(meta.me.id);
  const [reading, setReading] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const asked = useRef('');

  const read = useCallback(
    async (files: SentFile[], goOn: boolean) => {
      if (files.length === 0) return setDraft(null);
      setReading(true);
      setError(null);
      try {
        setDraft(await proposalFor(client, meta, files, preset, draft));
        clearUploads();
        if (goOn) await navigate({ search: { step: 'columns' } });
      } catch (problem) {
        setError(problem);
      }
      setReading(false);
    },
    [client, meta, preset, navigate, draft],
  );

  const sent = uploads.flatMap(({ id, file }): SentFile[] =>
    id === null ? [] : [{ id, name: file.name, size: file.size }],
  );
  const all = [...(draft?.files ?? []), ...sent];
  const ids = all.map(({ id }) => id).join();
  const complete = uploads.length > 0 && sent.length === uploads.length;
  useEffect(() => {
    if (!complete || asked.current === ids) return;
    asked.current = ids;
    void read(all, true);
  });
  return { uploads, draft, reading, error, all, read };
}
