import { Menu } from '@mantine/core';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { groupingOf } from '../model/groups.ts';
import { groupFields } from '../model/layouts.ts';
import type { HeadProps } from './ColumnHead.tsx';
import { widthStep, within } from './columns.ts';
import { TotalItems } from './Totals.tsx';

/** What can be done to the column; worked out once someone opens it. */
export function ColumnItems({
  object,
  field,
  list,
  width,
}: Pick<HeadProps, 'object' | 'field' | 'list' | 'width'>) {
  const { columns } = list.state;
  const at = columns.indexOf(field.name);
  const fixed = field.name === object.title;
  const move = (by: number) =>
    list.change({ columns: columns.toSpliced(at, 1).toSpliced(at + by, 0, field.name) });
  const frozenHere = list.frozen === at + 1;
  const grouped = groupingOf(object, list.state.group)?.field.name === field.name;
  const widen = (by: number) => list.setWidth(field.name, within(width + by));
  return (
    <>
      {field.sortable && (
        <>
          <Menu.Item
            leftSection={<Icon name="arrow-up" />}
            onClick={() => list.change({ sort: [field.name] })}
          >
            {t('sort.up')}
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="arrow-down" />}
            onClick={() => list.change({ sort: [`-${field.name}`] })}
          >
            {t('sort.down')}
          </Menu.Item>
        </>
      )}
      {!fixed && at > 1 && (
        <Menu.Item leftSection={<Icon name="arrow-left" />} onClick={() => move(-1)}>
          {t('list.moveStart')}
        </Menu.Item>
      )}
      {!fixed && at < columns.length - 1 && (
        <Menu.Item leftSection={<Icon name="arrow-right" />} onClick={() => move(1)}>
          {t('list.moveEnd')}
        </Menu.Item>
      )}
      <Menu.Item
        closeMenuOnClick={false}
        leftSection={<Icon name="plus" />}
        onClick={() => widen(4 * widthStep)}
      >
        {t('list.wider')}
      </Menu.Item>
      <Menu.Item
        closeMenuOnClick={false}
        leftSection={<Icon name="minus" />}
        onClick={() => widen(-4 * widthStep)}
      >
        {t('list.narrower')}
      </Menu.Item>
      {field.name in list.widths && (
        <Menu.Item leftSection={<Icon name="rotate" />} onClick={() => list.setWidth(field.name, null)}>
          {t('list.usual')}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<Icon name="layout-sidebar" />}
        onClick={() =>
          list.change({
            arrangement: {
              ...list.state.arrangement,
              frozen: at === 0 || frozenHere ? undefined : String(at + 1),
            },
          })
        }
      >
        {t(at === 0 || frozenHere ? 'list.unfreeze' : 'list.freeze')}
      </Menu.Item>
      {groupFields(object).includes(field) && (
        <Menu.Item
          leftSection={<Icon name="stack-2" />}
          onClick={() => list.change({ group: grouped ? null : field.name })}
        >
          {t(grouped ? 'group.without' : 'group.by')}
        </Menu.Item>
      )}
      {!fixed && (
        <Menu.Item
          leftSection={<Icon name="eye-off" />}
          onClick={() => list.change({ columns: columns.filter(name => name !== field.name) })}
        >
          {t('list.hide')}
        </Menu.Item>
      )}
      <TotalItems field={field} list={list} />
    </>
  );
}
