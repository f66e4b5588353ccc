/** The words of a record through time, which come with its page: they are no part of the first load. */
import i18next from 'i18next';
import en from '../locales/en/record.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
