import { Link } from '@tanstack/react-router';
import type { MetaObject } from '../../engine/index.ts';
import { Avatar } from '../../kit/Avatar.tsx';
import { Coming } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { lookOf, useMeta } from '../model/meta.tsx';
import { branches, useTree } from '../model/tree.ts';
import s from './Related.module.css';
import { SidePanel } from './SidePanel.tsx';

/** Where a record stands: those above it, beside it and below it. */
export function TreeCard({ object, row }: { object: MetaObject; row: Row }) {
  const look = lookOf(useMeta(), object.name);
  const { data: tree, isLoading } = useTree(object, row.id);
  if (isLoading) return <Coming />;
  if (!tree || tree.data.length < 2) return null;
  const { shown, left } = branches(tree, row.id);
  return (
    <SidePanel label={t('page.tree')}>
      <ul className={s.tree}>
        {shown.map(node => (
          <li key={node.id} style={{ paddingInlineStart: Math.min(node.level, 6) * 16 }}>
            <Link
              to="/$object/$id"
              params={{ object: object.path, id: node.id }}
              className={s.branch}
              data-level={node.level}
              aria-current={node.id === row.id ? 'page' : undefined}
            >
              {look !== 'bare' && look !== 'chip' && (
                <Avatar id={node.id} title={node.title ?? ''} round={look === 'round'} size={16} />
              )}
              <span className={s.branchName}>{node.title ?? t('field.untitled')}</span>
              {node.below > 0 && node.id !== row.id && <span className={s.below}>{node.below}</span>}
            </Link>
          </li>
        ))}
      </ul>
      {(left > 0 || tree.more) && (
        <p className={s.none}>{tree.more ? t('page.treeMany') : t('page.treeMore', { count: left })}</p>
      )}
    </SidePanel>
  );
}
