/** The words of setting another password, which come with that page: they are no part of the first load. */
import i18next from 'i18next';
import en from '../locales/en/reset.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
