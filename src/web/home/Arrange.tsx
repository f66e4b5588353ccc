import './words.ts';
import { useState } from 'react';
import { t } from '../../kit/words.ts';
import s from './Arrange.module.css';
import { ArrangeBar } from './ArrangeBar.tsx';
import { ArrangedBlock } from './ArrangedBlock.tsx';
import { type Block, keyOfBlock, moved, type Place, places, put, without } from './arrangement.ts';
import type { useHome } from './use-home.ts';

export interface ArrangeProps {
  home: ReturnType<typeof useHome>;
  close(): void;
}

/** Arranging home: blocks are dragged, or moved by their buttons; it is kept for oneself, or for a role. */
export default function Arrange({ home, close }: ArrangeProps) {
  const [blocks, setBlocks] = useState<Block[]>(home.blocks);
  const [dragged, setDragged] = useState<Block | null>(null);
  const [said, setSaid] = useState('');
  const { nameOf } = home.page;

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
      <ArrangeBar
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
                  <ArrangedBlock
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
