import { type Draft, defineObject, type Problem } from '../../../engine/index.ts';
import { choice, date, link, money, text, user } from '../../../fields/index.ts';

const period = {
  from: date({ required: true, help: 'First day of the period.' }),
  to: date({ required: true, help: 'Its last day.' }),
};

export const Quota = defineObject('quota', {
  label: 'Quota',
  plural: 'Quotas',
  icon: 'target',
  description: 'What someone is to win in a period.',
  title: 'name',
  owner: 'user',
  fields: {
    name: text({
      label: 'Period',
      required: true,
      help: 'Such as “First quarter”. Left empty: the first and last day.',
    }),
    user: user({ required: true, inverse: 'quotas', label: 'Seller' }),
    ...period,
    amount: money({ required: true }),
    covers: choice({
      choices: [
        { value: 'own', label: 'Their own deals' },
        { value: 'line', label: 'All who report to them, too' },
      ],
      default: 'own',
      required: true,
      label: 'Counts for',
      help: 'A manager’s quota for all who report to them takes the place of the sum of theirs.',
    }),
    pipeline: link('pipeline', { inverse: 'quotas', help: 'Empty: for deals of all pipelines together.' }),
  },
  uniqueWithEmpty: [['user', 'from', 'to', 'pipeline']],
  list: { columns: ['user', 'name', 'from', 'to', 'amount', 'covers', 'pipeline'], sort: ['-from', 'user'] },
  derive: ({ record }) => ({ name: record.name ?? `${record.from ?? ''} – ${record.to ?? ''}` }),
  check: backwards,
});

export const ForecastAdjustment = defineObject('forecastAdjustment', {
  label: 'Forecast adjustment',
  plural: 'Forecast adjustments',
  icon: 'adjustments',
  description: 'What a manager adds to a forecast, or takes away, and why.',
  title: 'reason',
  listed: false,
  owner: 'user',
  fields: {
    reason: text({ required: true }),
    user: user({ required: true, inverse: 'forecastAdjustments', label: 'Seller' }),
    ...period,
    category: choice({
      choices: ['pipeline', { value: 'bestCase', label: 'Best case' }, 'commit', 'closed'],
      required: true,
      default: 'commit',
    }),
    amount: money({ required: true, help: 'Below zero to take away.' }),
    pipeline: link('pipeline', {
      inverse: 'forecastAdjustments',
      help: 'Empty: it counts where all pipelines are looked at.',
    }),
  },
  list: {
    columns: ['user', 'category', 'amount', 'reason', 'from', 'to', 'createdBy'],
    sort: ['-createdAt'],
  },
  check: backwards,
});

export const TerritoryQuota = defineObject('territoryQuota', {
  label: 'Territory quota',
  plural: 'Territory quotas',
  path: 'territoryQuotas',
  icon: 'target',
  description: 'What is to be won in a territory in a period.',
  title: 'name',
  setup: true,
  listed: false,
  reachedThrough: 'territory',
  fields: {
    name: text({
      label: 'Period',
      required: true,
      help: 'Such as “First quarter”. Left empty: the first and last day.',
    }),
    territory: link('territory', { required: true, inverse: 'quotas' }),
    ...period,
    amount: money({ required: true, help: 'It takes the place of the sum of its parts.' }),
  },
  unique: [['territory', 'from', 'to']],
  list: { columns: ['name', 'territory', 'from', 'to', 'amount'], sort: ['-from', 'territory'] },
  derive: ({ record }) => ({ name: record.name ?? `${record.from ?? ''} – ${record.to ?? ''}` }),
  check: backwards,
});

function backwards({ record }: Draft): Problem[] {
  if (!record.from || !record.to || record.from <= record.to) return [];
  return [{ pointer: '/to', code: 'outOfRange', message: 'A period ends on its first day or later.' }];
}
