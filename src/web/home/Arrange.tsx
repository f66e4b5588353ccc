import { Menu } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { str } from '../../fields/read.tsx';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { useMeta } from '../model/meta.tsx';
import { useViews } from '../model/views.ts';
import { useRoles } from '../settings/use-roles.ts';
import s from './Arrange.module.css';
import {
  type Block,
  keyOfBlock,
  kinds,
  moved,
  type Place,
  places,
  put,
  usual,
  without,
} from './arrangement.ts';
import { useBlockName } from './Blocks.tsx';
import type { useHome } from './use-home.ts';

interface ArrangeProps {
  home: ReturnType<typeof useHome>;
  close(): void;
}

/** Arranging home: blocks are dragged, or moved by their buttons; it is kept for oneself, or for a role. */
export default function Arrange({ home, close }: ArrangeProps) {
  const { t } = useTranslation();
  const [blocks, setBlocks] = useState<Block[]>(home.blocks);
  const [dragged, setDragged] = useState<Block | null>(null);
  const [said, setSaid] = useState('');
  const nameOf = useBlockName();

  function change(next: Block[], what: string) {
    setBlocks(next);
    setSaid(what);
  }

  function drop(place: Place, before: Block | null) {
    if (dragged) setBlocks(put(blocks, dragged, place, before));
    setDragged(null);
  }

  return (
    <section className={s.arrange} aria-label={t('arrange.title')}>
      <Bar
        home={home}
        blocks={blocks}
        onAdd={block => setBlocks(put(blocks, block, block.at, null))}
        close={close}
      />
      <p className="sr-only" role="status">
        {said}
      </p>
      <div className={s.places}>
        {places.map(place => (
          <section
            key={place}
            aria-label={t(`arrange.place.${place}`)}
            className={s.place}
            data-place={place}
            data-over={dragged !== null || undefined}
            onDragOver={event => dragged && event.preventDefault()}
            onDrop={() => drop(place, null)}
          >
            <h3 className={s.placeName}>{t(`arrange.place.${place}`)}</h3>
            <ul className={s.blocks}>
              {blocks
                .filter(({ at }) => at === place)
                .map(block => (
                  <Piece
                    key={keyOfBlock(block)}
                    block={block}
                    name={nameOf(block)}
                    onDrag={setDragged}
                    onDropBefore={() => drop(place, block)}
                    onStep={by =>
                      change(
                        moved(blocks, block, by),
                        t(by === 1 ? 'arrange.down' : 'arrange.up', { block: nameOf(block) }),
                      )
                    }
                    onPlace={to =>
                      change(
                        put(blocks, block, to, null),
                        t('arrange.to', { block: nameOf(block), place: t(`arrange.place.${to}`) }),
                      )
                    }
                    onRemove={() =>
                      change(without(blocks, block), t('arrange.remove', { block: nameOf(block) }))
                    }
                  />
                ))}
            </ul>
            {!blocks.some(({ at }) => at === place) && <p className={s.empty}>{t('arrange.empty')}</p>}
          </section>
        ))}
      </div>
    </section>
  );
}

interface BarProps extends ArrangeProps {
  blocks: Block[];
  onAdd(block: Block): void;
}

function Bar({ home, blocks, onAdd, close }: BarProps) {
  const { t } = useTranslation();
  const { me } = useMeta();
  const { views } = useViews();
  const nameOf = useBlockName();
  const taken = new Set(blocks.map(keyOfBlock));
  const known: Block[] = [
    ...kinds.flatMap(kind => usual.filter(each => each.kind === kind)),
    ...views.map(
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
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button icon="plus" disabled={offered.length === 0}>
            {t('arrange.add')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={s.offered}>
          {offered.map(block => (
            <Menu.Item
              key={keyOfBlock(block)}
              leftSection={<Icon name={(block.view && icons.get(block.view)) || 'layout-list'} />}
              onClick={() => onAdd(block)}
            >
              {nameOf(block)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
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
  const { t } = useTranslation();
  const roles = useRoles();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button icon="users">{t('arrange.forRole')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {roles.map(role => (
          <Menu.Item key={role.id} onClick={() => onPick(role)}>
            {t('arrange.forRoleNamed', { role: role.label })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface PieceProps {
  block: Block;
  name: string;
  onDrag(block: Block | null): void;
  onDropBefore(): void;
  onStep(by: 1 | -1): void;
  onPlace(place: Place): void;
  onRemove(): void;
}

function Piece({ block, name, onDrag, onDropBefore, onStep, onPlace, onRemove }: PieceProps) {
  const { t } = useTranslation();
  return (
    <li
      className={s.piece}
      draggable
      onDragStart={event => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', name);
        onDrag(block);
      }}
      onDragEnd={() => onDrag(null)}
      onDragOver={event => event.preventDefault()}
      onDrop={event => {
        event.stopPropagation();
        onDropBefore();
      }}
    >
      <Icon name="grip-vertical" size={14} className={s.grip} />
      <span className={s.name}>{name}</span>
      <IconButton
        icon="chevron-up"
        size={24}
        label={t('arrange.up', { block: name })}
        onClick={() => onStep(-1)}
      />
      <IconButton
        icon="chevron-down"
        size={24}
        label={t('arrange.down', { block: name })}
        onClick={() => onStep(1)}
      />
      {places
        .filter(place => place !== block.at)
        .map(place => (
          <IconButton
            key={place}
            icon={
              { main: 'layout-sidebar', side: 'layout-sidebar-right-expand', below: 'layout-list' }[place]
            }
            size={24}
            label={t('arrange.to', { block: name, place: t(`arrange.place.${place}`) })}
            onClick={() => onPlace(place)}
          />
        ))}
      <IconButton icon="x" size={24} label={t('arrange.remove', { block: name })} onClick={onRemove} />
    </li>
  );
}
