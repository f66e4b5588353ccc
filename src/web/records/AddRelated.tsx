import './words.ts';
import { useState } from 'react';
import { useFieldServices } from '../../fields/view.ts';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { Picker } from '../../kit/Picker.tsx';
import { t } from '../../kit/words.ts';
import { inText } from '../model/language.ts';
import { linkTo, preset, useLinking } from '../model/related.ts';
import { openDialog } from '../shell/dialogs.ts';
import type { ListProps } from './RelatedList.tsx';

/** Making a record that belongs here, or having one that is there belong here. */
export function AddRelated({ object, row, panel: { field, other } }: ListProps) {
  const services = useFieldServices();
  const [opened, setOpened] = useState(false);
  const [picking, setPicking] = useState(false);
  const show = (open: boolean) => {
    setOpened(open);
    if (!open) setPicking(false);
  };
  const { mayLink, link } = useLinking(object, row, field, other);
  const create = () =>
    openDialog({ kind: 'create', object: other.name, values: preset(field, object, row.id, '') });
  const label = t('page.add', { object: inText(other.label) });
  if (!other.can.create && !mayLink) return null;
  if (!mayLink) return <IconButton icon="plus" size={24} label={label} onClick={create} />;
  return (
    <Menu
      position="bottom-end"
      width={picking ? 280 : 220}
      opened={opened}
      onChange={show}
      closeOnItemClick={false}
      of={<IconButton icon="plus" size={24} label={label} />}
    >
      {picking ? (
        <Picker
          chosen={[]}
          search={text => services.searchRecords(other.name, text).then(found => found.map(linkTo))}
          onPick={({ id }) => {
            show(false);
            void link(id);
          }}
          words={{ search: t('page.find'), none: t('page.noneFound'), clear: '' }}
          label={t('page.link', { object: inText(other.label) })}
        />
      ) : (
        <>
          {other.can.create && (
            <Menu.Item leftSection={<Icon name="plus" />} closeMenuOnClick onClick={create}>
              {t('list.create', { object: inText(other.label) })}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<Icon name="link" />} onClick={() => setPicking(true)}>
            {t('page.link', { object: inText(other.label) })}
          </Menu.Item>
        </>
      )}
    </Menu>
  );
}
