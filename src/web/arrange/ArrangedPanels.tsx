import '../records/words.ts';
import { t } from '../../kit/words.ts';
import { useMeta } from '../model/meta.tsx';
import {
  movePanel,
  type Panel,
  type PanelPlace,
  panelsOf,
  placePanel,
  shiftPanel,
} from '../model/page-layout.ts';
import s from './Arranging.module.css';
import { type Dragged, type PartProps, Piece, useTarget } from './Piece.tsx';

function usePanelLabel(): (panel: Panel) => string {
  return panel => ('label' in panel ? panel.label : t(panel.kind === 'files' ? 'page.files' : 'page.tree'));
}

const places: PanelPlace[] = ['side', 'tab', 'hidden'];

/** The panels of one place. */
export function ArrangedPanels({ object, model, dragged, onDrag, place }: PartProps & { place: PanelPlace }) {
  const labelOf = usePanelLabel();
  const known = panelsOf(useMeta(), object);
  const { layout, change } = model;
  const takes = ({ kind }: Dragged) => kind === 'panel';
  const put = (name: string, before: string | null) =>
    change(movePanel(placePanel(layout, name, place), name, before));
  const { over, on } = useTarget(dragged, takes, ({ name }) => put(name, null));
  const here = layout.panels.flatMap(each => {
    const panel = known.find(({ name }) => name === each.panel);
    return panel && each.place === place ? [panel] : [];
  });
  return (
    <section className={s.zone} data-over={over || undefined} aria-label={t(`page.place.${place}`)} {...on}>
      <h2 className={s.heading}>{t(`page.place.${place}`)}</h2>
      <ul>
        {here.map((panel, at) => (
          <Piece
            key={panel.name}
            as={{ kind: 'panel', name: panel.name }}
            dragged={dragged}
            onDrag={onDrag}
            label={labelOf(panel)}
            icon={'other' in panel ? panel.other.icon : panel.kind === 'files' ? 'paperclip' : 'affiliate'}
            note={model.role?.blind.has(panel.name) ? t('page.unseen', { role: model.role.label }) : null}
            takes={takes}
            onDrop={({ name }) => put(name, panel.name)}
            onShift={by => change(shiftPanel(layout, panel.name, by))}
            steps={[
              at > 0
                ? {
                    label: t('page.earlier'),
                    icon: 'arrow-up',
                    run: () => put(panel.name, here[at - 1]?.name ?? null),
                  }
                : null,
              at < here.length - 1
                ? {
                    label: t('page.later'),
                    icon: 'arrow-down',
                    run: () => put(panel.name, here[at + 2]?.name ?? null),
                  }
                : null,
              ...places
                .filter(to => to !== place)
                .map(to => ({
                  label: t(`page.put.${to}`),
                  icon: { side: 'layout-columns', tab: 'table', hidden: 'eye-off' }[to],
                  run: () => change(placePanel(layout, panel.name, to)),
                })),
            ]}
          />
        ))}
      </ul>
      {here.length === 0 && <p className={s.hint}>{t('page.placeHint')}</p>}
    </section>
  );
}
