import { Link } from '@tanstack/react-router';
import { said } from '../../../fields/said.ts';
import { Avatar } from '../../../kit/Avatar.tsx';
import { Chip } from '../../../kit/Chip.tsx';
import { t } from '../../../kit/words.ts';
import { objectNamed, useMeta } from '../../../web/model/meta.tsx';
import s from './Briefing.module.css';
import type { RelationTold } from './use-briefing.ts';

type End = RelationTold['from'];

function Party({ end }: { end: End }) {
  const object = objectNamed(useMeta(), end.object);
  if (!object) return null;
  return (
    <Link to="/$object/$id" params={{ object: object.path, id: end.id }} className={s.party}>
      <Avatar id={end.id} title={end.title} round={end.object === 'person'} size={20} />
      {end.title}
    </Link>
  );
}

/** Who is what to whom, in a sentence each; whoever the page is about is left out of it. */
export function Relations({ of, relations }: { of: string; relations: RelationTold[] }) {
  const relation = objectNamed(useMeta(), 'relation');
  return (
    <ul className={s.relations}>
      {relations.map(({ id, from, kind, to, strength, stance, until }) => (
        <li key={id} data-over={until !== null || undefined}>
          {from.id !== of && <Party end={from} />}
          {relation && (
            <Link to="/$object/$id" params={{ object: relation.path, id }} className={s.kind}>
              {t(`briefing.kind.${kind}`)}
            </Link>
          )}
          {to.id !== of ? <Party end={to} /> : <span className={s.kind}>{t('briefing.them')}</span>}
          {stance && <Chip>{said(stance.charAt(0).toUpperCase() + stance.slice(1))}</Chip>}
          {strength !== null && (
            <span className={s.fine} role="img" aria-label={t('briefing.strength', { strength })}>
              {'●'.repeat(strength)}
              {'○'.repeat(Math.max(0, 5 - strength))}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
