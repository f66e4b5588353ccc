import '../records/words.ts';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { Select } from '../../kit/Select.tsx';
import type { Row } from '../api.ts';
import { inText } from '../model/language.ts';
import { fieldOf, useMeta } from '../model/meta.tsx';
import {
  mostInHead,
  moveHead,
  movePanel,
  type Panel,
  type PanelPlace,
  panelsOf,
  placePanel,
  shiftPanel,
  TriedLayout,
  toggleHead,
} from '../model/page-layout.ts';
import { ArrangedFacts } from './ArrangedFacts.tsx';
import s from './Arranging.module.css';
import { type Dragged, Piece, useTarget } from './Piece.tsx';
import { type ArrangingModel, seenBy, useArranging } from './use-arranging.ts';

export interface PartProps {
  object: MetaObject;
  row: Row;
  model: ArrangingModel;
  dragged: Dragged | null;
  onDrag(dragged: Dragged | null): void;
}

/** The facts that stand under the name. */
function Head({ object, model, dragged, onDrag }: PartProps) {
  const { t } = useTranslation();
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

function usePanelLabel(): (panel: Panel) => string {
  const { t } = useTranslation();
  return panel => ('label' in panel ? panel.label : t(panel.kind === 'files' ? 'page.files' : 'page.tree'));
}

const places: PanelPlace[] = ['side', 'tab', 'hidden'];

/** The panels of one place. */
function Panels({ object, model, dragged, onDrag, place }: PartProps & { place: PanelPlace }) {
  const { t } = useTranslation();
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

interface ArrangingProps {
  object: MetaObject;
  row: Row;
  onDone(): void;
  /** The page as it is, for looking at what one has made. */
  children: ReactNode;
}

/** The page of a record, with its parts to be moved. */
export default function Arranging({ object, row, onDone, children }: ArrangingProps) {
  const { t } = useTranslation();
  const model = useArranging(object, onDone);
  const [dragged, onDrag] = useState<Dragged | null>(null);
  const [looking, setLooking] = useState(false);
  const { role, roles, layout } = model;
  const part = { object, row, model, dragged, onDrag };
  const everyone = { value: '', label: t('page.everyone') };
  return (
    <>
      <section className={s.bar} aria-label={t('page.arranging')}>
        <span className={s.for}>
          {t('page.arrangeFor', { objects: inText(object.plural) })}
          <Select
            label={t('page.for')}
            value={model.roleName}
            options={[everyone, ...roles.map(({ name, label }) => ({ value: name, label }))]}
            onChange={model.choose}
          />
        </span>
        <span className={s.does}>
          <Button look="quiet" icon="eye" aria-pressed={looking} onClick={() => setLooking(!looking)}>
            {role ? t('page.lookAs', { role: role.label }) : t('page.look')}
          </Button>
          {model.stored && (
            <Button
              look="quiet"
              icon="arrow-back-up"
              disabled={model.busy}
              onClick={() => void model.reset()}
            >
              {t('page.reset')}
            </Button>
          )}
          <Button onClick={onDone}>{t('page.cancel')}</Button>
          <Button
            look="primary"
            busy={model.busy}
            disabled={!model.changed}
            onClick={() => void model.save()}
          >
            {role ? t('page.saveFor', { role: role.label }) : t('page.save')}
          </Button>
        </span>
      </section>
      {looking ? (
        <TriedLayout value={seenBy(layout, role?.blind ?? new Set())}>{children}</TriedLayout>
      ) : (
        <div className={s.page}>
          <Head {...part} />
          <div className={s.columns}>
            <ArrangedFacts {...part} />
            <div className={s.middle}>
              <p className={s.fixed}>{t('page.timelineHere')}</p>
              <Panels {...part} place="tab" />
            </div>
            <div>
              <Panels {...part} place="side" />
              <Panels {...part} place="hidden" />
            </div>
          </div>
        </div>
      )}
    </>
  );
}
