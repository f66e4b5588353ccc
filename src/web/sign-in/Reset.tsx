import './words.ts';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Input, Labelled } from '../../kit/Input.tsx';
import { t } from '../../kit/words.ts';
import { ApiError, write } from '../api.ts';
import s from './Door.module.css';
import { Door } from './Door.tsx';

/** For who has forgotten their password: asks for a link, and takes another password by it. */
export function Reset() {
  const { token } = useSearch({ strict: false }) as { token?: string };
  return token ? <Choose token={token} /> : <Ask />;
}

/** What to say where a request was refused; `otherwise` where it is for this page's own reason. */
function useRefusal() {
  return (error: unknown, otherwise: string) => {
    const status = error instanceof ApiError ? error.status : 0;
    return status === 0 ? t('error.offline') : status === 429 ? t('signIn.slow') : otherwise;
  };
}

function Ask() {
  const refusal = useRefusal();
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setProblem(null);
    try {
      await write('POST', '/api/auth/request-password-reset', { email: email.trim() }, { once: true });
      setSent(true);
    } catch (error) {
      setProblem(refusal(error, t('reset.none')));
    }
  }

  if (sent) return <Done title={t('reset.ask')} text={t('reset.sent', { email: email.trim() })} />;
  return (
    <Door title={t('reset.ask')} text={t('reset.askText')}>
      <form className={s.form} onSubmit={event => void submit(event)}>
        <Labelled label={t('signIn.email')} htmlFor="email" error={problem}>
          <Input
            id="email"
            type="email"
            autoComplete="username"
            required
            autoFocus
            wrong={problem !== null}
            value={email}
            onChange={event => setEmail(event.target.value)}
          />
        </Labelled>
        <Button type="submit" look="primary">
          {t('reset.send')}
        </Button>
      </form>
    </Door>
  );
}

function Choose({ token }: { token: string }) {
  const refusal = useRefusal();
  const [newPassword, setPassword] = useState('');
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setProblem(null);
    try {
      await write('POST', '/api/auth/reset-password', { newPassword, token }, { once: true });
      setDone(true);
    } catch (error) {
      setProblem(refusal(error, t('reset.gone')));
    }
  }

  if (done) return <Done title={t('reset.title')} text={t('reset.saved')} />;
  return (
    <Door title={t('reset.title')}>
      <form className={s.form} onSubmit={event => void submit(event)}>
        <Labelled label={t('reset.password')} htmlFor="password" help={t('reset.help')} error={problem}>
          <Input
            id="password"
            type="password"
            autoComplete="new-password"
            required
            minLength={10}
            autoFocus
            wrong={problem !== null}
            value={newPassword}
            onChange={event => setPassword(event.target.value)}
          />
        </Labelled>
        <Button type="submit" look="primary">
          {t('reset.save')}
        </Button>
      </form>
    </Door>
  );
}

function Done({ title, text }: { title: string; text: string }) {
  return (
    <Door title={title} text={text}>
      <a className={s.aside} href="/">
        {t('reset.signIn')}
      </a>
    </Door>
  );
}
