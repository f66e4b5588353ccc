import { SegmentedControl } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { optionsOf } from '../../../fields/read.tsx';
import { Button } from '../../../kit/Button.tsx';
import { Chip } from '../../../kit/Chip.tsx';
import { EmptyState, SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { write } from '../../../web/api.ts';
import { nameOf } from '../../../web/model/days.ts';
import { fieldOf, formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { fail } from '../../../web/model/records.ts';
import { Failure } from '../../../web/shell/Missing.tsx';
import { useMoney } from '../forecast/use-forecast.ts';
import c from './Revenue.module.css';
import type { Renewals } from './renewals.ts';
import { horizons } from './revenue-view.ts';
import { type RevenueState, useRenewals } from './use-revenue.ts';

/** What ends soon, the next first, with how far its renewal is. */
export function RenewalList({ state }: { state: RevenueState }) {
  const found = useRenewals(state);
  const { data } = found;
  const money = useMoney(data?.currency ?? '');
  if (found.error && !data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const sum = (data?.renewals ?? []).reduce((all, { yearly }) => all + Number(yearly), 0);
  return (
    <section className={c.card} aria-label={t('revenue.renewals')}>
      <header className={c.head}>
        <h2 className={c.title}>
          {data && data.count > 0
            ? t('revenue.ending', { count: data.count, amount: money(sum) })
            : t('revenue.renewals')}
        </h2>
        <SegmentedControl
          size="xs"
          aria-label={t('revenue.within')}
          value={state.days}
          data={horizons.map(value => ({ value, label: t('revenue.days', { count: Number(value) }) }))}
          onChange={days => state.change({ days: horizons.find(each => each === days) })}
        />
      </header>
      {!data ? (
        <SkeletonLines count={6} />
      ) : data.renewals.length === 0 ? (
        <EmptyState icon="contract" title={t('revenue.noEnding')} text={t('revenue.noEndingText')} />
      ) : (
        <div className={c.scroll} data-sideways aria-busy={found.isPlaceholderData || undefined}>
          <Ending renewals={data.renewals} money={money} />
        </div>
      )}
    </section>
  );
}

type Renewal = Renewals['renewals'][number];

function Ending({ renewals, money }: { renewals: Renewal[]; money: ReturnType<typeof useMoney> }) {
  const meta = useMeta();
  const { locale } = formatOf(meta);
  const contract = objectNamed(meta, 'contract');
  const day = (value: string | null) => (value ? nameOf(value, 'day', locale) : '–');
  const label = (name: string) => (contract && fieldOf(contract, name)?.label) ?? name;
  const choices = contract && fieldOf(contract, 'renewal');
  const [whose, end, notice, renews, owner] = ['company', 'end', 'noticeBy', 'renewal', 'owner'].map(label);
  return (
    <table className={`${c.table} ${c.ending}`}>
      <thead>
        <tr>
          {[contract?.label ?? '', whose, end, notice, renews].map(head => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
          <th scope="col" data-number>
            {t('revenue.yearly')}
          </th>
          <th scope="col">{owner}</th>
          <th scope="col">{t('revenue.state')}</th>
        </tr>
      </thead>
      <tbody>
        {renewals.map(row => {
          const path = objectNamed(meta, row.object)?.path ?? '';
          const renewal = choices && optionsOf(choices).find(({ value }) => value === row.renewal);
          return (
            <tr key={row.id}>
              <th scope="row">
                <Link to="/$object/$id" params={{ object: path, id: row.id }} className={c.number}>
                  {row.name}
                </Link>
              </th>
              <td data-label={whose}>{(row.company ?? row.contact)?.title ?? '–'}</td>
              <td data-label={end} className={c.day}>
                {day(row.end)}
              </td>
              <td data-label={notice} className={c.day}>
                {day(row.noticeBy)}
              </td>
              <td data-label={renews}>{renewal?.label ?? '–'}</td>
              <td data-label={t('revenue.yearly')} data-number>
                {money(row.yearly)}
              </td>
              <td data-label={owner}>{row.owner?.title ?? '–'}</td>
              <td data-label={t('revenue.state')}>
                <Offer renewal={row} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The offer that was made, or the way to make it. */
function Offer({ renewal }: { renewal: Renewal }) {
  const meta = useMeta();
  const navigate = useNavigate();
  const [quote, contract] = [objectNamed(meta, 'quote'), objectNamed(meta, 'contract')];
  const verb = contract?.verbs.find(({ name }) => name === 'offerRenewal');
  const open = (id: string) =>
    void navigate({ to: '/$object/$id', params: { object: quote!.path, id }, search: { tab: 'builder' } });
  async function offer() {
    try {
      const answer = await write<{ result: { id: string } }>(
        'POST',
        `/api/${contract!.path}/${renewal.id}/offerRenewal`,
        {},
        { once: true },
      );
      open(answer.data.result.id);
    } catch (error) {
      fail(error);
    }
  }
  const made = renewal.quote;
  const status = quote && fieldOf(quote, 'status');
  if (made && quote && made.status !== 'declined') {
    const option = status && optionsOf(status).find(({ value }) => value === made.status);
    return (
      <Link to="/$object/$id" params={{ object: quote.path, id: made.id }}>
        <Chip colour={option?.colour}>{option?.label ?? made.status}</Chip>
      </Link>
    );
  }
  if (renewal.object !== 'contract' || !verb || !quote) return '–';
  return (
    <Button icon="file-invoice" onClick={() => void offer()}>
      {verb.label}
    </Button>
  );
}
