import { SegmentedControl } from '@mantine/core';
import { optionsOf } from '../../../fields/read.tsx';
import { viewOf } from '../../../fields/views.ts';
import { Button, IconButton } from '../../../kit/Button.tsx';
import { Select } from '../../../kit/Select.tsx';
import { t } from '../../../kit/words.ts';
import { rowsOf } from '../../../web/model/cache.ts';
import { fieldOf, objectNamed, titleOf, useMeta } from '../../../web/model/meta.tsx';
import { useRecords } from '../../../web/model/records.ts';
import s from '../forecast/Forecast.module.css';
import { comparisons, type Unit, units } from './dashboard-view.ts';
import type { DashboardState } from './use-dashboard.ts';

interface OfState {
  state: DashboardState;
}

/** The period, what it is compared with, and whose and which deals: all of it in the address. */
export function DashboardBar({ state }: OfState) {
  const { unit, search } = state;
  return (
    <div className={s.bar}>
      <div className={s.walk}>
        <Button onClick={() => state.change({ at: undefined, from: undefined, to: undefined })}>
          {t('forecast.now')}
        </Button>
        <span className={s.steps}>
          <IconButton
            icon="chevron-left"
            label={t('forecast.earlier')}
            onClick={() => state.change(state.go(-1))}
          />
          <IconButton
            icon="chevron-right"
            label={t('forecast.later')}
            onClick={() => state.change(state.go(1))}
          />
        </span>
        <h2 className={s.period} aria-live="polite">
          {state.period}
        </h2>
      </div>
      <SegmentedControl
        size="xs"
        className={s.unit}
        aria-label={t('forecast.unit')}
        value={unit}
        data={units.map(value => ({
          value,
          label: t(value === 'range' ? 'dashboard.range' : `forecast.${value as Exclude<Unit, 'range'>}`),
        }))}
        onChange={next => state.change({ unit: units.find(each => each === next) })}
      />
      {unit === 'range' && (
        <>
          <DayChoice name="from" state={state} />
          <DayChoice name="to" state={state} />
        </>
      )}
      <Select
        label={t('dashboard.compare')}
        value={search.compare ?? 'before'}
        options={comparisons.map(value => ({
          value,
          label: t(
            {
              none: 'dashboard.compareNone',
              before: 'dashboard.compareBefore',
              year: 'dashboard.compareYear',
            }[value],
          ),
        }))}
        onChange={compare => state.change({ compare: comparisons.find(each => each === compare) })}
      />
      <RecordChoice
        name="pipeline"
        all={t('forecast.allPipelines')}
        label={t('forecast.pipeline')}
        state={state}
      />
      <Whose state={state} />
      <Only state={state} />
    </div>
  );
}

function DayChoice({ name, state }: OfState & { name: 'from' | 'to' }) {
  const deal = objectNamed(useMeta(), 'deal');
  const field = deal && fieldOf(deal, 'closeDate');
  if (!field) return null;
  const { Edit } = viewOf(field.type);
  return (
    <div className={s.day}>
      <label htmlFor={`dashboard-${name}`} className={s.dayLabel}>
        {t(`dashboard.${name}`)}
      </label>
      <Edit
        id={`dashboard-${name}`}
        place="form"
        field={field}
        value={state.scope[name]}
        error={null}
        onChange={day =>
          typeof day === 'string' && state.change({ from: state.scope.from, to: state.scope.to, [name]: day })
        }
      />
    </div>
  );
}

function useTitles(name: string) {
  const meta = useMeta();
  const object = objectNamed(meta, name);
  const found = useRecords(
    object ?? meta.objects[0]!,
    { sort: object?.list.sort ?? [], fields: object ? [object.title] : [], limit: 500 },
    object !== undefined,
  );
  return object ? rowsOf(found.data).map(row => ({ id: row.id, title: titleOf(meta, object, row) })) : [];
}

function RecordChoice({
  name,
  label,
  all,
  state,
}: OfState & { name: 'pipeline'; label: string; all: string }) {
  const rows = useTitles(name);
  if (rows.length < 2 && !state.search[name]) return null;
  return (
    <Select
      label={label}
      value={state.search[name] ?? ''}
      options={[{ value: '', label: all }, ...rows.map(({ id, title }) => ({ value: id, label: title }))]}
      onChange={id => state.change({ [name]: id || undefined })}
    />
  );
}

/** Everyone's deals, or those of a team or of one person. */
function Whose({ state }: OfState) {
  const [teams, people] = [useTitles('team'), useTitles('user')];
  return (
    <Select
      label={t('dashboard.whose')}
      value={state.search.whose ?? ''}
      options={[
        { value: '', label: t('dashboard.everyone') },
        ...teams.map(({ id, title }) => ({ value: `team:${id}`, label: title })),
        ...people.map(({ id, title }) => ({ value: `owner:${id}`, label: title })),
      ]}
      onChange={whose => state.change({ whose: whose || undefined })}
    />
  );
}

/** Only deals with a value of a choice, of their own or of their company. */
function Only({ state }: OfState) {
  const meta = useMeta();
  const { only } = state.search;
  const [field, value] = only
    ? [only.slice(0, only.indexOf(':')), only.slice(only.indexOf(':') + 1)]
    : ['', ''];
  const choices = ['deal', 'company'].flatMap(name =>
    (objectNamed(meta, name)?.fields ?? [])
      .filter(
        each => optionsOf(each).length > 0 && each.options.choices !== undefined && each.name !== 'status',
      )
      .map(each => ({
        path: name === 'deal' ? each.name : `company.${each.name}`,
        label: each.label,
        options: optionsOf(each),
      })),
  );
  const chosen = choices.find(({ path }) => path === field);
  return (
    <>
      <Select
        label={t('dashboard.segment')}
        value={field}
        options={[
          { value: '', label: t('dashboard.allDeals') },
          ...choices.map(({ path, label }) => ({ value: path, label })),
        ]}
        onChange={path => {
          const first = choices.find(each => each.path === path)?.options[0]?.value;
          state.change({ only: path && first ? `${path}:${first}` : undefined });
        }}
      />
      {chosen && (
        <Select
          label={t('dashboard.segmentValue')}
          value={value}
          options={chosen.options.map(option => ({ value: option.value, label: option.label }))}
          onChange={next => state.change({ only: `${field}:${next}` })}
        />
      )}
    </>
  );
}
