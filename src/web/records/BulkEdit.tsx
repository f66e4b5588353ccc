import { Popover } from '@mantine/core';
import { useState } from 'react';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Labelled } from '../../kit/Input.tsx';
import { Picker } from '../../kit/Picker.tsx';
import { t } from '../../kit/words.ts';
import s from './SelectionBar.module.css';

interface EditProps {
  label: string;
  icon: string;
  /** The field that is edited; absent: to be chosen among those that can be. */
  of?: MetaField;
  object: MetaObject;
  count: number;
  onApply(values: Record<string, Json>): void;
}

/** Edits one field of all that are chosen. */
export function BulkEdit({ label, icon, of, object, count, onApply }: EditProps) {
  const [open, setOpen] = useState(false);
  const [picked, setPicked] = useState<MetaField | null>(null);
  const [value, setValue] = useState<Json>(null);
  const fields = object.fields.filter(f => f.editable && !f.hidden && !f.unique);
  const field = of ?? picked;
  const Edit = field && viewOf(field.type).Edit;

  function close() {
    setOpen(false);
    setPicked(null);
    setValue(null);
  }

  return (
    <Popover opened={open} onDismiss={close} position="top" offset={8} trapFocus={false}>
      <Popover.Target>
        <Button
          look="quiet"
          icon={icon}
          aria-expanded={open}
          onClick={() => (open ? close() : setOpen(true))}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {field && Edit ? (
          <form
            className={s.form}
            onSubmit={event => {
              event.preventDefault();
              onApply({ [field.name]: value });
              close();
            }}
          >
            <Labelled label={field.label} htmlFor="bulk">
              <Edit id="bulk" place="form" autoFocus field={field} value={value} onChange={setValue} />
            </Labelled>
            <Button type="submit" look="primary" disabled={field.required && value === null}>
              {count > 999 ? t('bulk.applyMany', { count }) : t('bulk.apply', { count })}
            </Button>
          </form>
        ) : (
          <Picker
            options={fields.map(f => ({ id: f.name, label: f.label, start: <Icon name={f.icon} /> }))}
            chosen={[]}
            words={{ search: t('bulk.which'), none: t('field.none'), clear: t('field.clear') }}
            onClose={close}
            onPick={option => setPicked(fields.find(f => f.name === option.id) ?? null)}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
