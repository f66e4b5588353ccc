import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { str } from '../../fields/read.tsx';
import { Button } from '../../kit/Button.tsx';
import { Input, Labelled } from '../../kit/Input.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { ApiError, write } from '../api.ts';
import { meQuery } from '../model/preferences.ts';
import { failureText } from '../model/records.ts';
import { Section } from './parts.tsx';
import s from './Settings.module.css';

const empty = { email: '', password: '' };

/** The address with which one signs in: another one holds once a link that was sent to it has been followed. */
export function Address() {
  const me = useQuery(meQuery);
  const [values, setValues] = useState(empty);
  const [problem, setProblem] = useState<{ at: string; text: string } | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await write('POST', '/api/me/email', { ...values, email: values.email.trim() }, { once: true });
      toast(t('settings.security.addressSent', { email: values.email.trim() }));
      setValues(empty);
    } catch (error) {
      const at = error instanceof ApiError ? error.problems[0]?.pointer.replace('/', '') : undefined;
      setProblem({ at: at ?? 'email', text: failureText(error) });
    } finally {
      setBusy(false);
    }
  }

  const box = (name: keyof typeof empty, label: string, complete: string) => (
    <Labelled
      label={label}
      htmlFor={`address-${name}`}
      error={problem?.at === name ? problem.text : null}
      help={name === 'email' ? str(me.data?.user.email) : null}
    >
      <Input
        id={`address-${name}`}
        type={name}
        required
        autoComplete={complete}
        value={values[name]}
        wrong={problem?.at === name}
        onChange={event => setValues({ ...values, [name]: event.target.value })}
      />
    </Labelled>
  );

  return (
    <Section title={t('settings.security.address')} lead={t('settings.security.addressLead')}>
      <form className={s.form} onSubmit={event => void submit(event)}>
        {box('email', t('settings.security.newAddress'), 'email')}
        {box('password', t('settings.security.currentPassword'), 'current-password')}
        <div className={s.foot}>
          <Button
            type="submit"
            look="primary"
            busy={busy}
            disabled={!values.email.trim() || !values.password}
          >
            {t('settings.security.sendAddress')}
          </Button>
        </div>
      </form>
    </Section>
  );
}
