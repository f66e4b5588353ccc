import './words.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Json } from '../../engine/index.ts';
import { record, str } from '../../fields/read.tsx';
import { Button } from '../../kit/Button.tsx';
import { Select } from '../../kit/Select.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { read, write } from '../api.ts';
import { fail } from '../model/records.ts';
import s from './Notifications.module.css';
import { Section } from './parts.tsx';
import { usePush } from './use-push.ts';

interface Outside {
  mail: { from: string } | null;
  pushKey: string;
}

/** By which ways people are reached here. */
export function useOutside() {
  return useQuery({
    queryKey: ['outside'],
    queryFn: () => read<Outside>('/api/outside'),
    staleTime: 300_000,
  });
}

const paces = ['now', 'daily', 'weekly', 'never'];
/** As the server has it for who has not said otherwise. */
const usual: Record<string, string> = {
  mention: 'daily',
  assignment: 'daily',
  invitation: 'daily',
  comment: 'daily',
  approval: 'now',
  approved: 'now',
  rejected: 'now',
  accepted: 'now',
  declined: 'now',
  renewal: 'daily',
};

interface MailProps {
  kinds: string[];
  mailed: Json;
  save(values: Record<string, Json>): Promise<void>;
}

/** How soon notifications of each kind are mailed. */
export function ByMail({ kinds, mailed, save }: MailProps) {
  const outside = useOutside().data;
  const [busy, setBusy] = useState(false);
  if (!outside) return null;
  const said = record(mailed);
  async function send() {
    setBusy(true);
    try {
      const { data } = await write<{ to: string }>('POST', '/api/outside/trial', undefined, { once: true });
      toast(t('mail.sent', { to: data.to }));
    } catch (error) {
      fail(error);
    }
    setBusy(false);
  }
  return (
    <Section
      title={t('mail.title')}
      lead={outside.mail ? t('mail.lead', { from: outside.mail.from }) : t('mail.none')}
      action={
        outside.mail && (
          <Button icon="send" busy={busy} onClick={() => void send()}>
            {t('mail.trial')}
          </Button>
        )
      }
    >
      {outside.mail && (
        <ul className={s.kinds}>
          {kinds.map(kind => (
            <li key={kind} className={s.pace}>
              <span className={s.name}>{t(`settings.notifications.${kind}.title`)}</span>
              <Select
                label={t('mail.paceOf', { kind: t(`settings.notifications.${kind}.title`) })}
                value={str(said[kind]) || (usual[kind] ?? 'never')}
                options={paces.map(value => ({ value, label: t(`mail.${value}`) }))}
                onChange={pace => void save({ mailed: { ...said, [kind]: pace } })}
              />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** Whether this browser tells at once, also while no page of Farley is open. */
export function OnThisDevice() {
  const key = useOutside().data?.pushKey;
  const push = usePush(key ?? null);
  if (!key) return null;
  return (
    <Section
      title={t('push.title')}
      lead={t(`push.${push.state}`)}
      action={
        push.state === 'on' || push.state === 'off' ? (
          <Button
            icon={push.state === 'on' ? 'bell-off' : 'bell'}
            busy={push.busy}
            onClick={() => void push.toggle()}
          >
            {t(push.state === 'on' ? 'push.turnOff' : 'push.turnOn')}
          </Button>
        ) : undefined
      }
    />
  );
}
