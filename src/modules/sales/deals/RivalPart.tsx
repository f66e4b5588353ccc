import './deal-words.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { MetaObject } from '../../../engine/index.ts';
import { optionsOf, reference, str } from '../../../fields/read.tsx';
import { Chip } from '../../../kit/Chip.tsx';
import { Icon } from '../../../kit/Icon.tsx';
import { t } from '../../../kit/words.ts';
import { type Row, read } from '../../../web/api.ts';
import { rowsOf } from '../../../web/model/cache.ts';
import { fieldOf, formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import type { RecordPartProps } from '../../../web/model/parts.ts';
import { useRecords } from '../../../web/model/records.ts';
import s from './DealParts.module.css';
import type { RivalsAnswer } from './rival.ts';

/** Against whom a deal is fought for; on the page of a competitor, how that went so far. */
export default function RivalPart({ object, row }: RecordPartProps) {
  const rival = objectNamed(useMeta(), 'rival');
  const field = object.name === 'deal' ? 'deal' : 'competitor';
  const asked = rival !== undefined && (field === 'deal' || row.type === 'competitor');
  const found = useRecords(
    rival ?? object,
    { filter: { field, op: 'is', value: row.id }, limit: field === 'deal' ? 20 : 1 },
    asked,
  );
  const rows = asked ? rowsOf(found.data) : [];
  const ids = [...new Set(rows.map(({ competitor }) => reference(competitor)?.id ?? ''))].filter(Boolean);
  const { data } = useQuery({
    queryKey: ['records', 'rival', 'groups', { competitors: ids }],
    queryFn: ({ signal }) =>
      read<RivalsAnswer>('/api/reports/rivals', { body: { competitors: ids }, signal }),
    enabled: ids.length > 0,
  });
  if (!rival || rows.length === 0) return null;
  return (
    <details className={s.part} open>
      <summary>
        {field === 'deal' ? rival.plural : t('deal.record')}
        <Icon name="chevron-right" size={14} className={s.turn} />
      </summary>
      <ul className={s.similar}>
        {rows.map(each => (
          <Line
            key={each.id}
            rival={rival}
            row={each}
            named={field === 'deal'}
            known={data?.rivals.find(({ competitor }) => competitor === reference(each.competitor)?.id)}
          />
        ))}
      </ul>
    </details>
  );
}

interface LineProps {
  rival: MetaObject;
  row: Row;
  named: boolean;
  known: RivalsAnswer['rivals'][number] | undefined;
}

function Line({ rival, row, named, known }: LineProps) {
  const meta = useMeta();
  const { locale } = formatOf(meta);
  const share = (part: number | null) =>
    (part ?? 0).toLocaleString(locale, { style: 'percent', maximumFractionDigits: 0 });
  const competitor = reference(row.competitor);
  const standing = fieldOf(rival, 'standing');
  const word = standing && optionsOf(standing).find(({ value }) => value === row.standing)?.label;
  return (
    <li>
      {named && (
        <span className={s.line}>
          <Link to="/$object/$id" params={{ object: rival.path, id: row.id }} className={s.name}>
            {competitor?.title}
          </Link>
          {word && <Chip colour={str(row.standing) === 'ahead' ? 'orange' : null}>{word}</Chip>}
        </span>
      )}
      {known && (
        <span className={s.fine}>
          {known.rate === null
            ? t('deal.undecided', { count: known.open })
            : t('deal.against', {
                won: known.won,
                count: known.won + known.lost,
                rate: share(known.rate),
                low: share(known.low),
                high: share(known.high),
              })}
        </span>
      )}
    </li>
  );
}
