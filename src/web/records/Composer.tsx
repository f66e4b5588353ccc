import { type FormEvent, type KeyboardEvent, useState } from 'react';
import type { Json, Meta, MetaField, MetaObject } from '../../engine/index.ts';
import { RichArea } from '../../fields/RichArea.tsx';
import { viewOf } from '../../fields/views.ts';
import { Button } from '../../kit/Button.tsx';
import { Area } from '../../kit/Input.tsx';
import { Tabs } from '../../kit/Tabs.tsx';
import { t } from '../../kit/words.ts';
import { inText } from '../model/language.ts';
import { fieldOf, isEmpty, useMeta } from '../model/meta.tsx';
import { failureText, useActions } from '../model/records.ts';
import { openDialog } from '../shell/dialogs.ts';
import s from './Composer.module.css';
import { Unreached } from './Unreached.tsx';

const first = ['note', 'task'];

/** Kinds of activities that can be written down, the everyday ones first. */
function kindsOf(meta: Meta): MetaObject[] {
  const rank = (object: MetaObject) =>
    first.includes(object.name) ? first.indexOf(object.name) : first.length;
  return (
    meta.objects
      // Files are attached, not written.
      .filter(object => object.timeline && object.can.create && object.name !== 'file')
      // What comes in by itself says by itself what it is about.
      .filter(object => fieldOf(object, object.timeline!.about)?.editable)
      .sort((a, b) => rank(a) - rank(b))
  );
}

/** How an activity says what it is about, whichever kind of link it uses. */
export function aboutValue(kind: MetaObject, object: MetaObject, id: string): Record<string, Json> {
  const about = kind.timeline ? fieldOf(kind, kind.timeline.about) : undefined;
  if (!about) return {};
  const to = about.relation?.to;
  if (to && to !== '*' && to !== object.name) return {};
  const item: Json = to === '*' || !to ? { object: object.name, id } : { id, title: id };
  return { [about.name]: about.relation?.many ? [item] : item };
}

/** Fields beside the text that are needed at once or belong to the moment: at most three. */
function smallFields(kind: MetaObject, lead: MetaField): MetaField[] {
  const skip = [kind.title, kind.timeline?.about, lead.name];
  if (viewOf(lead.type).long) return [];
  return kind.fields
    .filter(f => f.editable && !f.hidden && !f.system && !skip.includes(f.name) && !viewOf(f.type).long)
    .slice(0, 3);
}

/** What one writes first: a text that must be there, else the name. */
function leadField(kind: MetaObject): MetaField | undefined {
  const text = kind.fields.find(f => viewOf(f.type).long && f.editable && f.required);
  const name = fieldOf(kind, kind.title);
  return text ?? (name?.editable ? name : kind.fields.find(f => viewOf(f.type).long && f.editable));
}

interface ComposerProps {
  object: MetaObject;
  id: string;
}

/** Where one writes down what happened or what is to be done, without leaving the record. */
export function Composer({ object, id }: ComposerProps) {
  const meta = useMeta();
  const kinds = kindsOf(meta);
  const [name, setName] = useState<string | null>(null);
  const kind = kinds.find(k => k.name === name) ?? kinds[0];
  if (!kind) return null;
  const shown = kinds.slice(0, 4);
  return (
    <section className={s.composer} aria-label={t('composer.title')}>
      <Tabs
        label={t('composer.kind')}
        tabs={shown.map(({ name, label, icon }) => ({ name, label, icon }))}
        open={kind.name}
        look="pills"
        className={s.kinds}
        onOpen={setName}
      />
      <ComposerForm key={kind.name} kind={kind} object={object} id={id} />
    </section>
  );
}

function ComposerForm({ kind, object, id }: ComposerProps & { kind: MetaObject }) {
  const actions = useActions();
  const lead = leadField(kind);
  const [values, setValues] = useState<Record<string, Json>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [round, setRound] = useState(0);
  if (!lead) return null;
  const long = viewOf(lead.type).long === true;
  const text = typeof values[lead.name] === 'string' ? String(values[lead.name]) : '';
  const open = text !== '';

  async function submit(event?: FormEvent) {
    event?.preventDefault();
    if (!lead || text.trim() === '' || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await actions.create(kind, { ...values, [lead.name]: text.trim(), ...aboutValue(kind, object, id) });
      setValues({});
      setRound(round + 1);
    } catch (error) {
      setProblem(failureText(error));
    }
    setBusy(false);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void submit();
    }
  }

  return (
    <form className={s.form} onSubmit={event => void submit(event)}>
      {long ? (
        <RichArea
          rows={open ? 3 : 1}
          tools={open}
          value={text}
          label={lead.label}
          placeholder={t('composer.write', { kind: inText(kind.label) })}
          wrong={problem !== null}
          onChange={value => setValues(now => ({ ...now, [lead.name]: value }))}
          onSubmit={() => void submit()}
        />
      ) : (
        <Area
          rows={1}
          value={text}
          aria-label={lead.label}
          placeholder={t('composer.write', { kind: inText(kind.label) })}
          wrong={problem !== null}
          onChange={event => setValues({ ...values, [lead.name]: event.target.value })}
          onKeyDown={onKeyDown}
        />
      )}
      {long && open && <Unreached kind={kind.name} object={object.name} id={id} text={text} />}
      {problem && (
        <p className={s.problem} role="alert">
          {problem}
        </p>
      )}
      {open && (
        <div className={s.foot}>
          {smallFields(kind, lead).map(field => {
            const { Edit } = viewOf(field.type);
            return (
              <div key={`${field.name}-${round}`} className={s.small} title={field.label}>
                <Edit
                  place="form"
                  field={{ ...field, label: field.label }}
                  value={values[field.name] ?? field.default}
                  onChange={value => setValues(now => ({ ...now, [field.name]: value }))}
                />
                {isEmpty(values[field.name] ?? field.default) && (
                  <span className={s.hint}>{field.label}</span>
                )}
              </div>
            );
          })}
          <span className={s.end}>
            <Button
              look="quiet"
              onClick={() =>
                openDialog({
                  kind: 'create',
                  object: kind.name,
                  values: { ...values, ...aboutValue(kind, object, id) },
                })
              }
            >
              {t('composer.more')}
            </Button>
            <Button type="submit" look="primary" busy={busy}>
              {t('composer.add', { kind: inText(kind.label) })}
            </Button>
          </span>
        </div>
      )}
    </form>
  );
}
