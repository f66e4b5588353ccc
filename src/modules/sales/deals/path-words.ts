/** The words of the way through a pipeline, which come with it. */
import i18next from 'i18next';
import en from '../../../web/locales/en/path.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
