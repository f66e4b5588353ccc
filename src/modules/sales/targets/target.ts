import { type Draft, defineObject, type Problem } from '../../../engine/index.ts';
import {
  boolean,
  choice,
  date,
  dateTime,
  decimal,
  fieldNames,
  link,
  longText,
  number,
  text,
  user,
} from '../../../fields/index.ts';
import { metricNames, metrics } from './metrics.ts';

/** Losing more is nobody's goal: it is counted for the win rate alone. */
const choices = metricNames
  .filter(name => name !== 'dealsLost')
  .map(value => ({ value, label: metrics[value].label }));

const period = {
  from: date({ required: true, help: 'First day of the period.' }),
  to: date({ required: true, help: 'Its last day.' }),
};

/** Fields of what the saved view lists. */
const ofView = { link: 'view', object: 'view', says: 'object' } as const;

export const Target = defineObject('target', {
  label: 'Target',
  plural: 'Targets',
  path: 'goals',
  icon: 'target',
  description: 'What someone, a team or everyone wants to reach in a period.',
  title: 'name',
  setup: true,
  shipped: choices.map(({ label }) => label),
  fields: {
    name: text({ required: true, help: 'Taken from what is counted where left empty.' }),
    metric: choice({ choices, required: true, default: 'wonRevenue', label: 'What counts' }),
    view: link('view', {
      label: 'Saved view',
      help: 'Counts its records instead, as far as each reader sees them.',
    }),
    sum: fieldNames({
      of: ofView,
      which: 'amounts',
      one: true,
      label: 'Sum of',
      help: 'What is added up of the saved view. Empty: its records are counted.',
    }),
    day: fieldNames({
      of: ofView,
      which: 'moments',
      one: true,
      label: 'Counts on',
      help: 'The day of a record of the saved view that has to lie in the period. Empty: all of the view counts.',
    }),
    amount: decimal({ required: true, label: 'Goal' }),
    user: user({ label: 'For', help: 'Neither person nor team: for everyone together.' }),
    team: link('team', { label: 'For the team', help: 'With the teams below it.' }),
    ...period,
  },
  list: { columns: ['name', 'metric', 'amount', 'user', 'team', 'from', 'to'], sort: ['-from', 'name'] },
  fallbacks: {
    name: { of: ['metric'], make: ({ metric }) => metrics[metric as keyof typeof metrics]?.label ?? null },
  },
  needs: ['view.object'],
  check: draft => [...backwards(draft), ...unclear(draft), ...unfit(draft)],
});

export const Badge = defineObject('badge', {
  label: 'Badge',
  plural: 'Badges',
  icon: 'star',
  description: 'A mark of recognition that challenges and colleagues give.',
  title: 'name',
  setup: true,
  fields: {
    name: text({ required: true, unique: true }),
    description: text(),
  },
  list: { columns: ['name', 'description'], sort: ['name'] },
});

export const Challenge = defineObject('challenge', {
  label: 'Challenge',
  plural: 'Challenges',
  icon: 'trophy',
  description: 'A contest of people or teams over some days, in which quality must not fall.',
  title: 'name',
  setup: true,
  owner: 'responsible',
  fields: {
    name: text({ required: true }),
    metric: choice({ choices, required: true, default: 'wonRevenue', label: 'What counts' }),
    mode: choice({ choices: ['people', 'teams'], default: 'people', required: true, label: 'Who competes' }),
    ranking: choice({
      choices: [
        { value: 'past', label: 'Own past' },
        { value: 'target', label: 'Own target' },
        { value: 'amount', label: 'Plain amount' },
      ],
      default: 'past',
      required: true,
      label: 'Measured against',
    }),
    quality: choice({
      choices: [
        { value: 'winRate', label: 'Win rate' },
        { value: 'averageDeal', label: 'Average deal' },
      ],
      label: 'Must not fall',
      help: 'Compared with as many days before. Who lets it fall does not count.',
    }),
    ...period,
    badge: link('badge', { help: 'The winners get it.' }),
    points: number({ integer: true, min: 0, default: 10, help: 'The winners get them.' }),
    responsible: user({ help: 'Who answers for it.' }),
    endedAt: dateTime({ readOnly: true, label: 'Ended' }),
  },
  list: { columns: ['name', 'metric', 'mode', 'from', 'to', 'badge', 'endedAt'], sort: ['-from'] },
  check: backwards,
});

export const Recognition = defineObject('recognition', {
  label: 'Recognition',
  plural: 'Recognitions',
  icon: 'heart',
  description: 'Thanks to a colleague, or what a challenge has brought. Points are the sum of them.',
  title: 'words',
  listed: false,
  owner: 'to',
  fields: {
    words: longText({ required: true, label: 'For what' }),
    to: user({ required: true, inverse: 'recognitions', label: 'For' }),
    badge: link('badge', { inverse: 'recognitions' }),
    points: number({ integer: true, default: 0, readOnly: true }),
    challenge: link('challenge', { readOnly: true, inverse: 'recognitions' }),
  },
  unique: [['challenge', 'to']],
  list: { columns: ['to', 'words', 'badge', 'points', 'createdBy', 'createdAt'], sort: ['-createdAt'] },
});

export const Participation = defineObject('participation', {
  label: 'Participation',
  plural: 'Participations',
  icon: 'eye-off',
  description: 'Whether someone stands in leaderboards. Their own progress they see in any case.',
  title: 'name',
  listed: false,
  personal: {},
  owner: 'owner',
  fields: {
    name: text({ hidden: true, searchable: false }),
    hidden: boolean({ default: false, required: true, label: 'Not in leaderboards' }),
    owner: user({ readOnly: true, label: 'Who' }),
  },
  list: { columns: ['owner', 'hidden'], sort: ['-createdAt'] },
});

function backwards({ record }: Draft): Problem[] {
  if (!record.from || !record.to || record.from <= record.to) return [];
  return [{ pointer: '/to', code: 'outOfRange', message: 'A period ends on its first day or later.' }];
}

function unclear({ record }: Draft): Problem[] {
  if (!record.user || !record.team) return [];
  return [{ pointer: '/team', code: 'unclear', message: 'A target is for a person or for a team.' }];
}

/** What cannot be added up, or is no day, told by what a filter may ask of it. */
function unfit({ record, linked, changes, problemsOf }: Draft): Problem[] {
  if (!['view', 'sum', 'day'].some(changes)) return [];
  const object = linked['view.object'] as string | null | undefined;
  const [[sum], [day]] = [(record.sum ?? []) as string[], (record.day ?? []) as string[]];
  const code = 'unclear';
  if (!object) {
    const message = 'What is added up, and when it counts, are fields of a saved view. Choose one.';
    return sum || day ? [{ pointer: sum ? '/sum' : '/day', code, message }] : [];
  }
  const knows = (field: string, op: string) =>
    problemsOf(object, { filter: { field, op, value: 0 } }).every(({ pointer }) =>
      pointer.endsWith('/value'),
    );
  const problems: Problem[] = [];
  if (sum && (!knows(sum, 'gt') || knows(sum, 'during')))
    problems.push({ pointer: '/sum', code, message: `${sum} is nothing that can be added up.` });
  if (day && !knows(day, 'during'))
    problems.push({ pointer: '/day', code, message: `${day} is no day and no moment.` });
  return problems;
}
