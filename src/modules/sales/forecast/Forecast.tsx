import { PageBody } from '../../../kit/PageBody.tsx';
import './forecast-words.ts';
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { viewOf } from '../../../fields/views.ts';
import { Button, IconButton } from '../../../kit/Button.tsx';
import { PageHeader } from '../../../kit/PageHeader.tsx';
import { Select } from '../../../kit/Select.tsx';
import { EmptyState, SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { rowsOf } from '../../../web/model/cache.ts';
import { nameOf } from '../../../web/model/days.ts';
import { fieldOf, formatOf, objectNamed, titleOf, useMeta } from '../../../web/model/meta.tsx';
import { useRecords } from '../../../web/model/records.ts';
import { openDialog } from '../../../web/shell/dialogs.ts';
import { Failure } from '../../../web/shell/Missing.tsx';
import s from './Forecast.module.css';
import { type Asked, ForecastDialog } from './ForecastDialog.tsx';
import { ForecastFlow } from './ForecastFlow.tsx';
import { ForecastHead } from './ForecastHead.tsx';
import { ForecastAccuracy, ForecastBy } from './ForecastMore.tsx';
import { ForecastTable } from './ForecastTable.tsx';
import { units } from './forecast-view.ts';
import { type ForecastState, useForecast, useForecastState, useSaid } from './use-forecast.ts';

/** What is expected to be won in a period, by seller, beside quotas and what managers make of it. */
export default function Forecast() {
  const meta = useMeta();
  const state = useForecastState();
  const { locale } = formatOf(meta);
  return (
    <>
      <PageHeader icon="chart-line" title={t('pages.forecast')}>
        {objectNamed(meta, 'quota')?.can.create && !state.asOf && (
          <Button icon="target" aria-label={t('forecast.setQuota')} onClick={() => setQuota(state)}>
            {t('forecast.setQuota')}
          </Button>
        )}
      </PageHeader>
      <Bar state={state} />
      <PageBody wide>
        {state.asOf && (
          <p className={s.notice} data-then role="status">
            {t('forecast.then', { day: nameOf(state.asOf, 'day', locale) })}
            <Button look="quiet" onClick={() => state.change({ asOf: undefined })}>
              {t('forecast.backToNow')}
            </Button>
          </p>
        )}
        <Figures state={state} />
      </PageBody>
    </>
  );
}

/** For anyone: who has neither deals nor a quota yet does not stand in the table. */
function setQuota({ from, to, period: name, input: { pipeline } }: ForecastState) {
  openDialog({
    kind: 'create',
    object: 'quota',
    values: { name, from, to, ...(pipeline ? { pipeline } : {}) },
  });
}

interface OfState {
  state: ForecastState;
}

function Figures({ state }: OfState) {
  const { input, period, before } = state;
  const found = useForecast(input);
  const said = useSaid(input);
  const [asked, setAsked] = useState<Asked | null>(null);
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <SkeletonLines count={9} height={44} />;
  const { data } = found;
  const empty = data.sellers.length === 0 && data.unrated.length === 0;
  return (
    <div aria-busy={found.isPlaceholderData || undefined} className={s.figures}>
      <ForecastHead forecast={data} state={state} />
      {empty ? (
        <EmptyState
          icon="chart-line"
          title={t('forecast.empty', { period })}
          text={t('forecast.emptyText')}
        />
      ) : (
        <ForecastTable forecast={data} state={state} said={said} ask={setAsked} />
      )}
      {before && <ForecastFlow now={data} state={state} before={before} />}
      {!empty && <ForecastBy state={state} />}
      <ForecastAccuracy state={state} />
      {asked && <ForecastDialog asked={asked} state={state} said={said} close={() => setAsked(null)} />}
    </div>
  );
}

function Bar({ state }: OfState) {
  return (
    <div className={s.bar}>
      <div className={s.walk}>
        <Button onClick={() => state.change({ at: undefined })}>{t('forecast.now')}</Button>
        <span className={s.steps}>
          <IconButton
            icon="chevron-left"
            label={t('forecast.earlier')}
            onClick={() => state.change({ at: state.go(-1) })}
          />
          <IconButton
            icon="chevron-right"
            label={t('forecast.later')}
            onClick={() => state.change({ at: state.go(1) })}
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
        value={state.unit}
        data={units.map(value => ({ value, label: t(`forecast.${value}`) }))}
        onChange={unit => state.change({ unit: units.find(each => each === unit) })}
      />
      <Pipelines state={state} />
      <DayChoice name="asOf" value={state.search.asOf} onChange={asOf => state.change({ asOf })} />
      <DayChoice
        name="compare"
        value={state.search.compare}
        onChange={compare => state.change({ compare })}
        wrong={state.search.compare !== undefined && state.before === null}
      />
    </div>
  );
}

/** Which pipeline, where there are several. */
function Pipelines({ state }: OfState) {
  const meta = useMeta();
  const object = objectNamed(meta, 'pipeline') ?? objectNamed(meta, 'deal')!;
  const found = useRecords(object, { sort: object.list.sort }, object.name === 'pipeline');
  const rows = rowsOf(found.data);
  if (object.name !== 'pipeline' || (rows.length < 2 && !state.search.pipeline)) return null;
  return (
    <Select
      label={t('forecast.pipeline')}
      value={state.search.pipeline ?? ''}
      options={[
        { value: '', label: t('forecast.allPipelines') },
        ...rows.map(row => ({ value: row.id, label: titleOf(meta, object, row) })),
      ]}
      onChange={pipeline => state.change({ pipeline: pipeline || undefined })}
    />
  );
}

interface DayProps {
  name: 'asOf' | 'compare';
  value: string | undefined;
  wrong?: boolean;
  onChange(day: string | undefined): void;
}

/** A day, chosen as the close date of a deal is. */
function DayChoice({ name, value, wrong, onChange }: DayProps) {
  const deal = objectNamed(useMeta(), 'deal');
  const field = deal && fieldOf(deal, 'closeDate');
  if (!field) return null;
  const { Edit } = viewOf(field.type);
  return (
    <div className={s.day}>
      <label htmlFor={`forecast-${name}`} className={s.dayLabel}>
        {t(`forecast.${name}`)}
      </label>
      <Edit
        id={`forecast-${name}`}
        place="form"
        field={field}
        value={value ?? null}
        error={wrong ? t('forecast.compareLater') : null}
        onChange={day => onChange(typeof day === 'string' ? day : undefined)}
      />
      {wrong && (
        <span className={s.wrong} role="alert">
          {t('forecast.compareLater')}
        </span>
      )}
    </div>
  );
}
