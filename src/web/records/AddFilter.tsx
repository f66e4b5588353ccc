import { useState } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Popover } from '../../kit/Menu.tsx';
import { Picker } from '../../kit/Picker.tsx';
import { t } from '../../kit/words.ts';
import { type Filter, type Group, groupOf } from '../model/filter.ts';
import { offeredFields, useMeta } from '../model/meta.tsx';

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

/** Offers the reasons to look at a record, and the fields to filter by. */
export function AddFilter({
  object,
  named,
  onAdd,
  onReason,
}: {
  object: MetaObject;
  named: boolean;
  onAdd(field: MetaField, path: string): void;
  onReason(group: Group): void;
}) {
  const [open, setOpen] = useState(false);
  const fields = useFilterFields(object);
  // Some say what is not: they can be listed, but not be edited as conditions.
  const reasons = object.attention.flatMap(({ name, label, when }) => {
    const group = groupOf(when as Filter);
    return group ? [{ id: `reason:${name}`, label, group }] : [];
  });
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-start"
      offset={4}
      of={
        named ? (
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
        )
      }
    >
      <Picker
        options={[
          ...reasons.map(({ id, label }) => ({ id, label, start: <Icon name="alert-triangle" /> })),
          ...fields.map(({ path, label, field }) => ({
            id: path,
            label,
            start: <Icon name={field.icon} />,
          })),
        ]}
        chosen={[]}
        words={{ search: t('filter.by'), none: t('field.none'), clear: t('field.clear') }}
        onClose={() => setOpen(false)}
        onPick={option => {
          const found = fields.find(({ path }) => path === option.id);
          const reason = reasons.find(({ id }) => id === option.id);
          setOpen(false);
          if (reason) onReason(reason.group);
          if (found) onAdd(found.field, found.path);
        }}
      />
    </Popover>
  );
}
