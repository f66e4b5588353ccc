/** The words of layouts other than tables and boards, which come with them: they are no part of the first load. */
import i18next from 'i18next';
import en from '../locales/en/layouts.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
