/** The words of installing, sharing, first steps and keys, which come with their pages: they are no part of the first load. */
import i18next from 'i18next';
import en from './locales/en/app.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
