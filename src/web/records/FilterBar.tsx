import { Popover } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Picker } from '../../kit/Picker.tsx';
import { Select } from '../../kit/Select.tsx';
import {
  type Condition,
  fieldAtPath,
  filterOf,
  type Group,
  groupOf,
  isGroup,
  labelAtPath,
  sentence,
} from '../model/filter.ts';
import { formatOf, offeredFields, useMeta } from '../model/meta.tsx';
import type { ViewState } from '../model/view-state.ts';
import s from './FilterBar.module.css';

interface FilterBarProps {
  object: MetaObject;
  state: ViewState;
  /** How many records match, where that is known. */
  count: number | undefined;
  change(part: Partial<ViewState>): void;
  /** Stands behind the last filter, and wraps with them. */
  children?: ReactNode;
}

/** What all parts of the bar share: which condition is open, told by its place (`1.0`). */
interface Bar {
  object: MetaObject;
  count: number | undefined;
  open: string | null;
  setOpen(place: string | null): void;
}

/** Groups within groups beyond this are shown and edited, but not offered. */
const deepest = 2;

/** Filters as sentences, each of which opens to be rewritten; groups of them stand in a frame of their own. */
export function FilterBar({ object, state, count, change, children }: FilterBarProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  const group = groupOf(state.filter);
  if (!group) {
    return (
      <div className={s.bar}>
        <Chip text={t('filter.advanced')} onRemove={() => change({ filter: null })} />
        {children}
      </div>
    );
  }
  return (
    <div className={s.bar}>
      <Items
        bar={{ object, count, open, setOpen }}
        group={group}
        place=""
        depth={0}
        onChange={next => change({ filter: filterOf(next) })}
      />
      {group.items.length > 0 && (
        <Button look="quiet" onClick={() => change({ filter: null })}>
          {t('filter.clear')}
        </Button>
      )}
      {children}
    </div>
  );
}

interface ItemsProps {
  bar: Bar;
  group: Group;
  place: string;
  depth: number;
  onChange(next: Group): void;
}

function placeOf(outer: string, index: number): string {
  return outer === '' ? String(index) : `${outer}.${index}`;
}

/** A condition on the field at a path, as it starts: without its operand. */
function started(field: MetaField, path: string): Condition | null {
  const operator = field.operators.find(o => o.operand === 'many') ?? field.operators[0];
  return operator ? { field: path, op: operator.name, value: null } : null;
}

/** The conditions of a group, and its groups. A group of one is that one. */
function Items({ bar, group, place, depth, onChange }: ItemsProps) {
  const { t } = useTranslation();
  const { object, setOpen } = bar;
  const { items, match } = group;
  const set = (index: number, item: Group['items'][number] | null) => {
    if (item === null || (isGroup(item) && item.items.length === 0))
      return onChange({ match, items: items.toSpliced(index, 1) });
    const [only, ...more] = isGroup(item) ? item.items : [];
    onChange({ match, items: items.with(index, only && more.length === 0 ? only : item) });
  };
  return (
    <>
      {items.map((item, index) => {
        const here = placeOf(place, index);
        if (isGroup(item))
          return (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
            // biome-ignore lint/suspicious/noArrayIndexKey: groups are told apart by their place only.
            <span key={index} role="group" aria-label={t('filter.group')} className={s.group}>
              <Items
                bar={bar}
                group={item}
                place={here}
                depth={depth + 1}
                onChange={next => set(index, next)}
              />
            </span>
          );
        return (
          <ConditionChip
            // biome-ignore lint/suspicious/noArrayIndexKey: conditions are told apart by their place only.
            key={index}
            bar={bar}
            condition={item}
            place={here}
            onChange={next => set(index, next)}
            onRemove={() => {
              setOpen(null);
              set(index, null);
            }}
            onBeside={
              depth < deepest
                ? () => {
                    const more: Condition = { ...item, value: null };
                    setOpen(placeOf(here, 1));
                    set(index, { match: match === 'all' ? 'any' : 'all', items: [item, more] });
                  }
                : undefined
            }
            other={match === 'all' ? 'or' : 'and'}
          />
        );
      })}
      {items.length > 1 && (
        <button
          type="button"
          className={s.match}
          onClick={() => onChange({ items, match: match === 'all' ? 'any' : 'all' })}
        >
          {t(`filter.${match}`)}
        </button>
      )}
      <AddFilter
        object={object}
        named={depth === 0 && items.length === 0}
        onAdd={(field, path) => {
          const condition = started(field, path);
          if (!condition) return;
          onChange({ match, items: [...items, condition] });
          setOpen(placeOf(place, items.length));
        }}
      />
    </>
  );
}

function Chip({ text, onRemove }: { text: string; onRemove(): void }) {
  const { t } = useTranslation();
  return (
    <span className={s.chip}>
      <span className={s.sentence}>{text}</span>
      <button type="button" className={s.remove} aria-label={t('filter.remove')} onClick={onRemove}>
        <Icon name="x" size={14} />
      </button>
    </span>
  );
}

