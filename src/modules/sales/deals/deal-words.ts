/** The words of what stands beside a deal: splits, rivals, stakeholders, similar deals. */
import i18next from 'i18next';
import en from '../../../web/locales/en/deal.json' with { type: 'json' };

i18next.addResourceBundle('en', 'translation', en, true);
