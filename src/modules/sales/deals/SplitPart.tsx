import './deal-words.ts';
import { optionsOf, reference, str } from '../../../fields/read.tsx';
import { viewOf } from '../../../fields/views.ts';
import { Avatar } from '../../../kit/Avatar.tsx';
import { Button, IconButton } from '../../../kit/Button.tsx';
import { Chip } from '../../../kit/Chip.tsx';
import { Icon } from '../../../kit/Icon.tsx';
import { Input } from '../../../kit/Input.tsx';
import { Select } from '../../../kit/Select.tsx';
import { t } from '../../../kit/words.ts';
import { fieldOf, formatOf, useMeta } from '../../../web/model/meta.tsx';
import type { RecordPartProps } from '../../../web/model/parts.ts';
import { Value } from '../../../web/records/Value.tsx';
import s from './DealParts.module.css';
import { useSplits } from './use-splits.ts';

/** Which sellers a deal counts for, and how much. */
export default function SplitPart({ object, row }: RecordPartProps) {
  const splits = useSplits(object, row);
  if (!splits.of || (splits.splits.length === 0 && !splits.begin)) return null;
  const { begin } = splits;
  return (
    <details className={s.part} open={splits.splits.length > 0 || undefined}>
      <summary>
        {splits.of.plural}
        {splits.splits.length > 0 && <span className={s.count}>{splits.splits.length}</span>}
        <Icon name="chevron-right" size={14} className={s.turn} />
      </summary>
      {splits.drafts ? (
        <Setting splits={splits} />
      ) : (
        <>
          {splits.splits.length === 0 ? <p>{t('deal.unsplit')}</p> : <Shares splits={splits} />}
          {begin && (
            <Button icon="users" onClick={begin}>
              {t('deal.split')}
            </Button>
          )}
        </>
      )}
    </details>
  );
}

type Splits = ReturnType<typeof useSplits>;

function Shares({ splits: { of, splits } }: { splits: Splits }) {
  const { locale } = formatOf(useMeta());
  const kind = of && fieldOf(of, 'kind');
  const amount = of && fieldOf(of, 'amount');
  return (
    <ul className={s.shares}>
      {splits.map(split => {
        const user = reference(split.user);
        const overlay = split.kind === 'overlay' && kind;
        return (
          <li key={split.id}>
            <Avatar id={user?.id ?? ''} title={user?.title ?? ''} round size={20} />
            <span className={s.name}>{user?.title}</span>
            {overlay && <Chip>{optionsOf(kind).find(({ value }) => value === split.kind)?.label}</Chip>}
            <span className={s.figure}>
              {(Number(split.share) / 100).toLocaleString(locale, {
                style: 'percent',
                maximumFractionDigits: 3,
              })}
            </span>
            <span className={s.amount}>{amount && <Value row={split} field={amount} place="card" />}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Setting({ splits }: { splits: Splits }) {
  const { of, drafts, set, sum, uneven } = splits;
  const { locale } = formatOf(useMeta());
  const [user, kind] = [of && fieldOf(of, 'user'), of && fieldOf(of, 'kind')];
  if (!drafts || !user || !kind) return null;
  const { Edit } = viewOf(user.type);
  return (
    <div className={s.setting}>
      {drafts.map(draft => (
        <fieldset key={draft.key} className={s.draft}>
          <legend className={s.unseen}>{reference(draft.user)?.title ?? user.label}</legend>
          <Edit
            id={`split-${draft.key}`}
            place="form"
            field={user}
            value={draft.user}
            record={{}}
            onChange={value => set(draft.key, { user: value })}
          />
          <Input
            type="number"
            inputMode="decimal"
            min={0}
            max={100}
            step="any"
            aria-label={t('deal.share')}
            value={draft.share}
            wrong={uneven && draft.kind === 'revenue'}
            onChange={event => set(draft.key, { share: event.target.value })}
          />
          <Select
            label={kind.label}
            value={draft.kind}
            options={optionsOf(kind).map(({ value, label }) => ({ value: str(value), label }))}
            onChange={value => set(draft.key, { kind: value })}
          />
          <IconButton icon="x" label={t('deal.removeSplit')} onClick={() => splits.remove(draft.key)} />
        </fieldset>
      ))}
      <p role="status" data-wrong={uneven || undefined}>
        {t('deal.sum', {
          sum: (sum / 100).toLocaleString(locale, { style: 'percent', maximumFractionDigits: 3 }),
        })}
      </p>
      <div className={s.actions}>
        <Button icon="plus" look="quiet" onClick={splits.add}>
          {t('deal.addSeller')}
        </Button>
        <Button onClick={splits.cancel}>{t('form.cancel')}</Button>
        <Button
          look="primary"
          busy={splits.busy}
          disabled={uneven || !splits.complete}
          onClick={() => void splits.save()}
        >
          {t('deal.saveSplits')}
        </Button>
      </div>
    </div>
  );
}
