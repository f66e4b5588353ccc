import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Popover } from '../../kit/Menu.tsx';
import { t } from '../../kit/words.ts';
import { offeredFields } from '../model/meta.tsx';
import type { Density } from '../model/view-state.ts';
import { Arrange, Layouts } from './Arrange.tsx';
import s from './DisplayMenu.module.css';
import type { ListModel } from './use-list.ts';

function ColumnRow({
  field,
  shown,
  fixed,
  onToggle,
  onMove,
}: {
  field: MetaField;
  shown: boolean;
  fixed: boolean;
  onToggle(): void;
  onMove?(by: 1 | -1): void;
}) {
  return (
    <li className={s.column}>
      <label className={s.columnLabel}>
        <input type="checkbox" checked={shown} disabled={fixed} onChange={onToggle} />
        <span>{field.label}</span>
      </label>
      {shown && !fixed && onMove && (
        <span className={s.moves}>
          <IconButton
            size={24}
            icon="arrow-up"
            label={t('display.earlier', { field: field.label })}
            onClick={() => onMove(-1)}
          />
          <IconButton
            size={24}
            icon="arrow-down"
            label={t('display.later', { field: field.label })}
            onClick={() => onMove(1)}
          />
        </span>
      )}
    </li>
  );
}

function moved(columns: string[], name: string, by: 1 | -1): string[] {
  const at = columns.indexOf(name);
  const to = Math.max(1, Math.min(columns.length - 1, at + by));
  return columns.toSpliced(at, 1).toSpliced(to, 0, name);
}

function Columns({ object, list }: { object: MetaObject; list: ListModel }) {
  const { columns } = list.state;
  const rest = offeredFields(object).filter(field => !columns.includes(field.name));
  return (
    <ul className={s.columns}>
      {list.columns.map(field => (
        <ColumnRow
          key={field.name}
          field={field}
          shown
          fixed={field.name === object.title}
          onToggle={() => list.change({ columns: columns.filter(name => name !== field.name) })}
          onMove={by => list.change({ columns: moved(columns, field.name, by) })}
        />
      ))}
      {rest.map(field => (
        <ColumnRow
          key={field.name}
          field={field}
          shown={false}
          fixed={false}
          onToggle={() => list.change({ columns: [...columns, field.name] })}
        />
      ))}
    </ul>
  );
}

export function DisplayMenu({ object, list }: { object: MetaObject; list: ListModel }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      offset={4}
      trapFocus
      dropdown={{ className: s.menu }}
      of={
        <Button
          look="quiet"
          icon="adjustments-horizontal"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t('display.display')}
        </Button>
      }
    >
      <Layouts object={object} list={list} />
      <Arrange object={object} list={list} />
      {list.state.layout === 'table' && (
        <>
          <SegmentedControl
            fullWidth
            size="sm"
            aria-label={t('display.density')}
            value={list.density}
            onChange={value => list.setDensity(value as Density)}
            data={(['compact', 'normal', 'comfortable'] as const).map(value => ({
              value,
              label: t(`display.${value}`),
            }))}
          />
          <p className={s.heading}>{t('display.columns')}</p>
          <Columns object={object} list={list} />
        </>
      )}
    </Popover>
  );
}
