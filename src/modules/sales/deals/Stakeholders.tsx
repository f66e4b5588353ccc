import './deal-words.ts';
import '../relations/briefing-words.ts';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { said } from '../../../fields/said.ts';
import { Avatar } from '../../../kit/Avatar.tsx';
import { Button } from '../../../kit/Button.tsx';
import { Icon } from '../../../kit/Icon.tsx';
import { EmptyState, SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import type { RecordPartProps } from '../../../web/model/parts.ts';
import { openDialog } from '../../../web/shell/dialogs.ts';
import { Failure } from '../../../web/shell/Missing.tsx';
import s from './Stakeholders.module.css';
import { box, type Placed, type StakeholderMap } from './stakeholders.ts';
import { useStakeholders } from './use-stakeholders.ts';

/** Who decides, who influences whom, how they stand to the offer, and who is still missing. */
export default function Stakeholders({ object, row }: RecordPartProps) {
  const { coming, error, map, relation } = useStakeholders(object, row);
  if (coming) return <SkeletonLines count={6} />;
  if (error) return <Failure error={error} retry={() => window.location.reload()} />;
  if (map.nodes.length === 0)
    return <EmptyState icon="users" title={t('deal.nobody')} text={t('deal.nobodyText')} />;
  const [first] = map.nodes;
  return (
    <div className={s.stakeholders}>
      {row.status === 'open' && map.missing.length > 0 && (
        <ul className={s.missing} aria-label={t('deal.missing.title')}>
          {map.missing.map(role => (
            <li key={role}>
              <Icon name="alert-triangle" size={14} />
              {t(`deal.missing.${role}`)}
            </li>
          ))}
        </ul>
      )}
      <Drawing map={map} />
      <People map={map} />
      {relation?.can.create && first && (
        <Button
          icon="affiliate"
          onClick={() =>
            openDialog({
              kind: 'create',
              object: 'relation',
              values: { from: { object: 'person', id: first.id, title: first.title } },
            })
          }
        >
          {t('deal.relate')}
        </Button>
      )}
    </div>
  );
}

const kindOf = (kind: string) => t(`briefing.kind.${kind}`);
const stanceOf = (stance: string) => said(stance.charAt(0).toUpperCase() + stance.slice(1));

/** The picture goes from left to right in every language; what it says stands in the table below, too. */
function Drawing({ map: { nodes, edges, width, height } }: { map: StakeholderMap }) {
  const arrow = useId();
  return (
    <div className={s.frame} data-sideways dir="ltr">
      <div className={s.drawing} style={{ inlineSize: width, blockSize: height }}>
        <svg width={width} height={height} aria-hidden className={s.lines}>
          <title>{t('deal.map')}</title>
          <defs>
            <marker
              id={arrow}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerUnits="userSpaceOnUse"
              markerWidth="9"
              markerHeight="9"
              orient="auto"
            >
              <path d="M 0 0 L 8 4 L 0 8 z" />
            </marker>
          </defs>
          {edges.map(({ id, kind, path, strength }) => (
            <path
              key={id}
              d={path}
              data-kind={kind}
              strokeWidth={1 + (strength ?? 1) * 0.4}
              markerEnd={`url(#${arrow})`}
            />
          ))}
        </svg>
        <ul>
          {nodes.map(node => (
            <Node key={node.id} node={node} />
          ))}
        </ul>
        <svg width={width} height={height} aria-hidden className={s.labels}>
          <title>{t('deal.map')}</title>
          {edges
            .filter(({ kind }) => kind !== 'reportsTo')
            .map(({ id, kind, label }) => (
              <text key={id} x={label.x} y={label.y}>
                {kindOf(kind)}
              </text>
            ))}
        </svg>
      </div>
    </div>
  );
}

function Node({ node }: { node: Placed }) {
  const { id, title, role, jobTitle, stance, x, y } = node;
  return (
    <li
      className={s.node}
      data-stance={stance ?? undefined}
      style={{
        insetInlineStart: x - box.width / 2,
        insetBlockStart: y - box.height / 2,
        inlineSize: box.width,
        blockSize: box.height,
      }}
    >
      <Avatar id={id} title={title} round size={32} />
      <span className={s.about}>
        <Link to="/$object/$id" params={{ object: 'people', id }} className={s.name} dir="auto">
          {title}
        </Link>
        <span className={s.role} dir="auto">
          {role ?? jobTitle}
        </span>
        {stance && <span className={s.stance}>{stanceOf(stance)}</span>}
      </span>
    </li>
  );
}

/** The same as text. */
function People({ map: { nodes, edges } }: { map: StakeholderMap }) {
  const titles = new Map(nodes.map(({ id, title }) => [id, title]));
  return (
    <div className={s.frame} data-sideways>
      <table className={s.table}>
        <caption>{t('deal.map')}</caption>
        <thead>
          <tr>
            {(['who', 'role', 'stance', 'ties'] as const).map(name => (
              <th key={name} scope="col">
                {t(`deal.head.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nodes.map(({ id, title, role, stance }) => (
            <tr key={id}>
              <th scope="row" dir="auto">
                {title}
              </th>
              <td dir="auto">{role ?? '–'}</td>
              <td>{stance ? stanceOf(stance) : '–'}</td>
              <td>
                {edges
                  .filter(({ from }) => from === id)
                  .map(({ kind, to }) => `${kindOf(kind)} ${titles.get(to) ?? ''}`)
                  .join(' · ') || '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
