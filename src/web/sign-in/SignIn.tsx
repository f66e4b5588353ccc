import { type FormEvent, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Input, Labelled } from '../../kit/Input.tsx';
import { t } from '../../kit/words.ts';
import { ApiError, write } from '../api.ts';
import s from './Door.module.css';
import { Door } from './Door.tsx';

export default function SignIn({ onDone }: { onDone(): void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await write('POST', '/api/auth/sign-in/email', { email: email.trim(), password }, { once: true });
      onDone();
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      setProblem(status === 0 ? t('error.offline') : status === 429 ? t('signIn.slow') : t('signIn.wrong'));
      setBusy(false);
    }
  }

  return (
    <Door title={t('signIn.title')}>
      <form className={s.form} onSubmit={event => void submit(event)}>
        <Labelled label={t('signIn.email')} htmlFor="email">
          <Input
            id="email"
            type="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onChange={e => setEmail(e.target.value)}
          />
        </Labelled>
        <Labelled label={t('signIn.password')} htmlFor="password" error={problem}>
          <Input
            id="password"
            type="password"
            autoComplete="current-password"
            required
            wrong={problem !== null}
            value={password}
            onChange={e => setPassword(e.target.value)}
          />
        </Labelled>
        <Button type="submit" look="primary" busy={busy}>
          {t('signIn.do')}
        </Button>
        <a className={s.aside} href="/reset">
          {t('signIn.forgotten')}
        </a>
      </form>
    </Door>
  );
}
