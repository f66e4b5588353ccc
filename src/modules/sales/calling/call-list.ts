/** Records to be called one after another: which they are, who calls them, and what came of each call. */
import { type Draft, defineObject, type Filter, type Json, type Problem } from '../../../engine/index.ts';
import {
  choice,
  dateTime,
  duration,
  json,
  link,
  links,
  longText,
  text,
  user,
} from '../../../fields/index.ts';

/** Whom one can call. */
export const called = ['lead', 'person', 'company', 'deal'] as const;
export type Called = (typeof called)[number];

/** What comes of a call; `skipped`: there was none. */
export const outcomes = [
  { value: 'connected', label: 'Reached' },
  { value: 'voicemail', label: 'Left a message' },
  { value: 'noAnswer', label: 'No answer' },
  { value: 'wrongNumber', label: 'Wrong number' },
  { value: 'notInterested', label: 'Not interested' },
  'skipped',
] as const;

export const CallList = defineObject('callList', {
  label: 'Call list',
  plural: 'Call lists',
  icon: 'phone-call',
  description: 'Whom to call, one after another, alone or with colleagues.',
  title: 'name',
  owner: 'owner',
  listed: false,
  // A colleague who calls too reads the list and works through it, whatever the role reaches.
  guests: { users: 'callers', verbs: ['call'] },
  fields: {
    name: text({ required: true }),
    object: choice({
      choices: [
        { value: 'lead', label: 'Leads' },
        { value: 'person', label: 'People' },
        { value: 'company', label: 'Companies' },
        { value: 'deal', label: 'Deals' },
      ],
      required: true,
      label: 'Of',
    }),
    filter: json({
      searchable: false,
      hidden: true,
      help: 'As in the API, such as {"field": "name", "op": "notEmpty"}.',
    }),
    words: text({ hidden: true, searchable: false, help: 'Words that are searched for.' }),
    sort: json({ searchable: false, hidden: true, help: 'Names of fields, `-` before a descending one.' }),
    script: longText({ label: 'Guidance', help: 'What to say and ask: stands beside each call.' }),
    owner: user(),
    callers: links('user', { label: 'Who calls too', inverse: 'callLists' }),
    claims: json({ readOnly: true, hidden: true, measured: true, searchable: false }),
  },
  list: { columns: ['name', 'object', 'owner', 'callers', 'createdAt'], sort: ['-createdAt'] },
  highlights: ['object', 'owner', 'callers'],
  check: problemsOfList,
});

function problemsOfList({ record, changes, problemsOf }: Draft): Problem[] {
  const object = record.object as string | null;
  if (!object || !(changes('object') || changes('filter') || changes('sort'))) return [];
  const at = (pointer: string, problems: Problem[]) => problems.map(problem => ({ ...problem, pointer }));
  return [
    ...at('/filter', record.filter === null ? [] : problemsOf(object, { filter: record.filter as Filter })),
    ...at(
      '/sort',
      problemsOfSort(record.sort ?? null, sort => problemsOf(object, { sort })),
    ),
  ];
}

function problemsOfSort(sort: Json, problemsOf: (sort: string[]) => Problem[]): Problem[] {
  if (sort === null) return [];
  if (Array.isArray(sort) && sort.every(name => typeof name === 'string')) return problemsOf(sort);
  return [{ pointer: '/sort', code: 'notAList', message: 'The order is a list of names of fields.' }];
}

/** What came of one record of a list; whoever has none is still to be called. */
export const CallOutcome = defineObject('callOutcome', {
  label: 'Call of a list',
  plural: 'Calls of lists',
  icon: 'phone',
  description: 'What came of calling a record of a call list.',
  title: 'outcome',
  owner: 'owner',
  listed: false,
  reachedThrough: 'list',
  fields: {
    list: link('callList', { required: true, inverse: 'called', label: 'Call list' }),
    lead: link('lead', { hidden: true, inverse: 'listCalls' }),
    person: link('person', { hidden: true, inverse: 'listCalls' }),
    company: link('company', { hidden: true, inverse: 'listCalls' }),
    deal: link('deal', { hidden: true, inverse: 'listCalls' }),
    outcome: choice({ choices: outcomes, required: true }),
    call: link('call', { inverse: 'listCalls', hidden: true }),
    task: link('task', { inverse: 'listCalls', hidden: true, label: 'Next step' }),
    startedAt: dateTime({ hidden: true, label: 'Began' }),
    endedAt: dateTime({ hidden: true, label: 'Ended' }),
    duration: duration({ label: 'Spoken', help: 'From the press of the number to the end of the call.' }),
    at: dateTime({ label: 'When', index: true }),
    owner: user({ label: 'Caller' }),
  },
  list: { columns: ['outcome', 'at', 'duration', 'owner', 'list'], sort: ['-at'] },
  highlights: ['list', 'at', 'duration', 'owner'],
});
