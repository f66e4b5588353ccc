/** The words of conditions kept in fields, which come with them: they are no part of the first load. */
import i18next from 'i18next';
import en from '../locales/en/conditions.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
