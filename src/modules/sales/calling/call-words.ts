/** The words of calling, which come with it: they are no part of the first load. */
import i18next from 'i18next';
import en from '../../../web/locales/en/calling.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
