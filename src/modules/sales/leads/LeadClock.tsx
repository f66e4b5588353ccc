import './lead-words.ts';
import { relatively } from '../../../fields/moments.tsx';
import { str } from '../../../fields/read.tsx';
import { Icon } from '../../../kit/Icon.tsx';
import { t } from '../../../kit/words.ts';
import { formatOf, useMeta } from '../../../web/model/meta.tsx';
import type { RecordPartProps } from '../../../web/model/parts.ts';
import s from './LeadParts.module.css';

/** By when someone should have been in touch, or when it was. */
export default function LeadClock({ row }: RecordPartProps) {
  const format = formatOf(useMeta());
  const state = str(row.contactState);
  const at = str(row.firstContactAt) || str(row.contactBy);
  if (!state || !at || ['converted', 'disqualified', 'recycled'].includes(str(row.status))) return null;
  return (
    <p className={s.clock} data-state={state}>
      <Icon name="clock" size={14} />
      {t(`lead.clock.${state}`, { when: relatively(at, format) })}
    </p>
  );
}
