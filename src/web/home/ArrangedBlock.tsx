import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import s from './Arrange.module.css';
import { type Block, type Place, places } from './arrangement.ts';

interface ArrangedBlockProps {
  block: Block;
  name: string;
  onDrag(block: Block | null): void;
  onDropBefore(): void;
  onStep(by: 1 | -1): void;
  onPlace(place: Place): void;
  onRemove(): void;
}

/** A block by its name: to be dragged, or moved by its buttons. */
export function ArrangedBlock({
  block,
  name,
  onDrag,
  onDropBefore,
  onStep,
  onPlace,
  onRemove,
}: ArrangedBlockProps) {
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
