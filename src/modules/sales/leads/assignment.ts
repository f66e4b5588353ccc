/** Who is to deal with which leads, and for each lead why it became theirs. */
import { type Draft, defineObject, type Problem } from '../../../engine/index.ts';
import {
  boolean,
  choice,
  dateTime,
  duration,
  json,
  link,
  links,
  number,
  text,
  user,
} from '../../../fields/index.ts';

/** How one of several is chosen; `methods` (assign.ts) does it. */
const methodChoices = [
  { value: 'roundRobin', label: 'In turn' },
  { value: 'weighted', label: 'In turn, by weight' },
  { value: 'load', label: 'Whoever has the fewest open' },
  { value: 'territory', label: 'Whoever has the territory' },
] as const;

export const AssignmentRule = defineObject('assignmentRule', {
  label: 'Assignment rule',
  plural: 'Assignment rules',
  icon: 'route',
  description: 'To whom leads go that nobody has. The first rule that fits a lead decides.',
  title: 'name',
  setup: true,
  fields: {
    name: text({ required: true }),
    position: number({ integer: true, default: 0, help: 'Smaller ones come first.' }),
    active: boolean({ default: true }),
    condition: json({
      filterOf: 'lead',
      searchable: false,
      label: 'Which leads',
      help: 'Empty: all.',
    }),
    method: choice({ choices: methodChoices, default: 'roundRobin', required: true }),
    teams: links('team', {
      inverse: 'assignmentRules',
      help: 'All their members take part, beside those named below.',
    }),
    skills: links('tag', {
      inverse: 'assignmentRules',
      help: 'What one has to know to take part: tags of the user.',
    }),
    accountFirst: boolean({ default: true, label: 'The account’s owner first' }),
    withinHours: boolean({ default: true, label: 'Only within working hours' }),
    limit: number({ integer: true, min: 1, label: 'Open leads per person at most' }),
    fallback: user({ help: 'Gets it when nobody else can.' }),
    contactWithin: duration({ label: 'First contact within', help: 'Counted in the owner’s working hours.' }),
    turns: json({ readOnly: true, hidden: true, searchable: false, label: 'Whose turn it is' }),
  },
  list: {
    columns: ['name', 'position', 'condition', 'method', 'teams', 'contactWithin', 'active'],
    sort: ['position', 'name'],
  },
  highlights: ['active', 'method', 'contactWithin', 'fallback'],
  check: draft => wrongCondition(draft),
});

function wrongCondition({ record, changes, problemsOf }: Draft): Problem[] {
  const { condition } = record;
  if (!condition || !changes('condition')) return [];
  return problemsOf('lead', { filter: condition as never }).map(({ code, message }) => ({
    pointer: '/condition',
    code,
    message,
  }));
}

export const AssignmentMember = defineObject('assignmentMember', {
  label: 'Member of an assignment rule',
  plural: 'Members of assignment rules',
  path: 'assignmentMembers',
  icon: 'user-plus',
  description: 'Someone to whom a rule gives leads, and how many.',
  title: 'user',
  setup: true,
  reachedThrough: 'rule',
  listed: false,
  fields: {
    rule: link('assignmentRule', { required: true, inverse: 'members' }),
    user: user({ required: true, inverse: 'assignmentRules' }),
    weight: number({ default: 1, min: 0, max: 1_000, help: 'Two gets twice as many as one.' }),
    limit: number({ integer: true, min: 1, label: 'Open leads at most' }),
  },
  unique: [['rule', 'user']],
  list: { columns: ['user', 'weight', 'limit'], sort: ['createdAt'] },
});

export const Assignment = defineObject('assignment', {
  label: 'Assignment',
  plural: 'Assignments',
  icon: 'route',
  description: 'That a lead was given to someone, and why not to someone else.',
  title: 'name',
  reachedThrough: 'lead',
  // What was decided is not decided afterwards.
  administered: true,
  listed: false,
  fields: {
    name: text({ required: true, searchable: false }),
    lead: link('lead', { required: true, inverse: 'assignments' }),
    chosen: user({ readOnly: true, inverse: 'assignments' }),
    how: choice({
      choices: [
        ...methodChoices,
        { value: 'account', label: 'Has the account' },
        { value: 'fallback', label: 'Nobody else could' },
        { value: 'hand', label: 'By hand' },
        { value: 'nobody', label: 'Nobody could' },
      ],
      readOnly: true,
    }),
    rule: link('assignmentRule', { readOnly: true, inverse: 'assignments' }),
    decidedAt: dateTime({ readOnly: true, label: 'When' }),
    considered: json({ readOnly: true, hidden: true, searchable: false, label: 'Who was considered' }),
    reason: text({ readOnly: true }),
    waits: boolean({ default: false, readOnly: true, hidden: true, index: true, label: 'Is tried again' }),
  },
  list: { columns: ['name', 'how', 'decidedAt', 'rule', 'reason'], sort: ['-decidedAt'] },
});
