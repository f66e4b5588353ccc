/** The words of the interface: ICU messages, English in the bundle, other languages fetched when they are used. */
import i18next from 'i18next';
import ICU from 'i18next-icu';
import { initReactI18next } from 'react-i18next';
import en from './locales/en/main.json' with { type: 'json' };

void i18next
  .use(new ICU({ bindI18nStore: 'added' }))
  .use(initReactI18next)
  .init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
  });
