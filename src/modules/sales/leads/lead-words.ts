/** The words of the parts of leads and their forms, which come with them: they are no part of the first load. */
import i18next from 'i18next';
import en from '../../../web/locales/en/lead.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
