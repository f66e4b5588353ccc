import { inText } from '../model/language.ts';
import './words.ts';
import { useNavigate } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { exactly, relatively } from '../../fields/moments.tsx';
import { reference, str } from '../../fields/read.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Avatar } from '../../kit/Avatar.tsx';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { isEmpty, objectNamed, useMeta } from '../model/meta.tsx';
import { snoozes, useTold } from '../model/notifications.ts';
import { useParts } from '../model/parts.ts';
import { closeDialog } from '../shell/dialogs.ts';
import s from './Centre.module.css';

const icons: Record<string, string> = {
  mention: 'at',
  assignment: 'user',
  invitation: 'calendar-event',
  comment: 'message-circle',
  move: 'arrow-right',
  reminder: 'alarm',
  approval: 'shield-question',
  approved: 'shield-check',
  rejected: 'shield-x',
  opened: 'eye',
  accepted: 'signature',
  declined: 'file-x',
  renewal: 'refresh',
};

/** What happened, in a sentence. */
function useSentence(row: Row): string {
  const meta = useMeta();
  const about = reference(row.about);
  const object = objectNamed(meta, about?.object);
  const count = Number(row.count ?? 1);
  const words = {
    actor: reference(row.actor)?.title || t('notifications.someone'),
    title: about?.title || t('notifications.something'),
    objects: inText((count === 1 ? object?.label : object?.plural) ?? ''),
    count,
  };
  if (!isEmpty(row.text)) return str(row.text);
  return t(`notifications.${str(row.kind)}`, words);
}

function Snooze({ row }: { row: Row }) {
  const told = useTold();
  const services = useFieldServices();
  return (
    <Menu
      position="bottom-end"
      width={220}
      of={<IconButton icon="clock" size={24} label={t('notifications.snooze')} />}
    >
      {snoozes(services.timeZone).map(({ name, at }) => (
        <Menu.Item
          key={name}
          rightSection={<span className={s.when}>{relatively(at.toISOString(), services)}</span>}
          onClick={() => void told.snooze(row, at)}
        >
          {t(`notifications.${name}`)}
        </Menu.Item>
      ))}
    </Menu>
  );
}

function When({ row }: { row: Row }) {
  const services = useFieldServices();
  const at = str(row.happenedAt ?? row.createdAt);
  return (
    <time dateTime={at} title={exactly(at, services)}>
      {relatively(at, services)}
    </time>
  );
}

/** One thing that one is told: opens what it is about, is marked or put off. */
export function NotificationItem({ row }: { row: Row }) {
  const told = useTold();
  const navigate = useNavigate();
  const meta = useMeta();
  const sentence = useSentence(row);
  const { timeZone } = useFieldServices();
  const about = reference(row.about);
  const object = objectNamed(meta, about?.object);
  const briefed = useParts(object?.name ?? '', 'tab').some(({ name }) => name === 'briefing');
  const actor = reference(row.actor);
  const isNew = isEmpty(row.readAt);
  // How what was said begins. Whoever may not see it any more is told no title.
  const excerpt = Number(row.count ?? 1) === 1 ? reference(row.source)?.title : undefined;

  function open() {
    if (isNew) void told.read([row]);
    if (!object || !about?.title) return;
    closeDialog();
    // Whoever is reminded of a talk wants to know whom with.
    const tab = row.kind === 'reminder' && briefed ? 'briefing' : undefined;
    void navigate({ to: '/$object/$id', params: { object: object.path, id: about.id }, search: { tab } });
  }

  function onKeyDown(event: KeyboardEvent) {
    const act = { e: () => told.read([row], isNew), s: () => told.snooze(row, snoozes(timeZone).at(-2)!.at) }[
      event.key
    ];
    if (!act) return;
    event.preventDefault();
    void act();
  }

  return (
    <li className={s.item} data-new={isNew || undefined}>
      <button type="button" className={s.open} data-item onClick={open} onKeyDown={onKeyDown}>
        <span className={s.who}>
          {actor ? (
            <Avatar id={actor.id} title={actor.title} round size={24} />
          ) : (
            <Icon name="alarm" size={20} />
          )}
          <span className={s.kind}>
            <Icon name={icons[str(row.kind)] ?? 'bell'} size={14} />
          </span>
        </span>
        <span className={s.text}>
          <span className={s.sentence}>{sentence}</span>
          {excerpt && (
            <span className={s.excerpt} dir="auto">
              {excerpt}
            </span>
          )}
          <span className={s.when}>
            {object && <Icon name={object.icon} size={14} />}
            <When row={row} />
          </span>
        </span>
        {isNew && <span className={s.dot} role="img" aria-label={t('notifications.isUnread')} />}
      </button>
      <span className={s.acts}>
        <IconButton
          icon={isNew ? 'check' : 'bell'}
          size={24}
          label={t(isNew ? 'notifications.markRead' : 'notifications.markUnread')}
          onClick={() => void told.read([row], isNew)}
        />
        <Snooze row={row} />
      </span>
    </li>
  );
}
