import { Popover } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Picker } from '../../kit/Picker.tsx';
import { Select } from '../../kit/Select.tsx';
import {
  type Condition,
  type Conditions,
  conditionsOf,
  fieldAtPath,
  filterOf,
  sentence,
} from '../model/filter.ts';
import { formatOf, offeredFields, useMeta } from '../model/meta.tsx';
import type { ViewState } from '../model/view-state.ts';
import s from './FilterBar.module.css';

interface FilterBarProps {
  object: MetaObject;
  state: ViewState;
  change(part: Partial<ViewState>): void;
}

/** Filters as sentences, each of which opens to be rewritten. */
export function FilterBar({ object, state, change }: FilterBarProps) {
  const { t } = useTranslation();
  const meta = useMeta();
  const [open, setOpen] = useState<number | null>(null);
  const conditions = conditionsOf(state.filter);
  if (!conditions) {
    return (
      <div className={s.bar}>
        <Chip text={t('filter.advanced')} onRemove={() => change({ filter: null })} />
      </div>
    );
  }
  const set = (next: Conditions) => change({ filter: filterOf(next) });
  const { items, match } = conditions;
  return (
    <div className={s.bar}>
      {items.map((item, index) => {
        const field = fieldAtPath(meta, object, item.field);
        if (!field) return null;
        return (
          <ConditionChip
            // biome-ignore lint/suspicious/noArrayIndexKey: conditions are told apart by their place only.
            key={index}
            condition={item}
            field={field}
            open={open === index}
            onOpen={value => setOpen(value ? index : null)}
            onChange={next => set({ match, items: items.with(index, next) })}
            onRemove={() => {
              setOpen(null);
              set({ match, items: items.toSpliced(index, 1) });
            }}
          />
        );
      })}
      {items.length > 1 && (
        <button
          type="button"
          className={s.match}
          onClick={() => set({ items, match: match === 'all' ? 'any' : 'all' })}
        >
          {t(`filter.${match}`)}
        </button>
      )}
      <AddFilter
        object={object}
        named={items.length === 0}
        onAdd={field => {
          const operator = field.operators.find(o => o.operand === 'many') ?? field.operators[0];
          if (!operator) return;
          set({ match, items: [...items, { field: field.name, op: operator.name, value: null }] });
          setOpen(items.length);
        }}
      />
      {items.length > 0 && (
        <Button look="quiet" onClick={() => change({ filter: null })}>
          {t('filter.clear')}
        </Button>
      )}
    </div>
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
  condition: Condition;
  field: MetaField;
  open: boolean;
  onOpen(open: boolean): void;
  onChange(next: Condition): void;
  onRemove(): void;
}

function ConditionChip({ condition, field, open, onOpen, onChange, onRemove }: ConditionProps) {
  const { t } = useTranslation();
  const format = formatOf(useMeta());
  const said = sentence(condition, field, format);
  const operator = field.operators.find(o => o.name === condition.op);
  const { Filter } = viewOf(field.type);
  return (
    <Popover
      opened={open}
      onChange={onOpen}
      position="bottom-start"
      offset={6}
      trapFocus={false}
      withRoles={false}
    >
      <Popover.Target>
        <span className={s.chip}>
          <button type="button" className={s.sentence} onClick={() => onOpen(!open)} aria-expanded={open}>
            <b>{said.subject}</b> {said.verb} {operator?.operand !== 'none' && <b>{said.object || '…'}</b>}
          </button>
          <button type="button" className={s.remove} aria-label={t('filter.remove')} onClick={onRemove}>
            <Icon name="x" size={14} />
          </button>
        </span>
      </Popover.Target>
      <Popover.Dropdown className={s.editor}>
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
      </Popover.Dropdown>
    </Popover>
  );
}

function AddFilter({
  object,
  named,
  onAdd,
}: {
  object: MetaObject;
  named: boolean;
  onAdd(field: MetaField): void;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const fields = offeredFields(object).filter(field => field.operators.length > 0);
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
          options={fields.map(field => ({
            id: field.name,
            label: field.label,
            start: <Icon name={field.icon} />,
          }))}
          chosen={[]}
          words={{ search: t('filter.by'), none: t('field.none'), clear: t('field.clear') }}
          onClose={() => setOpen(false)}
          onPick={option => {
            const field = fields.find(f => f.name === option.id);
            setOpen(false);
            if (field) onAdd(field);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
