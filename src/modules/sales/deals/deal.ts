import {
  type Draft,
  defineObject,
  type Input,
  lacking,
  type Problem,
  type Values,
  words,
} from '../../../engine/index.ts';
import {
  boolean,
  type ChecklistItem,
  checklist,
  choice,
  date,
  dateTime,
  decimal,
  json,
  link,
  links,
  longText,
  money,
  percent,
  text,
  user,
} from '../../../fields/index.ts';
import { percentOf } from '../decimals.ts';
import { scoreFields } from '../scoring/scored.ts';
import { forecastCategories } from './pipeline.ts';

const open = { field: 'status', op: 'is', value: 'open' } as const;
const past = { last: 9999, unit: 'day' } as const;

export const Deal = defineObject('deal', {
  label: 'Deal',
  plural: 'Deals',
  icon: 'businessplan',
  description: 'A sale that may come about: what, with whom, how much, until when.',
  title: 'name',
  group: 'Sales',
  owner: 'owner',
  fields: {
    name: text({ required: true }),
    company: link('company', { inverse: 'deals' }),
    household: link('household', {
      inverse: 'deals',
      help: 'Where the customer is a family, not a company.',
    }),
    contacts: links('person', {
      inverse: 'deals',
      attributes: ['role'],
      help: 'Who takes part, in which role.',
    }),
    amount: money({ followed: true }),
    pipeline: link('pipeline', { required: true, inverse: 'deals', defaultFirst: true }),
    stage: link('stage', {
      required: true,
      inverse: 'deals',
      defaultFirst: 'pipeline',
      followed: true,
    }),
    probability: percent({ help: 'Taken from the stage unless you set another.' }),
    expected: money({ readOnly: true, label: 'Expected amount', help: 'Amount × probability.' }),
    forecastCategory: choice({
      choices: forecastCategories,
      help: 'Taken from the stage unless you set another.',
    }),
    openedOn: date({ label: 'Opened' }),
    closeDate: date({ help: 'When you expect to win it; once decided, when it was.' }),
    owner: user({ inverse: 'deals' }),
    nextStep: text(),
    nextStepOn: date({ label: 'Next step on' }),
    lacksStep: boolean({
      readOnly: true,
      hidden: true,
      label: 'No next step',
      help: 'It is open, its pipeline asks for a next step, and none is known.',
    }),
    source: choice({
      choices: ['website', 'referral', 'event', 'advertising', 'outbound', 'partner', 'other'],
    }),
    campaign: text({ hidden: true }),
    firstTouch: json({ readOnly: true, hidden: true, searchable: false }),
    status: choice({
      choices: ['open', { value: 'won', colour: 'green' }, 'lost'],
      readOnly: true,
      default: 'open',
    }),
    decidedAt: dateTime({ readOnly: true, label: 'Won or lost at' }),
    lostReason: choice({
      choices: [
        'price',
        'competitor',
        'timing',
        { value: 'noNeed', label: 'No need' },
        { value: 'noAnswer', label: 'No answer' },
        'other',
      ],
    }),
    lostTo: link('company', { inverse: 'dealsLostTo', help: 'The competitor who won it.' }),
    checklist: checklist({ help: 'Steps of the stages it has been in, and your own.' }),
    stageSince: dateTime({ readOnly: true, imported: true, label: 'In this stage since' }),
    staleFrom: dateTime({
      readOnly: true,
      help: 'From then on it is longer in its stage than it should be.',
    }),
    rank: decimal({ hidden: true, readOnly: true, help: 'Place on the board; smaller ones stand higher.' }),
    description: longText(),
    isSplit: boolean({ readOnly: true, hidden: true, label: 'Is split' }),
    tags: links('tag', { inverse: 'deals' }),
    ...scoreFields(),
  },
  needs: [
    'stage.pipeline',
    'stage.probability',
    'stage.kind',
    'stage.forecastCategory',
    'stage.maxDays',
    'stage.requires',
    'stage.checklist',
    'stage.gated',
    'pipeline.nextStepRule',
  ],
  list: {
    columns: ['name', 'company', 'stage', 'amount', 'closeDate', 'score', 'owner', 'nextStep'],
    sort: ['-createdAt'],
  },
  highlights: ['amount', 'stage', 'closeDate', 'company', 'owner'],
  quality: [
    lacking('amount', 20),
    lacking('closeDate', 15),
    {
      name: 'noCompany',
      label: 'No company',
      kind: 'completeness',
      when: {
        and: [
          { field: 'company', op: 'empty' },
          { field: 'household', op: 'empty' },
        ],
      },
      costs: 15,
    },
    lacking('contacts', 10),
    lacking('owner', 10),
    {
      name: 'overdue',
      label: 'Open, and its close date has passed',
      kind: 'validity',
      when: {
        and: [
          { field: 'status', op: 'is', value: 'open' },
          { field: 'closeDate', op: 'notEmpty' },
          { not: { field: 'closeDate', op: 'during', value: { next: 9999, unit: 'day' } } },
        ],
      },
      costs: 20,
    },
    {
      name: 'unmoved',
      label: 'Open, and not changed for 90 days',
      kind: 'freshness',
      when: {
        and: [
          { field: 'status', op: 'is', value: 'open' },
          { not: { field: 'updatedAt', op: 'during', value: { last: 90, unit: 'day' } } },
        ],
      },
      costs: 20,
    },
  ],
  attention: [
    {
      name: 'overdue',
      label: 'Close date has passed',
      when: {
        and: [
          open,
          { field: 'closeDate', op: 'notEmpty' },
          { not: { field: 'closeDate', op: 'during', value: { next: 9999, unit: 'day' } } },
        ],
      },
    },
    {
      name: 'noNextStep',
      label: 'No next step',
      when: { and: [open, { field: 'nextStep', op: 'empty' }] },
    },
    {
      name: 'longInStage',
      label: 'Too long in its stage',
      when: { and: [open, { field: 'staleFrom', op: 'during', value: past }] },
    },
    {
      name: 'stale',
      label: 'Not changed for 30 days',
      when: { and: [open, { not: { field: 'updatedAt', op: 'during', value: { last: 30, unit: 'day' } } }] },
    },
  ],
  key: 'd',
  totals: { by: 'status', of: ['open', 'won'], sum: 'amount' },
  board: { by: 'stage', sum: 'amount', rank: 'rank', marks: 'lacksStep' },
  indexes: [['-closeDate'], ['-amount'], ['-score'], ['stage', 'rank']],
  derive: derived,
  after: (written, enqueue) => {
    const worth = written.filter(
      ({ kind, record, before }) =>
        kind === 'updated' &&
        record.isSplit === true &&
        before?.isSplit === true &&
        JSON.stringify([before.amount, before.expected]) !== JSON.stringify([record.amount, record.expected]),
    );
    // Of one act a few hundred at most are worked on at once.
    for (let from = 0; from < worth.length; from += 200)
      enqueue('shareAnew', { deals: worth.slice(from, from + 200).map(({ record }) => record.id!) });
  },
  check: draft => [...foreignStage(draft), ...notReady(draft), ...withoutStep(draft)],
});