interface ConditionProps {
  bar: Bar;
  condition: Condition;
  place: string;
  onChange(next: Condition): void;
  onRemove(): void;
  /** Puts another beside it, in a group of the other kind. */
  onBeside?: () => void;
  other: 'or' | 'and';
}

function ConditionChip(props: ConditionProps) {
  const { bar, condition, place, onRemove } = props;
  const { t } = useTranslation();
  const meta = useMeta();
  const field = fieldAtPath(meta, bar.object, condition.field);
  if (!field) return <Chip text={t('filter.unknown', { field: condition.field })} onRemove={onRemove} />;
  const said = sentence(condition, field, formatOf(meta));
  const operator = field.operators.find(o => o.name === condition.op);
  const open = bar.open === place;
  return (
    <Popover
      opened={open}
      onChange={value => bar.setOpen(value ? place : null)}
      position="bottom-start"
      offset={6}
      trapFocus={false}
      withRoles={false}
    >
      <Popover.Target>
        <span className={s.chip}>
          <button
            type="button"
            className={s.sentence}
            onClick={() => bar.setOpen(open ? null : place)}
            aria-expanded={open}
          >
            <b>{labelAtPath(meta, bar.object, condition.field)}</b> {said.verb}{' '}
            {operator?.operand !== 'none' && <b>{said.object || '…'}</b>}
          </button>
          <button type="button" className={s.remove} aria-label={t('filter.remove')} onClick={onRemove}>
            <Icon name="x" size={14} />
          </button>
        </span>
      </Popover.Target>
      <Popover.Dropdown className={s.editor}>
        <ConditionEditor {...props} field={field} />
      </Popover.Dropdown>
    </Popover>
  );
}

function ConditionEditor({
  bar,
  condition,
  field,
  other,
  onChange,
  onRemove,
  onBeside,
}: ConditionProps & { field: MetaField }) {
  const { t } = useTranslation();
  const operator = field.operators.find(o => o.name === condition.op);
  const { Filter } = viewOf(field.type);
  return (
    <>
      <div className={s.editorHead}>
        <span className={s.subject}>{field.label}</span>
        <Select
          label={t('filter.operator')}
          value={condition.op}
          options={field.operators.map(o => ({ value: o.name, label: o.label }))}
          onChange={op => {
            const next = field.operators.find(o => o.name === op);
            onChange({
              ...condition,
              op,
              value: next?.operand === operator?.operand ? condition.value : null,
            });
          }}
        />
        <IconButton icon="trash" label={t('filter.remove')} onClick={onRemove} />
      </div>
      {operator && operator.operand !== 'none' && (
        <Filter
          key={operator.operand}
          field={field}
          operator={operator}
          value={condition.value}
          onChange={value => onChange({ ...condition, value })}
        />
      )}
      <div className={s.editorFoot}>
        {onBeside && (
          <Button look="quiet" icon="plus" onClick={onBeside}>
            {t(`filter.${other}`)}
          </Button>
        )}
        {bar.count !== undefined && <span className={s.count}>{t('list.count', { count: bar.count })}</span>}
      </div>
    </>
  );
}

/** Fields to filter by: the object's own, then those one step along its links ("Company → Industry"). */
function useFilterFields(object: MetaObject): { path: string; label: string; field: MetaField }[] {
  const meta = useMeta();
  const usable = (of: MetaObject) => offeredFields(of).filter(field => field.operators.length > 0);
  const own = usable(object).map(field => ({ path: field.name, label: field.label, field }));
  const linked = offeredFields(object).flatMap(link => {
    const to = link.system ? undefined : meta.objects.find(o => o.name === link.relation?.to);
    return (to ? usable(to) : [])
      .filter(field => !field.system)
      .map(field => ({
        path: `${link.name}.${field.name}`,
        label: `${link.label} → ${field.label}`,
        field,
      }));
  });
  return [...own, ...linked];
}

function AddFilter({
  object,
  named,
  onAdd,
}: {
  object: MetaObject;
  named: boolean;
  onAdd(field: MetaField, path: string): void;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const fields = useFilterFields(object);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" offset={4}>
      <Popover.Target>
        {named ? (
          <Button look="quiet" icon="filter" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('filter.filter')}
          </Button>
        ) : (
          <IconButton
            icon="plus"
            label={t('filter.add')}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          />
        )}
      </Popover.Target>
      <Popover.Dropdown>
        <Picker
          options={fields.map(({ path, label, field }) => ({
            id: path,
            label,
            start: <Icon name={field.icon} />,
          }))}
          chosen={[]}
          words={{ search: t('filter.by'), none: t('field.none'), clear: t('field.clear') }}
          onClose={() => setOpen(false)}
          onPick={option => {
            const found = fields.find(({ path }) => path === option.id);
            setOpen(false);
            if (found) onAdd(found.field, found.path);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
