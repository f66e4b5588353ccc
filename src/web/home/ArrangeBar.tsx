import { str } from '../../fields/read.tsx';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { t } from '../../kit/words.ts';
import { useMeta } from '../model/meta.tsx';
import { useViews } from '../model/views.ts';
import { useRoles } from '../settings/use-roles.ts';
import s from './Arrange.module.css';
import type { ArrangeProps } from './Arrange.tsx';
import { type Block, keyOfBlock } from './arrangement.ts';

interface ArrangeBarProps extends ArrangeProps {
  blocks: Block[];
  onAdd(block: Block): void;
}

/** What can be added, for whom it is kept, and the way out. */
export function ArrangeBar({ home, blocks, onAdd, close }: ArrangeBarProps) {
  const { me } = useMeta();
  const { views } = useViews();
  const { nameOf, usual } = home.page;
  const taken = new Set(blocks.map(keyOfBlock));
  const known: Block[] = [
    ...usual,
    ...(home.page.views ? views : []).map(
      (view): Block => ({ kind: 'view', at: view.layout === 'chart' ? 'main' : 'side', view: view.id }),
    ),
  ];
  const offered = known.filter(block => !taken.has(keyOfBlock(block)));
  const icons = new Map(
    views.map(view => [
      view.id,
      view.layout === 'chart' ? 'chart-bar' : str(view.icon ?? null) || 'bookmark',
    ]),
  );
  async function done(work: Promise<void>) {
    await work;
    close();
  }
  return (
    <div className={s.bar}>
      <p className={s.lead}>{t('arrange.lead')}</p>
      <Menu
        position="bottom-end"
        width={260}
        dropdown={{ className: s.offered }}
        of={
          <Button icon="plus" disabled={offered.length === 0}>
            {t('arrange.add')}
          </Button>
        }
      >
        {offered.map(block => (
          <Menu.Item
            key={keyOfBlock(block)}
            leftSection={<Icon name={(block.view && icons.get(block.view)) || 'layout-list'} />}
            onClick={() => onAdd(block)}
          >
            {nameOf(block)}
          </Menu.Item>
        ))}
      </Menu>
      {me.administer && <ForRole onPick={role => void done(home.saveFor(role, blocks))} />}
      {home.isOwn && (
        <Button look="quiet" onClick={() => void done(home.reset())}>
          {t('arrange.usual')}
        </Button>
      )}
      <Button onClick={close}>{t('arrange.leave')}</Button>
      <Button look="primary" icon="check" onClick={() => void done(home.save(blocks))}>
        {t('arrange.done')}
      </Button>
    </div>
  );
}

function ForRole({ onPick }: { onPick(role: ReturnType<typeof useRoles>[number]): void }) {
  const roles = useRoles();
  return (
    <Menu position="bottom-end" width={240} of={<Button icon="users">{t('arrange.forRole')}</Button>}>
      {roles.map(role => (
        <Menu.Item key={role.id} onClick={() => onPick(role)}>
          {t('arrange.forRoleNamed', { role: role.label })}
        </Menu.Item>
      ))}
    </Menu>
  );
}
