/** The words of briefings, which come with them. */
import i18next from 'i18next';
import en from '../../../web/locales/en/briefing.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
