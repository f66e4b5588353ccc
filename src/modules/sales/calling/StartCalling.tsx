import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { Json } from '../../../engine/index.ts';
import { Button } from '../../../kit/Button.tsx';
import { Area, Input, Labelled } from '../../../kit/Input.tsx';
import { t } from '../../../kit/words.ts';
import type { Filter } from '../../../web/model/filter.ts';
import { objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { fail, useActions, useRecords } from '../../../web/model/records.ts';
import s from './Calling.module.css';
import type { CallingSearch } from './calling-view.ts';

/** The list one came from becomes one to call: under a name, with what to say. */
export function StartCalling({ search }: { search: CallingSearch }) {
  const meta = useMeta();
  const navigate = useNavigate();
  const actions = useActions();
  const [of, lists] = [objectNamed(meta, search.object ?? ''), objectNamed(meta, 'callList')];
  const [name, setName] = useState(search.name ?? of?.plural ?? '');
  const [script, setScript] = useState('');
  const [busy, setBusy] = useState(false);
  const filter = search.filter ? (JSON.parse(search.filter) as Filter) : null;
  const found = useRecords(
    of ?? meta.objects[0]!,
    { filter, q: search.words, fields: [], limit: 1, count: 'exact' },
    of !== undefined,
  );
  const count = found.data?.pages[0]?.count;
  if (!of || !lists) return null;

  async function start(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const values: Record<string, Json> = {
      name: name.trim() || of!.plural,
      object: of!.name,
      filter: filter as Json,
      words: search.words ?? null,
      sort: search.sort ? search.sort.split(',') : null,
      script: script.trim() || null,
    };
    try {
      const { id } = await actions.create(lists!, values);
      await navigate({ to: '/calling' as never, search: { list: id } as never, replace: true });
    } catch (error) {
      fail(error);
      setBusy(false);
    }
  }

  return (
    <form className={s.start} onSubmit={event => void start(event)} aria-label={t('calling.new')}>
      <h2>{t('calling.new')}</h2>
      <Labelled label={t('calling.name')} htmlFor="call-name">
        <Input id="call-name" value={name} onChange={event => setName(event.target.value)} />
      </Labelled>
      <Labelled label={t('calling.script')} htmlFor="call-script" help={t('calling.scriptHelp')}>
        <Area id="call-script" value={script} onChange={event => setScript(event.target.value)} />
      </Labelled>
      <footer>
        <Button type="submit" look="primary" icon="phone-call" busy={busy} disabled={count === 0}>
          {t('calling.start')}
        </Button>
        <span className={s.fine} role="status">
          {count !== undefined && t('calling.left', { left: count })}
        </span>
      </footer>
    </form>
  );
}
