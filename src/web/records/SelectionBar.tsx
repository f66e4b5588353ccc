import { Menu, Popover } from '@mantine/core';
import i18next from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Labelled } from '../../kit/Input.tsx';
import { Picker } from '../../kit/Picker.tsx';
import en from '../locales/en/bulk.json' with { type: 'json' };
import { type Act, act, type Chosen, countOf, filterOfChosen } from '../model/bulk.ts';
import { fieldOf } from '../model/meta.tsx';
import { useActions, useRecords } from '../model/records.ts';
import { openDialog } from '../shell/dialogs.ts';
import { exportAddress } from './ListMenu.tsx';
import { mayMerge } from './RecordHead.tsx';
import s from './SelectionBar.module.css';
import type { ListModel } from './use-list.ts';

i18next.addResourceBundle('en', 'translation', en, true);

/** What is chosen in a list, and acting on it. */
function useChosen(object: MetaObject, list: ListModel) {
  const actions = useActions();
  const { filter, q, state } = list;
  // What a long list says of its length is an estimate; what is about to be changed is counted.
  const counted = useRecords(
    object,
    { filter, q, fields: [], limit: 1, count: 'exact', ...(state.trash ? { trash: 'only' } : {}) },
    list.every,
  );
  const count = counted.data?.pages[0]?.count ?? list.count ?? list.rows.length;
  const chosen: Chosen = {
    rows: list.rows.filter(row => list.selected.has(row.id)),
    every: list.every ? { filter, q, count } : null,
  };
  return {
    chosen,
    run(order: Act) {
      void act(actions, object, chosen, order);
      list.setSelected(new Set());
    },
  };
}

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
function BulkEdit({ label, icon, of, object, count, onApply }: EditProps) {
  const { t } = useTranslation();
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

/** Verbs that decide for each record by itself whether they make sense. */
function Run({
  object,
  count,
  onRun,
}: {
  object: MetaObject;
  count: number;
  onRun(verb: string, input: Json): void;
}) {
  const { t } = useTranslation();
  const verbs = object.verbs.filter(({ name }) => name !== 'merge');
  if (verbs.length === 0) return null;
  return (
    <Menu position="top" width={220}>
      <Menu.Target>
        <Button look="quiet" icon="bolt" aria-label={t('bulk.runLabel')}>
          {t('bulk.run')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {verbs.map(verb => (
          <Menu.Item
            key={verb.name}
            leftSection={<Icon name={verb.icon} />}
            onClick={() =>
              openDialog({
                kind: 'verb',
                object: object.name,
                id: null,
                verb: verb.name,
                many: { count, run: input => onRun(verb.name, input) },
              })
            }
          >
            {verb.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Downloads what is chosen, with the columns of the list. */
function Export({ object, list, chosen }: { object: MetaObject; list: ListModel; chosen: Chosen }) {
  const { t } = useTranslation();
  const asked = { state: list.state, filter: filterOfChosen(chosen), q: chosen.every ? list.q : '' };
  return (
    <Menu position="top" width={200}>
      <Menu.Target>
        <Button look="quiet" icon="download">
          {t('bulk.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {object.formats.map(format => (
          <Menu.Item
            key={format}
            component="a"
            href={exportAddress(object.path, asked, format)}
            download
            leftSection={<Icon name="download" />}
          >
            {t(`list.export.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Side by side nobody compares more. */
const mostMerged = 12;
/** An address does not hold more ids. */
const mostExported = 50;

function Count({ list, count }: { list: ListModel; count: number }) {
  const { t } = useTranslation();
  const more = !list.every && list.count !== undefined && list.count > list.selected.size;
  return (
    <>
      <span className={s.count} role="status">
        {list.every ? t('bulk.every', { count }) : t('bulk.selected', { count: list.selected.size })}
      </span>
      {more && list.rows.every(row => list.selected.has(row.id)) && (
        <Button look="quiet" onClick={() => list.setEvery(true)}>
          {t('bulk.selectEvery', { count: list.count ?? 0 })}
        </Button>
      )}
    </>
  );
}

/** What can be done with the rows that are chosen. */
export default function SelectionBar({ object, list }: { object: MetaObject; list: ListModel }) {
  const { t } = useTranslation();
  const { chosen, run } = useChosen(object, list);
  const clear = () => list.setSelected(new Set());
  const count = countOf(chosen);
  const owner = object.owner ? fieldOf(object, object.owner) : undefined;
  const { trash } = list.state;
  const edit = { object, count, onApply: (values: Record<string, Json>) => run({ act: 'update', values }) };
  return (
    <div className={s.bar} role="toolbar" aria-label={t('bulk.label')}>
      <Count list={list} count={count} />
      {list.editable && <BulkEdit {...edit} label={t('bulk.edit')} icon="pencil" />}
      {list.editable && owner?.editable && (
        <BulkEdit {...edit} label={t('bulk.assign')} icon="user" of={owner} />
      )}
      {!trash && (
        <Run object={object} count={count} onRun={(verb, input) => run({ act: 'verb', verb, input })} />
      )}
      {mayMerge(object) && !trash && !list.every && count > 1 && count <= mostMerged && (
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
      {object.can.export && (list.every || count <= mostExported) && (
        <Export object={object} list={list} chosen={chosen} />
      )}
      {object.can.delete && (
        <Button
          look="quiet"
          icon={trash ? 'arrow-back-up' : 'trash'}
          onClick={() => run({ act: trash ? 'restore' : 'delete' })}
        >
          {t(trash ? 'list.restore' : 'bulk.delete')}
        </Button>
      )}
      <IconButton icon="x" label={t('bulk.clear')} onClick={clear} />
    </div>
  );
}
