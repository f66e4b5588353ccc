/** The words of these pages, which come with them: they are no part of the first load. */
import i18next from 'i18next';
import en from '../locales/en/import.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
