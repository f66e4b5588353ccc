import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Kbd } from '../../kit/Kbd.tsx';
import { closeDialog } from './dialogs.ts';
import s from './KeysCard.module.css';

const sections: [string, [string, string[]][]][] = [
  [
    'everywhere',
    [
      ['palette', ['mod', 'K']],
      ['keys', ['?']],
      ['rail', ['[']],
      ['add', ['C']],
      ['notifications', ['B']],
      ['escape', ['Esc']],
    ],
  ],
  [
    'list',
    [
      ['create', ['C']],
      ['move', ['↑', '↓', '←', '→']],
      ['range', ['Shift', '↑', '↓', '←', '→']],
      ['copy', ['mod', 'C', 'V']],
      ['empty', ['Del']],
      ['edit', ['↵']],
      ['menu', ['M']],
      ['peek', ['Space']],
      ['select', ['X']],
      ['view', ['1', '…', '9']],
      ['width', ['Alt', '←', '→']],
      ['place', ['Alt', 'Shift', '←', '→']],
    ],
  ],
  ['record', [['walk', ['J', 'K']]]],
  [
    'board',
    [
      ['column', ['Alt', '←', '→']],
      ['rank', ['Alt', '↑', '↓']],
      ['peek', ['Space']],
    ],
  ],
  [
    'review',
    [
      ['move', ['J', 'K']],
      ['merge', ['M']],
      ['different', ['D']],
      ['later', ['L']],
      ['undo', ['U']],
    ],
  ],
  ['form', [['save', ['mod', '↵']]]],
];

export default function KeysCard() {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={closeDialog}
      size={560}
      title={<b>{t('keys.title')}</b>}
      closeButtonProps={{ 'aria-label': t('toast.close') }}
    >
      <div className={s.sections}>
        {sections.map(([name, keys]) => (
          <section key={name}>
            <h2 className={s.heading}>{t(`keys.${name}.title`)}</h2>
            <dl>
              {keys.map(([key, shown]) => (
                <div key={key} className={s.key}>
                  <dt>{t(`keys.${name}.${key}`)}</dt>
                  <dd>
                    <Kbd keys={shown} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
