/** The words of scoring, which come with it. */
import i18next from 'i18next';
import en from '../../../web/locales/en/scoring.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
