import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Input, Labelled } from '../../kit/Input.tsx';
import { t } from '../../kit/words.ts';
import { ApiError, read, write } from '../api.ts';
import s from './Door.module.css';
import { Door } from './Door.tsx';

const route = getRouteApi('/welcome');
const least = 10;

interface Invitation {
  workspace: string;
  email: string | null;
  name: string | null;
}

/** The one-time link that makes the first administrator, or lets someone set a password. */
export function Welcome() {
  const { token = '' } = route.useSearch();
  const invitation = useQuery({
    queryKey: ['welcome', token],
    queryFn: () => read<Invitation>(`/api/welcome?token=${encodeURIComponent(token)}`),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (invitation.isPending) return <Door title={t('welcome.checking')} />;
  if (!invitation.data) {
    return (
      <Door title={t('welcome.used')} text={t('welcome.usedText')}>
        <p className={s.form}>
          <Link to="/">{t('welcome.toSignIn')}</Link>
        </p>
      </Door>
    );
  }
  return (
    <Door title={t('welcome.title', { workspace: invitation.data.workspace })} text={t('welcome.text')}>
      <Form token={token} invitation={invitation.data} />
    </Door>
  );
}

function Form({ token, invitation }: { token: string; invitation: Invitation }) {
  const [values, setValues] = useState({
    name: invitation.name ?? '',
    email: invitation.email ?? '',
    password: '',
  });
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (values.password.length < least)
      return setProblems({ password: t('welcome.short', { count: least }) });
    setBusy(true);
    setProblems({});
    try {
      await write('POST', '/api/welcome', { token, ...values }, { once: true });
      window.location.assign('/');
    } catch (error) {
      setBusy(false);
      if (!(error instanceof ApiError)) throw error;
      const at = Object.fromEntries(error.problems.map(p => [p.pointer.replace('/', ''), p.message]));
      setProblems(
        Object.keys(at).length > 0
          ? at
          : { password: error.code === 'offline' ? t('error.offline') : error.message },
      );
    }
  }

  const box = (name: 'name' | 'email' | 'password', type: string, complete: string) => (
    <Labelled
      label={t(`welcome.${name}`)}
      htmlFor={name}
      error={problems[name]}
      help={name === 'password' ? t('welcome.help', { count: least }) : null}
    >
      <Input
        id={name}
        type={type}
        required
        autoComplete={complete}
        value={values[name]}
        wrong={name in problems}
        onChange={event => setValues({ ...values, [name]: event.target.value })}
      />
    </Labelled>
  );

  return (
    <form className={s.form} noValidate={false} onSubmit={event => void submit(event)}>
      {box('name', 'text', 'name')}
      {box('email', 'email', 'username')}
      {box('password', 'password', 'new-password')}
      <Button type="submit" look="primary" busy={busy}>
        {t('welcome.do')}
      </Button>
    </form>
  );
}
