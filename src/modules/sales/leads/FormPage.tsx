import { type CSSProperties, type FormEvent, useEffect, useId, useRef, useState } from 'react';
import s from './FormPage.module.css';
import { type ShownForm, useFormPage } from './use-form-page.ts';

type Page = ReturnType<typeof useFormPage>;

/** A form as visitors of a website answer it, by itself or in a frame. */
export default function FormPage() {
  const page = useFormPage();
  const { form, wrong, done, t } = page;
  if (!form)
    return (
      // Of its own: the page that comes would count as this one, moved.
      <main key="waiting" className="notice" aria-busy={!wrong}>
        <p role={wrong ? 'alert' : undefined}>{t(wrong ?? 'open.loading')}</p>
        {wrong && (
          <button type="button" className={s.plain} onClick={() => void page.load()}>
            {t('open.retry')}
          </button>
        )}
      </main>
    );
  const accent = { '--form-accent': form.accent ?? undefined } as CSSProperties;
  return (
    <main className={s.page} style={accent}>
      <title>{`${form.heading ?? t('form.title')} · ${form.from}`}</title>
      <p className={s.from} dir="auto">
        {form.from}
      </p>
      <h1 className={s.heading} dir="auto">
        {form.heading ?? t('form.title')}
      </h1>
      {done ? <Thanks page={page} /> : <Questions page={page} form={form} />}
    </main>
  );
}

function Thanks({ page: { done, t } }: { page: Page }) {
  const said = useRef<HTMLParagraphElement>(null);
  // What was focused is gone: whoever reads by ear goes on here.
  useEffect(() => said.current?.focus(), []);
  return (
    <p className={s.thanks} dir="auto" role="status" tabIndex={-1} ref={said}>
      {done?.state === 'confirm' ? t('form.confirm') : (done?.thanks ?? t('form.thanks'))}
    </p>
  );
}

function Questions({ page, form }: { page: Page; form: ShownForm }) {
  const { t, wrong, wrongs, busy } = page;
  const [values, setValues] = useState<Record<string, string>>({});
  const [consent, setConsent] = useState(false);
  const trap = useRef<HTMLInputElement>(null);
  const sheet = useRef<HTMLFormElement>(null);
  const send = (event: FormEvent) => {
    event.preventDefault();
    void page.send(values, consent, trap.current?.value ?? '');
  };
  useEffect(() => {
    if (Object.keys(wrongs).length > 0)
      sheet.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [wrongs]);
  return (
    <form className={s.form} ref={sheet} onSubmit={send} noValidate>
      {form.intro && (
        <p className={s.prose} dir="auto">
          {form.intro}
        </p>
      )}
      {form.questions.map(question => (
        <Question
          key={question.field}
          question={question}
          page={page}
          value={values[question.field] ?? ''}
          set={value => setValues(all => ({ ...all, [question.field]: value }))}
        />
      ))}
      {/* People do not see it, and programs fill it in. */}
      <div className={s.trap} aria-hidden="true">
        <input ref={trap} name="homepage" tabIndex={-1} autoComplete="off" />
      </div>
      {form.consent && (
        <label className={s.consent}>
          <input
            type="checkbox"
            checked={consent}
            aria-invalid={wrongs.consent !== undefined}
            aria-required={form.consent.required}
            onChange={event => setConsent(event.currentTarget.checked)}
          />
          <span dir="auto">
            {form.consent.text}
            {form.consent.required && <Needed />}
          </span>
        </label>
      )}
      {wrongs.consent && <p className={s.wrong}>{t('form.required')}</p>}
      {wrong && (
        <p className={s.wrong} role="alert">
          {t(wrong)}
        </p>
      )}
      <button type="submit" className={s.send} aria-disabled={busy}>
        {form.button ?? t('form.send')}
      </button>
    </form>
  );
}

const Needed = () => (
  <span className={s.needed} aria-hidden="true">
    {' *'}
  </span>
);

/** What browsers fill in by themselves. */
const known: Record<string, string> = {
  name: 'name',
  email: 'email',
  phone: 'tel',
  companyName: 'organization',
  jobTitle: 'organization-title',
  website: 'url',
};

const saidOf: Record<string, string> = { required: 'form.required', takesNoMail: 'form.takesNoMail' };

interface QuestionProps {
  question: ShownForm['questions'][number];
  page: Page;
  value: string;
  set(value: string): void;
}

function Question({ question, page: { t, wrongs }, value, set }: QuestionProps) {
  const id = useId();
  const { field, label, kind, required, help, choices } = question;
  const problem = wrongs[field];
  const shared = {
    id,
    value,
    'aria-required': required,
    'aria-invalid': problem !== undefined,
    'aria-describedby': `${id}-help`,
    dir: 'auto',
    autoComplete: known[field] ?? 'on',
    onChange: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value),
  };
  return (
    <div className={s.question}>
      <label htmlFor={id} dir="auto">
        {label}
        {required && <Needed />}
      </label>
      {kind === 'long' && <textarea {...shared} rows={4} />}
      {(kind === 'choice' || kind === 'yes') && (
        <select {...shared}>
          <option value="">{'\u2013'}</option>
          {(kind === 'yes' ? [{ value: 'true', label: t('form.yes') }] : choices).map(choice => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
      {!['long', 'choice', 'yes'].includes(kind) && (
        <input
          {...shared}
          type={kind === 'number' ? 'text' : kind}
          inputMode={kind === 'number' ? 'decimal' : undefined}
        />
      )}
      <p id={`${id}-help`} className={problem ? s.wrong : s.help} dir="auto">
        {problem ? t(saidOf[problem] ?? 'form.wrong') : help}
      </p>
    </div>
  );
}
