import './lead-words.ts';
import { str } from '../../../fields/read.tsx';
import { Button, IconButton } from '../../../kit/Button.tsx';
import { Input } from '../../../kit/Input.tsx';
import { Select } from '../../../kit/Select.tsx';
import { toast } from '../../../kit/toast.tsx';
import { t } from '../../../kit/words.ts';
import type { RecordPartProps } from '../../../web/model/parts.ts';
import s from './FormEditor.module.css';
import { FormTexts } from './FormTexts.tsx';
import { type FormEditing, useFormEditor } from './use-form-editor.ts';

/** What a form asks, how it looks, and how it comes onto a website. */
export default function FormEditor({ object, row }: RecordPartProps) {
  const editing = useFormEditor(object, row);
  const { link, changed } = editing;
  return (
    <div className={s.editor}>
      <section className={s.questions} aria-labelledby="form-questions">
        <div className={s.top}>
          <h2 id="form-questions">{t('lead.form.questions')}</h2>
          <Select
            label={t('lead.form.language')}
            value={editing.language}
            options={[{ value: '', label: t('lead.form.own') }, ...editing.languages]}
            onChange={editing.setLanguage}
          />
        </div>
        {editing.language && <FormTexts editing={editing} />}
        <ol>
          {editing.questions.map((asked, at) => (
            <li key={asked.field}>
              {editing.language ? (
                <Translated editing={editing} at={at} />
              ) : (
                <Question editing={editing} at={at} />
              )}
            </li>
          ))}
        </ol>
        <div className={s.bar}>
          {editing.free.length > 0 && !editing.language && (
            <Select
              label={t('lead.form.add')}
              value=""
              options={[
                { value: '', label: t('lead.form.add') },
                ...editing.free.map(({ name, label }) => ({ value: name, label })),
              ]}
              onChange={field => field && editing.add(field)}
            />
          )}
          <Button look="primary" disabled={!changed} onClick={() => void editing.save()}>
            {t('lead.form.save')}
          </Button>
        </div>
      </section>
      <section className={s.preview} aria-labelledby="form-preview">
        <h2 id="form-preview">{t('lead.form.preview')}</h2>
        {row.active === true && link?.address ? (
          <iframe
            key={`${String(row.version)} ${editing.language}`}
            className={s.frame}
            src={`${new URL(link.address).pathname}${editing.language ? `?language=${editing.language}` : ''}`}
            title={str(row.name)}
          />
        ) : (
          <p className={s.note}>{t('lead.form.off')}</p>
        )}
        {link?.address && <Embedding address={link.address} code={link.embed ?? ''} />}
      </section>
    </div>
  );
}

/** A question in another language: what it is called there, and its help. */
function Translated({ editing, at }: { editing: FormEditing; at: number }) {
  const asked = editing.questions[at]!;
  const name = editing.labelOf(asked.field);
  if (asked.hidden) return null;
  const said = { label: asked.label || name, help: asked.help || t('lead.form.helpText') };
  return (
    <fieldset className={s.question}>
      <legend>{said.label}</legend>
      {(['label', 'help'] as const).map(word => (
        <Input
          key={word}
          lang={editing.language}
          dir="auto"
          aria-label={t(`lead.form.${word}`, { name })}
          placeholder={said[word]}
          value={editing.wordOf(asked, word)}
          onChange={({ currentTarget: { value } }) => editing.setWord(at, word, value)}
        />
      ))}
    </fieldset>
  );
}

function Question({ editing, at }: { editing: FormEditing; at: number }) {
  const asked = editing.questions[at]!;
  const name = editing.labelOf(asked.field);
  const label = asked.label || name;
  return (
    <fieldset className={s.question}>
      <legend>{name}</legend>
      <div className={s.line}>
        <Input
          aria-label={t('lead.form.label', { name })}
          placeholder={asked.hidden ? t('lead.form.value') : name}
          value={asked.hidden ? asked.value : asked.label}
          onChange={({ currentTarget: { value } }) =>
            editing.change(at, asked.hidden ? { value } : { label: value })
          }
        />
        {at > 0 && (
          <IconButton
            icon="arrow-up"
            label={t('lead.form.up', { name: label })}
            onClick={() => editing.up(at)}
          />
        )}
        <IconButton
          icon="x"
          label={t('lead.form.remove', { name: label })}
          onClick={() => editing.remove(at)}
        />
      </div>
      {!asked.hidden && (
        <Input
          aria-label={t('lead.form.help', { name })}
          placeholder={t('lead.form.helpText')}
          value={asked.help}
          onChange={({ currentTarget: { value } }) => editing.change(at, { help: value })}
        />
      )}
      <div className={s.boxes}>
        {(['required', 'hidden'] as const).map(box => (
          <label key={box}>
            <input
              type="checkbox"
              checked={asked[box]}
              onChange={({ currentTarget: { checked } }) => editing.change(at, { [box]: checked })}
            />
            {t(`lead.form.${box}`)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Embedding({ address, code }: { address: string; code: string }) {
  const copy = (text: string) => () =>
    void navigator.clipboard.writeText(text).then(
      () => toast(t('lead.form.copied')),
      () => undefined,
    );
  return (
    <div className={s.embed}>
      <h3>{t('lead.form.website')}</h3>
      <pre className={s.code} dir="ltr">
        {code}
      </pre>
      <p className={s.bar}>
        <Button icon="copy" onClick={copy(code)}>
          {t('lead.form.copyCode')}
        </Button>
        <Button icon="link" onClick={copy(address)}>
          {t('lead.form.copyAddress')}
        </Button>
        <a href={address} target="_blank" rel="noreferrer">
          {t('lead.form.open')}
        </a>
      </p>
    </div>
  );
}
