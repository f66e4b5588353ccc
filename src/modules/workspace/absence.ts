import { type Draft, defineObject, type Problem } from '../../engine/index.ts';
import { date, text, user } from '../../fields/index.ts';

export const Absence = defineObject('absence', {
  label: 'Absence',
  plural: 'Absences',
  icon: 'calendar-event',
  description: 'Days on which someone does not work, and who stands in.',
  title: 'user',
  setup: true,
  owner: 'user',
  fields: {
    user: user({ required: true, inverse: 'absences', label: 'Who' }),
    from: date({ required: true, index: true, label: 'First day' }),
    to: date({ required: true, index: true, label: 'Last day' }),
    substitute: user({ inverse: 'standsIn' }),
    reason: text(),
  },
  list: { columns: ['user', 'from', 'to', 'substitute', 'reason'], sort: ['-from'] },
  highlights: ['from', 'to', 'substitute'],
  check: ({ record: { from, to } }: Draft): Problem[] =>
    from && to && to < from
      ? [{ pointer: '/to', code: 'endsBeforeStart', message: 'An absence ends after it has begun.' }]
      : [],
});
