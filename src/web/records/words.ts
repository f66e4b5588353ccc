/** The words of a record’s page and of a record through time, which come with it: they are no part of the first load. */
import i18next from 'i18next';
import page from '../locales/en/page.json' with { type: 'json' };
import en from '../locales/en/record.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
i18next.addResourceBundle('en', 'translation', page, true);
