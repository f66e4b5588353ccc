import i18next from 'i18next';
import { isValidElement } from 'react';
import { expect, test } from 'vitest';
import { rich, t } from './words.ts';
import '../web/i18n.ts';

test('messages are looked up once in a language, and anew in another', async () => {
  i18next.addResourceBundle(
    'en',
    'translation',
    { trial: { plain: 'As it is', bold: 'Up to <b>{n}</b> of all' } },
    true,
  );
  expect([t('trial.plain'), t('trial.plain')]).toEqual(['As it is', 'As it is']);
  i18next.addResourceBundle('de', 'translation', { trial: { plain: 'Wie es ist' } }, true);
  await i18next.changeLanguage('de');
  expect(t('trial.plain')).toBe('Wie es ist');
  await i18next.changeLanguage('en');
  expect(t('trial.plain')).toBe('As it is');
});

test('what is bold in a message is drawn so', () => {
  const [before, bold, after] = rich('trial.bold', { n: '12' }) as [
    string,
    { type: string; props: object },
    string,
  ];
  expect([before, after]).toEqual(['Up to ', ' of all']);
  expect([isValidElement(bold), bold.type, bold.props]).toEqual([true, 'b', { children: '12' }]);
});
