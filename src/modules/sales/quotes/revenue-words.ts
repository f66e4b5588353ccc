/** The words of the page of recurring revenue, which come with it: they are no part of the first load. */
import i18next from 'i18next';
import en from '../../../web/locales/en/revenue.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
