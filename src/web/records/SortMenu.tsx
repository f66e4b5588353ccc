import { useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Popover } from '../../kit/Menu.tsx';
import { Picker } from '../../kit/Picker.tsx';
import { t } from '../../kit/words.ts';
import { fieldOf, offeredFields } from '../model/meta.tsx';
import { toggled, type ViewState } from '../model/view-state.ts';

interface SortMenuProps {
  object: MetaObject;
  state: ViewState;
  change(part: Partial<ViewState>): void;
}

/** Chooses the field to sort by; choosing it again turns the order around, a third time removes it. */
export function SortMenu({ object, state, change }: SortMenuProps) {
  const [open, setOpen] = useState(false);
  const first = state.sort[0] ?? '';
  const by = fieldOf(object, first.replace(/^-/, ''));
  const down = first.startsWith('-');
  const fields = offeredFields(object).filter(field => field.sortable);
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      offset={4}
      of={
        <Button
          look="quiet"
          icon={by ? (down ? 'arrow-down' : 'arrow-up') : 'arrows-sort'}
          aria-expanded={open}
          aria-label={by ? t('sort.by', { field: by.label }) : t('sort.sort')}
          onClick={() => setOpen(!open)}
        >
          {by ? by.label : t('sort.sort')}
        </Button>
      }
    >
      <Picker
        options={fields.map(field => ({
          id: field.name,
          label: field.label,
          hint: field.name === by?.name ? t(down ? 'sort.down' : 'sort.up') : undefined,
          start: <Icon name={field.icon} />,
        }))}
        chosen={by ? [by.name] : []}
        words={{ search: t('sort.search'), none: t('field.none'), clear: t('sort.clear') }}
        onClose={() => setOpen(false)}
        onClear={() => {
          change({ sort: [] });
          setOpen(false);
        }}
        onPick={option => change({ sort: toggled(state.sort, option.id) })}
      />
    </Popover>
  );
}
