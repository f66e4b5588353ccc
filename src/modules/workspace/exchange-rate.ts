import { type Draft, defineObject, type Problem } from '../../engine/index.ts';
import { choice, date, money } from '../../fields/index.ts';

const currencies = Intl.supportedValuesOf('currency').map(code => ({ value: code, label: code }));

/** What amounts in other currencies are worth. The engine looks rates up by this object (`SqlScope.rateOf`). */
export const ExchangeRate = defineObject('exchangeRate', {
  label: 'Exchange rate',
  plural: 'Exchange rates',
  icon: 'arrows-exchange',
  description: 'What one of another currency is worth in yours, from a day on.',
  title: 'currency',
  setup: true,
  fields: {
    currency: choice({ choices: currencies, required: true, help: 'ISO 4217: USD, CHF, JPY.' }),
    validFrom: date({ required: true, help: 'Until the next rate of this currency begins.' }),
    worth: money({ required: true, label: 'One is worth' }),
  },
  unique: [['currency', 'validFrom']],
  list: { columns: ['currency', 'validFrom', 'worth'], sort: ['currency', '-validFrom'] },
  check: oddRate,
});

function oddRate({ record }: Draft): Problem[] {
  const { currency, worth } = record as { currency: string; worth: { amount: string; currency: string } };
  const problems: Problem[] = [];
  if (worth && Number(worth.amount) <= 0)
    problems.push({
      pointer: '/worth',
      code: 'outOfRange',
      message: 'A currency is worth more than nothing.',
    });
  if (worth && worth.currency === currency)
    problems.push({
      pointer: '/worth',
      code: 'sameCurrency',
      message: 'Say what it is worth in another currency than itself.',
    });
  return problems;
}
