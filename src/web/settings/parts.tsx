import { type ReactNode, useState } from 'react';
import type { Json, MetaField } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { FormFields } from '../records/FormFields.tsx';
import { useForm } from '../records/use-form.ts';
import s from './Settings.module.css';

interface SectionProps {
  title: string;
  lead?: string;
  action?: ReactNode;
  children?: ReactNode;
}

export function Section({ title, lead, action, children }: SectionProps) {
  return (
    <section className={s.section} aria-label={title}>
      <header className={s.head}>
        <div>
          <h2 className={s.heading}>{title}</h2>
          {lead && <p className={s.lead}>{lead}</p>}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}

interface FormProps {
  fields: MetaField[];
  initial?: Record<string, Json>;
  label: string;
  /** Gets what was changed; a refusal it throws is shown at its field. */
  save(values: Record<string, Json>): Promise<unknown>;
  /** Told about every change, for forms whose fields depend on their values. */
  onChange?(name: string, value: Json): void;
  onCancel?(): void;
  panel?: boolean;
  focusFirst?: boolean;
}

/** Fields above one another with a button; only what was changed is sent. */
export function SettingsForm({ fields, initial = {}, label, save, panel, ...props }: FormProps) {
  const form = useForm(fields, initial);
  const [kept, setKept] = useState(form.values);
  const named = new Set(fields.map(field => field.name));
  const changed = Object.entries(form.values).filter(
    ([name, value]) => named.has(name) && JSON.stringify(value) !== JSON.stringify(kept[name] ?? null),
  );
  async function submit() {
    const sent = form.values;
    if ((await form.submit(() => save(Object.fromEntries(changed)).then(() => true))) && !props.onCancel)
      setKept(sent);
  }
  return (
    <form
      noValidate
      className={panel ? `${s.form} ${s.panel}` : s.form}
      onSubmit={event => {
        event.preventDefault();
        void submit();
      }}
    >
      <FormFields
        fields={fields}
        values={form.values}
        problems={form.problems}
        focusFirst={props.focusFirst}
        onChange={(name, value) => {
          form.set(name, value);
          props.onChange?.(name, value);
        }}
      />
      {form.other && (
        <p className={s.problem} role="alert">
          {form.other}
        </p>
      )}
      <div className={s.foot}>
        <Button type="submit" look="primary" busy={form.busy} disabled={changed.length === 0}>
          {label}
        </Button>
        {props.onCancel && <Button onClick={props.onCancel}>{t('form.cancel')}</Button>}
      </div>
    </form>
  );
}

/** Something to take away by one click, such as a link or a key that is shown once. */
export function CopyLine({ text }: { text: string }) {
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      toast(t('settings.copied'));
    } catch {
      toast(t('settings.copyFailed'), { tone: 'wrong' });
    }
  }
  return (
    <div className={s.copy}>
      <code className={s.secret}>{text}</code>
      <Button icon="copy" onClick={() => void copy()}>
        {t('settings.copy')}
      </Button>
    </div>
  );
}

/** For what cannot be undone: the first click asks, the second does. */
export function Confirmed({ label, sure, onConfirm }: { label: string; sure: string; onConfirm(): void }) {
  const [asked, setAsked] = useState(false);
  if (!asked) return <Button onClick={() => setAsked(true)}>{label}</Button>;
  return (
    <span className={s.foot}>
      <Button
        look="danger"
        autoFocus
        onClick={() => {
          setAsked(false);
          onConfirm();
        }}
      >
        {sure}
      </Button>
      <Button look="quiet" onClick={() => setAsked(false)}>
        {t('form.cancel')}
      </Button>
    </span>
  );
}
