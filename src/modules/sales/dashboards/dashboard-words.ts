/** The words of the dashboards, which come with them: they are no part of the first load. */
import i18next from 'i18next';
import en from '../../../web/locales/en/dashboards.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
