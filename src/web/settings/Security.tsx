import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { relatively } from '../../fields/moments.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Input, Labelled } from '../../kit/Input.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { ApiError, read, write } from '../api.ts';
import { metaKey } from '../model/meta.tsx';
import { fail, failureText } from '../model/records.ts';
import { Failure } from '../shell/Missing.tsx';
import { Address } from './Address.tsx';
import { deviceOf } from './device.ts';
import { Confirmed, Section } from './parts.tsx';
import s from './Settings.module.css';

interface Session {
  id: string;
  token: string;
  updatedAt: string;
  ipAddress: string | null;
  userAgent: string | null;
}

const sessionsKey = ['sessions'] as const;
const least = 10;

export function Security() {
  return (
    <>
      <Password />
      <Address />
      <Sessions />
    </>
  );
}

function Password() {
  const client = useQueryClient();
  const empty = { currentPassword: '', newPassword: '' };
  const [values, setValues] = useState(empty);
  const [others, setOthers] = useState(true);
  const [problem, setProblem] = useState<{ at: string; text: string } | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (values.newPassword.length < least)
      return setProblem({ at: 'newPassword', text: t('welcome.short', { count: least }) });
    setBusy(true);
    setProblem(null);
    try {
      await write(
        'POST',
        '/api/auth/change-password',
        { ...values, revokeOtherSessions: others },
        { once: true },
      );
      setValues(empty);
      toast(t('settings.security.changed'));
      void client.invalidateQueries({ queryKey: sessionsKey });
    } catch (error) {
      const wrong = error instanceof ApiError && error.code === 'invalidInput';
      setProblem({
        at: 'currentPassword',
        text: wrong ? t('settings.security.wrong') : failureText(error),
      });
    } finally {
      setBusy(false);
    }
  }

  const box = (name: keyof typeof empty, complete: string) => (
    <Labelled
      label={t(`settings.security.${name}`)}
      htmlFor={name}
      error={problem?.at === name ? problem.text : null}
      help={name === 'newPassword' ? t('welcome.help', { count: least }) : null}
    >
      <Input
        id={name}
        type="password"
        required
        autoComplete={complete}
        value={values[name]}
        wrong={problem?.at === name}
        onChange={event => setValues({ ...values, [name]: event.target.value })}
      />
    </Labelled>
  );

  return (
    <Section title={t('settings.security.password')}>
      <form className={s.form} noValidate onSubmit={event => void submit(event)}>
        {box('currentPassword', 'current-password')}
        {box('newPassword', 'new-password')}
        <label className={s.tick}>
          <input type="checkbox" checked={others} onChange={event => setOthers(event.target.checked)} />
          {t('settings.security.others')}
        </label>
        <div className={s.foot}>
          <Button
            type="submit"
            look="primary"
            busy={busy}
            disabled={!values.currentPassword || !values.newPassword}
          >
            {t('settings.security.change')}
          </Button>
        </div>
      </form>
    </Section>
  );
}

function SessionItem({ session, here }: { session: Session; here: boolean }) {
  const client = useQueryClient();
  const services = useFieldServices();
  const { name, phone } = deviceOf(session.userAgent ?? '');
  async function end() {
    try {
      await write('POST', '/api/auth/revoke-session', { token: session.token }, { once: true });
      toast(t('settings.security.ended'));
    } catch (error) {
      fail(error);
    }
    void client.invalidateQueries({ queryKey: sessionsKey });
  }
  return (
    <li className={s.item}>
      <Icon name={phone ? 'device-mobile' : 'device-desktop'} />
      <span className={s.what}>
        <span className={s.name}>{name || t('settings.security.unknown')}</span>
        <span className={s.detail}>
          {[session.ipAddress, relatively(session.updatedAt, services)].filter(Boolean).join(' · ')}
        </span>
      </span>
      {here ? (
        <span className={s.aside}>{t('settings.security.here')}</span>
      ) : (
        <Button onClick={() => void end()}>{t('settings.security.end')}</Button>
      )}
    </li>
  );
}

function Sessions() {
  const client = useQueryClient();
  const sessions = useQuery({
    queryKey: sessionsKey,
    queryFn: () => read<Session[]>('/api/auth/list-sessions'),
  });
  const current = useQuery({
    queryKey: [...sessionsKey, 'current'],
    queryFn: () => read<{ session: { id: string } } | null>('/api/auth/get-session'),
  });
  if (sessions.error && !sessions.data)
    return <Failure error={sessions.error} retry={() => void sessions.refetch()} />;
  async function endAll() {
    try {
      await write('POST', '/api/auth/revoke-sessions', {}, { once: true });
      await client.resetQueries({ queryKey: metaKey });
    } catch (error) {
      fail(error);
    }
  }
  return (
    <Section
      title={t('settings.security.sessions')}
      lead={t('settings.security.sessionsLead')}
      action={
        <Confirmed
          label={t('settings.security.everywhere')}
          sure={t('settings.security.everywhereSure')}
          onConfirm={() => void endAll()}
        />
      }
    >
      {sessions.isPending && <SkeletonLines count={2} height={48} />}
      <ul className={s.list}>
        {sessions.data?.map(session => (
          <SessionItem key={session.id} session={session} here={session.id === current.data?.session.id} />
        ))}
      </ul>
    </Section>
  );
}
