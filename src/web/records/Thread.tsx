import { useMemo, useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { MentionNames } from '../../fields/mentions.ts';
import { exactly, relatively } from '../../fields/moments.tsx';
import { RichArea } from '../../fields/RichArea.tsx';
import { list, reference, str } from '../../fields/read.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { Avatar } from '../../kit/Avatar.tsx';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { fail, type TimelineEntry, useActions, useRecords } from '../model/records.ts';
import s from './Thread.module.css';
import { Value } from './Value.tsx';

/** The kind of activity that can be answered. */
function useAnswerable(): MetaObject | undefined {
  return useMeta().objects.find(object => object.timeline?.replyTo);
}

/** Answers to what stands in a timeline, oldest first, by what they answer. One request. */
export function useReplies(entries: TimelineEntry[]): Map<string, Row[]> {
  const meta = useMeta();
  const object = useAnswerable();
  const replyTo = object?.timeline?.replyTo ?? '';
  const ids = entries.filter(entry => entry.object === object?.name).map(entry => entry.recordId);
  const found = useRecords(
    object ?? (meta.objects[0] as MetaObject),
    { filter: { field: replyTo, op: 'isAnyOf', value: ids }, sort: ['createdAt'], limit: 500 },
    object !== undefined && ids.length > 0,
  );
  const { data } = found;
  return useMemo(
    () => Map.groupBy(rowsOf(data), row => reference(row[replyTo] ?? null)?.id ?? ''),
    [data, replyTo],
  );
}

function Reply({ object, row }: { object: MetaObject; row: Row }) {
  const services = useFieldServices();
  const { timeline, owner } = object;
  const text = textOf(object);
  const who = reference(row[owner ?? 'createdBy'] ?? null);
  const at = str(row.createdAt);
  const names = new Map(
    list(row[timeline?.mentions ?? ''] ?? null)
      .map(reference)
      .flatMap(user => (user ? [[user.id, user.title] as const] : [])),
  );
  return (
    <li className={s.reply}>
      <Avatar id={who?.id ?? ''} title={who?.title ?? ''} round size={20} />
      <div className={s.said}>
        <p className={s.head}>
          <b>{who?.title}</b>
          <time className={s.when} dateTime={at} title={exactly(at, services)}>
            {relatively(at, services)}
          </time>
        </p>
        <MentionNames value={names}>{text && <Value row={row} field={text} place="full" />}</MentionNames>
      </div>
    </li>
  );
}

/** What is said in it. */
function textOf(object: MetaObject) {
  return object.fields.find(field => viewOf(field.type).long && field.required);
}

/** What was answered to an entry, and answering it. */
export function Thread({ entry, replies, past }: { entry: TimelineEntry; replies: Row[]; past: boolean }) {
  const object = objectNamed(useMeta(), entry.object);
  const actions = useActions();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const replyTo = object?.timeline?.replyTo;
  const lead = object && textOf(object);
  if (!object || !replyTo || !lead) return null;

  async function send() {
    if (!object || !replyTo || !lead || text.trim() === '') return;
    const about = object.timeline?.about ?? '';
    try {
      await actions.create(object, {
        [lead.name]: text.trim(),
        [replyTo]: { id: entry.recordId, title: '' },
        [about]: entry.record?.[about] ?? null,
      });
      setText('');
      setOpen(false);
    } catch (error) {
      fail(error);
    }
  }

  return (
    <div className={s.thread}>
      {replies.length > 0 && (
        <ul className={s.replies} aria-label={t('thread.replies')}>
          {replies.map(row => (
            <Reply key={row.id} object={object} row={row} />
          ))}
        </ul>
      )}
      {!past && object.can.create && !open && (
        <Button look="quiet" icon="message-circle" onClick={() => setOpen(true)}>
          {t('thread.reply')}
        </Button>
      )}
      {open && (
        <div className={s.write}>
          <RichArea
            autoFocus
            rows={2}
            value={text}
            label={t('thread.write')}
            placeholder={t('thread.write')}
            onChange={setText}
            onSubmit={() => void send()}
            onCancel={() => setOpen(false)}
          />
          <Button look="primary" disabled={text.trim() === ''} onClick={() => void send()}>
            {t('thread.send')}
          </Button>
        </div>
      )}
    </div>
  );
}
