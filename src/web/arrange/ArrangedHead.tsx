import '../records/words.ts';
import { t } from '../../kit/words.ts';
import { fieldOf } from '../model/meta.tsx';
import { mostInHead, moveHead, toggleHead } from '../model/page-layout.ts';
import s from './Arranging.module.css';
import { type Dragged, type PartProps, Piece, useTarget } from './Piece.tsx';

/** The facts that stand under the name. */
export function ArrangedHead({ object, model, dragged, onDrag }: PartProps) {
  const { layout, change } = model;
  const full = layout.head.length >= mostInHead;
  const takes = ({ kind, name }: Dragged) =>
    kind === 'head' || (kind === 'fact' && !full && !layout.head.includes(name));
  const { over, on } = useTarget(dragged, takes, ({ name }) => change(moveHead(layout, name, null)));
  return (
    <section className={s.zone} data-over={over || undefined} aria-label={t('page.head')} {...on}>
      <h2 className={s.heading}>{t('page.headOf', { count: layout.head.length, most: mostInHead })}</h2>
      <ul className={s.row}>
        {layout.head.map(name => {
          const field = fieldOf(object, name);
          if (!field) return null;
          const at = layout.head.indexOf(name);
          const before = (by: number) => () => change(moveHead(layout, name, layout.head[at + by] ?? null));
          return (
            <Piece
              key={name}
              as={{ kind: 'head', name }}
              dragged={dragged}
              onDrag={onDrag}
              label={field.label}
              icon={field.icon}
              note={model.role?.blind.has(name) ? t('page.unseen', { role: model.role.label }) : null}
              takes={takes}
              onDrop={each => change(moveHead(layout, each.name, name))}
              onShift={by => (by === 1 ? before(2)() : at > 0 && before(-1)())}
              steps={[
                at > 0 ? { label: t('page.earlier'), icon: 'arrow-up', run: before(-1) } : null,
                at < layout.head.length - 1
                  ? { label: t('page.later'), icon: 'arrow-down', run: before(2) }
                  : null,
                { label: t('page.outOfHead'), icon: 'x', run: () => change(toggleHead(layout, name)) },
              ]}
            />
          );
        })}
      </ul>
      {layout.head.length === 0 && <p className={s.hint}>{t('page.headHint')}</p>}
    </section>
  );
}
