// biome-ignore-all lint/a11y/useSemanticElements: virtual grids and list boxes cannot be tables and selects.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid or input as a whole has the focus; cells are active descendants.
// biome-ignore-all lint/a11y/noStaticElementInteractions: the grid or input as a whole has the keys.
import { Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { Icon } from '../../kit/Icon.tsx';
import s from './Table.module.css';
import type { ListModel } from './use-list.ts';

function direction(list: ListModel, field: MetaField): 'ascending' | 'descending' | 'none' {
  if (list.state.sort[0] === field.name) return 'ascending';
  return list.state.sort[0] === `-${field.name}` ? 'descending' : 'none';
}

/** The head of a column: its name, and what can be done to the column. */
export function ColumnHead({
  object,
  field,
  list,
}: {
  object: MetaObject;
  field: MetaField;
  list: ListModel;
}) {
  const { t } = useTranslation();
  const { columns } = list.state;
  const at = columns.indexOf(field.name);
  const fixed = field.name === object.title;
  const sorted = direction(list, field);
  const move = (by: number) =>
    list.change({ columns: columns.toSpliced(at, 1).toSpliced(at + by, 0, field.name) });
  return (
    <div role="columnheader" className={s.headCell} aria-sort={sorted} data-align={viewOf(field.type).align}>
      <Menu position="bottom-start" width={200}>
        <Menu.Target>
          <button type="button" className={s.headButton} tabIndex={-1}>
            <span className={s.headText}>{field.label}</span>
            {sorted !== 'none' && (
              <Icon name={sorted === 'ascending' ? 'arrow-up' : 'arrow-down'} size={14} />
            )}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
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
          {!fixed && (
            <Menu.Item
              leftSection={<Icon name="eye-off" />}
              onClick={() => list.change({ columns: columns.filter(name => name !== field.name) })}
            >
              {t('list.hide')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
