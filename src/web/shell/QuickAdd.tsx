import { Modal } from '@mantine/core';
import type { MetaObject } from '../../engine/index.ts';
import { Icon } from '../../kit/Icon.tsx';
import { Kbd } from '../../kit/Kbd.tsx';
import { t } from '../../kit/words.ts';
import { useMeta } from '../model/meta.tsx';
import { closeDialog, openDialog } from './dialogs.ts';
import s from './QuickAdd.module.css';

/** What can be made from anywhere: by its letter, or by choosing it. */
export default function QuickAdd() {
  const { objects } = useMeta();
  const offered = objects.filter(object => object.key !== null && object.can.create);
  const add = (object: MetaObject) => openDialog({ kind: 'create', object: object.name });
  return (
    <Modal
      opened
      onClose={closeDialog}
      size={360}
      title={<b>{t('add.title')}</b>}
      closeButtonProps={{ 'aria-label': t('toast.close') }}
      onKeyDown={event => {
        const object = offered.find(({ key }) => key === event.key.toLowerCase());
        if (!object || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        add(object);
      }}
    >
      <p className={s.hint}>{t('add.hint')}</p>
      <ul>
        {offered.map((object, index) => (
          <li key={object.name}>
            <button
              type="button"
              className={s.item}
              data-autofocus={index === 0 || undefined}
              onClick={() => add(object)}
            >
              <Icon name={object.icon} />
              <span className={s.name}>{object.label}</span>
              <Kbd keys={[object.key!.toUpperCase()]} />
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
