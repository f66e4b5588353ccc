import { useRef, useState } from 'react';
import type { MetaField } from '../../engine/index.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Input } from '../../kit/Input.tsx';
import { type Translate, t } from '../../kit/words.ts';
import { fieldOf, isEmpty } from '../model/meta.tsx';
import {
  addSection,
  dropSection,
  hideFact,
  mostInHead,
  moveFact,
  renameSection,
  shiftFact,
  toggleHead,
} from '../model/page-layout.ts';
import { Value } from '../records/Value.tsx';
import s from './Arranging.module.css';
import type { PartProps } from './Piece.tsx';
import { type Dragged, Piece, type Step, useTarget } from './Piece.tsx';

const takesFacts = ({ kind }: Dragged) => kind === 'fact';

/** The facts in their sections, and those that stand nowhere. */
export function ArrangedFacts(props: PartProps) {
  const { layout, change } = props.model;
  const [told, setTold] = useState('');
  const place = useRef<HTMLDivElement>(null);
  /** After a move by keys the piece is another element: the focus goes along. */
  const shift = (name: string, label: string, by: 1 | -1) => {
    change(shiftFact(layout, name, by));
    setTold(t('page.moved', { name: label }));
    requestAnimationFrame(() =>
      place.current?.querySelector<HTMLElement>(`[data-piece="fact-${name}"]`)?.focus(),
    );
  };
  return (
    <div ref={place}>
      {layout.facts.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sections have no identity but their place.
        <Section key={index} {...props} index={index} onShift={shift} />
      ))}
      <Button look="quiet" icon="plus" onClick={() => change(addSection(layout, t('page.newSection')))}>
        {t('page.addSection')}
      </Button>
      <Hidden {...props} />
      <p className="sr-only" role="status">
        {told}
      </p>
    </div>
  );
}

interface SectionProps extends PartProps {
  index: number;
  onShift(name: string, label: string, by: 1 | -1): void;
}

function Section({ object, row, model, dragged, onDrag, index, onShift }: SectionProps) {
  const { layout, change, role } = model;
  const section = layout.facts[index];
  const { over, on } = useTarget(dragged, takesFacts, ({ name }) =>
    change(moveFact(layout, name, { section: index, before: null })),
  );
  if (!section) return null;
  const fields = section.fields.map(name => fieldOf(object, name)).filter(field => field !== undefined);
  const title = section.title ?? '';
  return (
    <section className={s.zone} data-over={over || undefined} aria-label={title || t('page.section')} {...on}>
      <header className={s.sectionHead}>
        <Input
          aria-label={t('page.sectionTitle')}
          placeholder={t('page.noTitle')}
          maxLength={100}
          value={title}
          onChange={event => change(renameSection(layout, index, event.target.value))}
        />
        {layout.facts.length > 1 && (
          <IconButton
            icon="trash"
            label={t('page.dropSection')}
            onClick={() => change(dropSection(layout, index))}
          />
        )}
      </header>
      <ul>
        {fields.map(field => (
          <Piece
            key={field.name}
            as={{ kind: 'fact', name: field.name }}
            dragged={dragged}
            onDrag={onDrag}
            label={field.label}
            icon={field.icon}
            note={role?.blind.has(field.name) ? t('page.unseen', { role: role.label }) : null}
            takes={takesFacts}
            onDrop={({ name }) => change(moveFact(layout, name, { section: index, before: field.name }))}
            onShift={by => onShift(field.name, field.label, by)}
            steps={stepsOf(model, field, index, t, onShift)}
          >
            {!isEmpty(row[field.name]) && <Value row={row} field={field} place="card" />}
          </Piece>
        ))}
      </ul>
      {fields.length === 0 && <p className={s.hint}>{t('page.sectionHint')}</p>}
    </section>
  );
}

function stepsOf(
  { layout, change }: PartProps['model'],
  { name, label }: MetaField,
  index: number,
  t: Translate,
  onShift: SectionProps['onShift'],
): (Step | null)[] {
  const inHead = layout.head.includes(name);
  const room = inHead || layout.head.length < mostInHead;
  return [
    { label: t('page.earlier'), icon: 'arrow-up', run: () => onShift(name, label, -1) },
    { label: t('page.later'), icon: 'arrow-down', run: () => onShift(name, label, 1) },
    ...layout.facts.flatMap(({ title }, section) =>
      section === index
        ? []
        : [
            {
              label: t('page.toSection', { section: title ?? t('page.sectionAt', { at: section + 1 }) }),
              icon: 'arrow-right',
              run: () => change(moveFact(layout, name, { section, before: null })),
            },
          ],
    ),
    room
      ? {
          label: t(inHead ? 'page.outOfHead' : 'page.intoHead'),
          icon: inHead ? 'x' : 'arrow-up',
          run: () => change(toggleHead(layout, name)),
        }
      : null,
    { label: t('page.hide'), icon: 'eye-off', run: () => change(hideFact(layout, name)) },
  ];
}

/** Fields that stand nowhere on the page. */
function Hidden({ object, model, dragged, onDrag }: PartProps) {
  const { layout, change } = model;
  const { over, on } = useTarget(dragged, takesFacts, ({ name }) => change(hideFact(layout, name)));
  const last = layout.facts.length - 1;
  const fields = layout.hidden.map(name => fieldOf(object, name)).filter(field => field !== undefined);
  return (
    <section className={s.zone} data-over={over || undefined} aria-label={t('page.notShownFields')} {...on}>
      <h2 className={s.heading}>{t('page.notShownFields')}</h2>
      <ul>
        {fields.map(field => (
          <Piece
            key={field.name}
            as={{ kind: 'fact', name: field.name }}
            dragged={dragged}
            onDrag={onDrag}
            label={field.label}
            icon={field.icon}
            takes={takesFacts}
            onDrop={({ name }) => change(hideFact(layout, name))}
            steps={[
              {
                label: t('page.show'),
                icon: 'eye',
                run: () => change(moveFact(layout, field.name, { section: last, before: null })),
              },
            ]}
          />
        ))}
      </ul>
      {fields.length === 0 && <p className={s.hint}>{t('page.hiddenHint')}</p>}
    </section>
  );
}
