import { Modal } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Kbd } from '../../kit/Kbd.tsx';
import { t } from '../../kit/words.ts';
import { closeDialog } from './dialogs.ts';
import s from './KeysCard.module.css';
import { actions, fixed, keyOf, sectionOf, sections, shownKey, useChosenKeys } from './keys.ts';
import '../words.ts';

/** Every key that does something, as this person has them. */
export default function KeysCard() {
  const own = useChosenKeys();
  const keysOf = (section: string): [string, string[]][] => [
    ...actions
      .filter(action => sectionOf(action) === section)
      .map((action): [string, string[]] => [action, shownKey(keyOf(action, own))]),
    ...(section === 'board' ? [['board.peek', shownKey(keyOf('list.peek', own))] as [string, string[]]] : []),
    ...(fixed[section] ?? []).map(([name, shown]): [string, string[]] => [`${section}.${name}`, shown]),
  ];
  return (
    <Modal
      opened
      onClose={closeDialog}
      size={560}
      title={<b>{t('keys.title')}</b>}
      closeButtonProps={{ 'aria-label': t('toast.close') }}
    >
      <div className={s.sections}>
        {sections.map(section => (
          <section key={section}>
            <h2 className={s.heading}>{t(`keys.${section}.title`)}</h2>
            <dl>
              {keysOf(section).map(([name, shown]) => (
                <div key={name} className={s.key}>
                  <dt>{t(`keys.${name}`)}</dt>
                  <dd>
                    <Kbd keys={shown} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className={s.edit}>
        <Link to="/settings/keyboard" onClick={closeDialog}>
          {t('keyboard.edit')}
        </Link>
      </p>
    </Modal>
  );
}