/** The stage decides about pipeline, status and steps, and, unless they were set by hand, probability and forecast category. */
function derived(draft: Draft): Input {
  const { record, before, linked, changes, stated, now } = draft;
  const values: Input = { rank: record.rank ?? firstRank(record.id as string, now) };
  const status = linked['stage.kind'] ?? 'open';
  if (changes('stage') && !stated('pipeline')) values.pipeline = linked['stage.pipeline'] ?? record.pipeline!;
  for (const name of ['probability', 'forecastCategory'])
    if (before === null ? record[name] == null : changes('stage') && !changes(name))
      values[name] = linked[`stage.${name}`] ?? null;
  if (record.status !== status || before === null) {
    values.status = status;
    values.decidedAt = status === 'open' ? null : decidedAt(record, now);
  }
  const probability = 'probability' in values ? values.probability : record.probability;
  return {
    ...values,
    openedOn: record.openedOn ?? (before === null ? now.toISOString().slice(0, 10) : null),
    ...ageInStage(draft, status),
    lacksStep: lacksStep(draft, status),
    expected: expectedOf(record.amount as Money | null, probability as number | null),
    checklist: stepsOf(draft),
  };
}

/** New deals stand on top. Ids made in one millisecond are counted (UUID v7), so no two deals share a rank. */
function firstRank(id: string, now: Date): string {
  const timed = id[14] === '7';
  const milliseconds = timed ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : now.getTime();
  const count = timed ? Number.parseInt(id.slice(15, 18), 16) : 0;
  return `-${milliseconds}.${String(count).padStart(4, '0')}`;
}

