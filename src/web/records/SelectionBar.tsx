import { Popover } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Labelled } from '../../kit/Input.tsx';
import { Picker } from '../../kit/Picker.tsx';
import { useActions } from '../model/records.ts';
import { openDialog } from '../shell/dialogs.ts';
import { mayMerge } from './RecordHead.tsx';
import s from './SelectionBar.module.css';
import type { ListModel } from './use-list.ts';

function BulkEdit({ object, list }: { object: MetaObject; list: ListModel }) {
  const { t } = useTranslation();
  const actions = useActions();
  const [open, setOpen] = useState(false);
  const [field, setField] = useState<MetaField | null>(null);
  const [value, setValue] = useState<Json>(null);
  const fields = object.fields.filter(f => f.editable && !f.hidden && !f.unique);
  const Edit = field && viewOf(field.type).Edit;

  function close() {
    setOpen(false);
    setField(null);
    setValue(null);
  }

  function apply() {
    if (!field) return;
    const rows = list.rows.filter(row => list.selected.has(row.id));
    void actions.editMany(object, rows, { [field.name]: value });
    close();
  }

  return (
    <Popover opened={open} onDismiss={close} position="top" offset={8} trapFocus={false}>
      <Popover.Target>
        <Button
          look="quiet"
          icon="pencil"
          aria-expanded={open}
          onClick={() => (open ? close() : setOpen(true))}
        >
          {t('bulk.edit')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {field && Edit ? (
          <form
            className={s.form}
            onSubmit={event => {
              event.preventDefault();
              apply();
            }}
          >
            <Labelled label={field.label} htmlFor="bulk">
              <Edit id="bulk" place="form" autoFocus field={field} value={value} onChange={setValue} />
            </Labelled>
            <Button type="submit" look="primary" disabled={field.required && value === null}>
              {t('bulk.apply', { count: list.selected.size })}
            </Button>
          </form>
        ) : (
          <Picker
            options={fields.map(f => ({ id: f.name, label: f.label, start: <Icon name={f.icon} /> }))}
            chosen={[]}
            words={{ search: t('bulk.which'), none: t('field.none'), clear: t('field.clear') }}
            onClose={close}
            onPick={option => setField(fields.find(f => f.name === option.id) ?? null)}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Side by side nobody compares more. */
const mostMerged = 12;

/** What can be done with the rows that are selected. */
export default function SelectionBar({ object, list }: { object: MetaObject; list: ListModel }) {
  const { t } = useTranslation();
  const actions = useActions();
  const clear = () => list.setSelected(new Set());
  return (
    <div className={s.bar} role="toolbar" aria-label={t('bulk.label')}>
      <span className={s.count} role="status">
        {t('bulk.selected', { count: list.selected.size })}
      </span>
      {list.editable && <BulkEdit object={object} list={list} />}
      {mayMerge(object) &&
        !list.state.trash &&
        list.selected.size > 1 &&
        list.selected.size <= mostMerged && (
          <Button
            look="quiet"
            icon="arrow-merge"
            onClick={() =>
              openDialog({ kind: 'merge', object: object.name, ids: [...list.selected], onDone: clear })
            }
          >
            {t('bulk.merge')}
          </Button>
        )}
      {object.can.delete && list.state.trash && (
        <Button
          look="quiet"
          icon="arrow-back-up"
          onClick={() => {
            void actions.restore(
              object,
              list.rows.filter(row => list.selected.has(row.id)),
            );
            clear();
          }}
        >
          {t('list.restore')}
        </Button>
      )}
      {object.can.delete && !list.state.trash && (
        <Button
          look="quiet"
          icon="trash"
          onClick={() => {
            void actions.trash(
              object,
              list.rows.filter(row => list.selected.has(row.id)),
            );
            clear();
          }}
        >
          {t('bulk.delete')}
        </Button>
      )}
      <IconButton icon="x" label={t('bulk.clear')} onClick={clear} />
    </div>
  );
}
