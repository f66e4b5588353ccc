/** The words of the page of targets, which come with it: they are no part of the first load. */
import i18next from 'i18next';
import en from '../../../web/locales/en/targets.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