type Money = { amount: string; currency: string };

function expectedOf(amount: Money | null, percent: number | null): Money | null {
  return amount && percent !== null
    ? { amount: percentOf(amount.amount, percent), currency: amount.currency }
    : null;
}

const day = 86_400_000;

/** Since when it is in its stage, and until when it may stay. */
function ageInStage({ record, before, linked, changes, now }: Draft, status: Values[string]): Input {
  const known =
    record.stageSince !== null && !(before !== null && changes('stage') && !changes('stageSince'));
  const stageSince = known ? (record.stageSince as string) : now.toISOString();
  const days = linked['stage.maxDays'] as number | null;
  const stale =
    status === 'open' && days ? new Date(Date.parse(stageSince) + days * day).toISOString() : null;
  return { stageSince, staleFrom: stale };
}

/** Its steps, and those of a stage it comes to that it does not have yet. */
function stepsOf({ record, linked, changes }: Draft): ChecklistItem[] | null {
  const steps = (record.checklist ?? []) as ChecklistItem[];
  const more = changes('stage') ? ((linked['stage.checklist'] ?? []) as ChecklistItem[]) : [];
  const added = more.filter(({ text }) => !steps.some(step => step.text === text));
  const all = [...steps, ...added.map(({ text }) => ({ text, done: false }))];
  return all.length > 0 ? all : null;
}

/**
 * What a stage asks of deals that come to it. New ones are let in anywhere: a deal that is filed late, or brought along
 * from another system, is where it is.
 */
function notReady({ record, before, linked, changes }: Draft): Problem[] {
  if (before === null || !changes('stage') || linked['stage.kind'] === 'lost') return [];
  const empty = ((linked['stage.requires'] ?? []) as string[]).filter(name => isEmpty(record[name]));
  const problems = empty.map(name => ({
    pointer: `/${name}`,
    code: 'required',
    message: `${words(name)} has to be filled before a deal comes to this stage.`,
  }));
  const had = new Set(((before.checklist ?? []) as ChecklistItem[]).map(step => step.text));
  const open = ((record.checklist ?? []) as ChecklistItem[]).filter(step => !step.done && had.has(step.text));
  if (!linked['stage.gated'] || open.length === 0) return problems;
  const message = `Deals come to this stage with their checklist done. Still open: ${open.map(step => step.text).join(', ')}.`;
  return [...problems, { pointer: '/checklist', code: 'openSteps', message }];
}

/** Whoever moves an open deal on says what comes next, where its pipeline insists. */
function withoutStep({ record, before, linked, changes }: Draft): Problem[] {
  const moves = before !== null && changes('stage') && linked['stage.kind'] === 'open';
  if (!moves || linked['pipeline.nextStepRule'] !== 'refuse' || !isEmpty(record.nextStep)) return [];
  return [
    {
      pointer: '/nextStep',
      code: 'required',
      message: 'Deals of this pipeline move on with a next step. Say what it is.',
    },
  ];
}

function lacksStep({ record, linked }: Draft, status: Values[string]): boolean {
  return status === 'open' && linked['pipeline.nextStepRule'] != null && isEmpty(record.nextStep);
}

function isEmpty(value: Values[string] | undefined): boolean {
  return value == null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Imported deals were decided on their close date; others now. */
function decidedAt(record: Values, now: Date): string {
  const today = now.toISOString().slice(0, 10);
  const closed = record.closeDate as string | null;
  return closed && closed < today ? `${closed}T12:00:00.000Z` : now.toISOString();
}

function foreignStage({ record, linked }: Draft): Problem[] {
  if (linked['stage.pipeline'] === undefined || linked['stage.pipeline'] === record.pipeline) return [];
  return [{ pointer: '/stage', code: 'foreignStage', message: 'This stage belongs to another pipeline.' }];
}
