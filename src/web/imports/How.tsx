import { useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { Select } from '../../kit/Select.tsx';
import { t } from '../../kit/words.ts';
import { inText } from '../model/language.ts';
import { fieldOf } from '../model/meta.tsx';
import {
  changeTable,
  keyOf,
  linksOf,
  type Missing,
  matchable,
  missingOf,
  type Settings,
  type TableDraft,
} from './draft.ts';
import s from './TableCard.module.css';

interface HowProps {
  table: TableDraft;
  object: MetaObject;
}

function useMatch({ table, object }: HowProps) {
  const { map, settings } = table;
  const now = settings.match ?? map?.match ?? (map?.externalId ? 'externalId' : '');
  const label = (name: string) =>
    name === 'externalId'
      ? t('import.how.externalId', { system: table.system?.label ?? table.file })
      : inText(fieldOf(object, name)?.label ?? name);
  const options = [...new Set([...matchable(map), ...(now ? [now] : [])])];
  return { now, options: options.map(value => ({ value, label: label(value) })), said: label(now) };
}

/** What will be done, as two or three sentences. */
function Said(props: HowProps) {
  const { settings } = props.table;
  const match = useMatch(props);
  const sentences = match.now
    ? [
        t('import.how.said.match', { by: match.said }),
        t(`import.how.said.${settings.mode ?? 'both'}`),
        t(`import.how.said.${settings.overwrite ? 'overwrite' : 'keep'}`),
      ]
    : props.table.settings.duplicates
      ? []
      : [t('import.how.said.matchNone')];
  if (props.table.settings.duplicates) sentences.push(t('import.how.said.meet'));
  return <p className={s.said}>{sentences.join(' ')}</p>;
}

interface LineProps {
  label: string;
  value: string;
  options: [string, string][];
  onChange(value: string): void;
}

function Line({ label, value, options, onChange }: LineProps) {
  return (
    <div className={s.line}>
      <span aria-hidden>{label}</span>
      <Select
        label={label}
        value={value}
        options={options.map(([key, words]) => ({ value: key, label: words }))}
        onChange={onChange}
      />
    </div>
  );
}

/** The decisions about a table that are not about one column. */
function Lines(props: HowProps) {
  const { table, object } = props;
  const { settings, map } = table;
  const match = useMatch(props);
  const set = (change: (now: Settings) => Settings) =>
    changeTable(keyOf(table), now => ({ ...now, settings: change(now.settings) }));
  const none: [string, string][] = map?.externalId || map?.match ? [] : [['', t('import.how.matchNone')]];
  return (
    <div className={s.lines}>
      <Line
        label={t('import.how.match')}
        value={match.now}
        options={[...none, ...match.options.map(({ value, label }): [string, string] => [value, label])]}
        onChange={value => set(({ match: _, ...rest }) => (value ? { ...rest, match: value } : rest))}
      />
      {match.now && (
        <>
          <Line
            label={t('import.how.mode')}
            value={settings.mode ?? 'both'}
            options={(['both', 'create', 'update'] as const).map(mode => [mode, t(`import.how.${mode}`)])}
            onChange={value =>
              set(({ mode: _, ...rest }) =>
                value === 'create' || value === 'update' ? { ...rest, mode: value } : rest,
              )
            }
          />
          <Line
            label={t('import.how.typed')}
            value={settings.overwrite ? 'overwrite' : 'keep'}
            options={(['keep', 'overwrite'] as const).map(key => [key, t(`import.how.${key}`)])}
            onChange={value =>
              set(({ overwrite: _, ...rest }) => (value === 'keep' ? rest : { ...rest, overwrite: true }))
            }
          />
          <Line
            label={t('import.how.empty')}
            value={settings.empty ?? 'keep'}
            options={[
              ['keep', t('import.how.emptyKeep')],
              ['clear', t('import.how.emptyClear')],
            ]}
            onChange={value =>
              set(({ empty: _, ...rest }) => (value === 'keep' ? rest : { ...rest, empty: 'clear' }))
            }
          />
          <Line
            label={t('import.how.back')}
            value={settings.backwards ? 'backwards' : 'forward'}
            options={(['forward', 'backwards'] as const).map(key => [key, t(`import.how.${key}`)])}
            onChange={value =>
              set(({ backwards: _, ...rest }) => (value === 'forward' ? rest : { ...rest, backwards: true }))
            }
          />
        </>
      )}
      {object.duplicates.length > 0 && (
        <Line
          label={t('import.how.known')}
          value={settings.duplicates ?? 'make'}
          options={[
            ['make', t('import.how.knownMake')],
            ['meet', t('import.how.knownMeet')],
          ]}
          onChange={value =>
            set(({ duplicates: _, ...rest }) => (value === 'meet' ? { ...rest, duplicates: 'meet' } : rest))
          }
        />
      )}
      <Line
        label={t('import.how.unreadable')}
        value={settings.unreadable ?? 'refuse'}
        options={[
          ['empty', t('import.how.unreadableEmpty')],
          ['refuse', t('import.how.unreadableRefuse')],
        ]}
        onChange={value =>
          set(({ unreadable: _, ...rest }) => (value === 'refuse' ? rest : { ...rest, unreadable: 'empty' }))
        }
      />
      {linksOf(map).map(([name, given]) => (
        <Line
          key={name}
          label={t('import.how.missing', { field: fieldOf(object, name)?.label ?? name })}
          value={missingOf(given, settings.missing[name])}
          options={[
            ['empty', t('import.how.missingEmpty')],
            ['fail', t('import.how.missingFail')],
            // Ids name nothing that a record could be made of.
            ...(given.link?.create || !['externalId', 'id'].includes(given.link?.by ?? 'title')
              ? [['create', t('import.how.missingCreate')] as [string, string]]
              : []),
          ]}
          onChange={value => set(now => ({ ...now, missing: { ...now.missing, [name]: value as Missing } }))}
        />
      ))}
    </div>
  );
}

/** How rows meet what is there already: said in sentences, opened only by who wants it otherwise. */
export function How(props: HowProps) {
  const [open, setOpen] = useState(false);
  return (
    <section className={s.how} aria-label={t('import.how.title')}>
      <div className={s.howHead}>
        <h3 className={s.groupName}>{t('import.how.title')}</h3>
        <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'import.how.done' : 'import.how.change')}
        </Button>
      </div>
      {open ? <Lines {...props} /> : <Said {...props} />}
    </section>
  );
}
