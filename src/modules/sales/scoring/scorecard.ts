/** What people set up of scores, and the models that have been learned. */

import { Type } from 'typebox';
import {
  type Context,
  create,
  defineObject,
  defineVerb,
  enqueue,
  rows,
  update,
} from '../../../engine/index.ts';
import { boolean, choice, dateTime, json, link, longText, number, text } from '../../../fields/index.ts';
import { scored } from './scored.ts';

export const Scorecard = defineObject('scorecard', {
  label: 'Scorecard',
  plural: 'Scorecards',
  icon: 'gauge',
  description: 'How records of one kind are scored.',
  title: 'name',
  setup: true,
  // As the objects that are scored are called.
  shipped: ['Leads', 'Deals'],
  listed: false,
  fields: {
    name: text({ required: true }),
    object: text({ required: true, unique: true, help: 'The kind of records it scores, such as lead.' }),
    fitLimit: number({
      label: 'Points for fit at most',
      default: 60,
      required: true,
      integer: true,
      min: 0,
      max: 100,
    }),
    engagementLimit: number({
      label: 'Points for engagement at most',
      default: 40,
      required: true,
      integer: true,
      min: 0,
      max: 100,
    }),
    learned: boolean({
      label: 'Learn from outcomes',
      default: true,
      help: 'A model takes the place of points where it says more than the average does.',
    }),
    excluded: json({ label: 'Left out by hand', hidden: true, help: 'Names of facts not to learn from.' }),
    model: link('scoreModel', { inverse: 'usedBy', readOnly: true, label: 'Model in use' }),
    chosen: boolean({
      default: false,
      readOnly: true,
      hidden: true,
      label: 'Chosen by hand',
      help: 'A newer model is offered, and does not take its place by itself.',
    }),
    offered: link('scoreModel', {
      inverse: 'offeredTo',
      readOnly: true,
      hidden: true,
      label: 'Newer model offered',
    }),
  },
  list: { columns: ['name', 'object', 'learned', 'model'], sort: ['name'] },
});

export const ScoreRule = defineObject('scoreRule', {
  label: 'Score rule',
  plural: 'Score rules',
  icon: 'list-numbers',
  description: 'Points for records that match.',
  title: 'name',
  setup: true,
  listed: false,
  fields: {
    name: text({ required: true, help: 'Said where the points are explained, such as "Works in a hotel".' }),
    scorecard: link('scorecard', { required: true, inverse: 'rules' }),
    group: choice({
      choices: ['fit', 'engagement'],
      default: 'fit',
      required: true,
      help: 'Fit is who they are, engagement what they do.',
    }),
    filter: json({
      help: 'Who gets the points, as in the API, such as {"field": "source", "op": "is", "value": "referral"}.',
    }),
    activity: choice({
      choices: ['call', 'meeting', 'email', 'note', 'task'],
      label: 'For each',
      help: 'The points are given for each such activity about the record, and the filter is about the activity.',
    }),
    points: number({ required: true, min: -100, max: 100, help: 'Below zero to take away.' }),
    since: text({
      label: 'Counted from',
      help: 'Name of a date of the record from which the points fade, such as createdAt. Activities have a time of their own.',
    }),
    halfLife: number({
      label: 'Halved every (days)',
      min: 1,
      max: 3650,
      help: 'Empty: the points stay.',
    }),
    active: boolean({ default: true }),
    description: longText(),
  },
  list: {
    columns: ['name', 'scorecard', 'group', 'points', 'halfLife', 'active'],
    sort: ['scorecard', 'group', 'name'],
  },
  needs: ['scorecard.object'],
  check: ({ record, linked, problemsOf }) => {
    const of = String(linked['scorecard.object'] ?? '');
    if (!(of in scored)) return [];
    const about = (record.activity as string | null) ?? of;
    const query = record.filter ? problemsOf(about, { filter: record.filter as never }) : [];
    const since = record.since ? problemsOf(of, { fields: [record.since as string] }) : [];
    return [
      ...query,
      ...since.map(problem => ({ ...problem, pointer: '/since' })),
      ...(record.halfLife && !record.since && !record.activity
        ? [{ pointer: '/since', code: 'required', message: 'Points that fade need a date they fade from.' }]
        : []),
    ];
  },
});

export const ScoreModel = defineObject('scoreModel', {
  label: 'Score model',
  plural: 'Score models',
  icon: 'bulb',
  description: 'What was learned from outcomes at a time, frozen.',
  title: 'name',
  setup: true,
  listed: false,
  administered: true,
  fields: {
    name: text({ required: true }),
    scorecard: link('scorecard', { required: true, inverse: 'models' }),
    way: choice({
      choices: [
        { value: 'bayes', label: 'Bayes' },
        { value: 'logistic', label: 'Logistic regression' },
        { value: 'trees', label: 'Boosted trees' },
      ],
      required: true,
      label: 'Method',
    }),
    useful: boolean({ help: 'It says more than the average does.' }),
    trainedAt: dateTime({ required: true }),
    outcomes: number({ integer: true, required: true }),
    auc: number({ label: 'AUC' }),
    figures: json({ hidden: true }),
    model: json({ hidden: true }),
    trainedOn: text({ label: 'Fingerprint of what was learned from' }),
  },
  list: {
    columns: ['name', 'scorecard', 'way', 'outcomes', 'auc', 'useful', 'trainedAt'],
    sort: ['-trainedAt'],
  },
});

export const trainScorecard = defineVerb(Scorecard, {
  name: 'train',
  label: 'Learn now',
  icon: 'bulb',
  description: 'Learns from all outcomes there are, in the background.',
  input: Type.Object({}),
  event: { sentence: '{actor} ordered to learn for {scorecard}', icon: 'bulb' },
  run: async (ctx, id) => {
    const card = await cardOf(ctx, { field: 'id', op: 'is', value: id });
    const [run] = await enqueue(ctx, ctx.tx ?? ctx.db, [
      { task: 'learnScores', label: `Learning for ${card!.name}`, payload: { object: card!.object } },
    ]);
    return { events: { [id]: { scorecard: card!.name } }, result: { id, run: run! } };
  },
});

export const useScoreModel = defineVerb(Scorecard, {
  name: 'use',
  label: 'Use model',
  icon: 'history',
  description: 'Scores with a model that was learned before, or with points alone. What is chosen so stays.',
  input: Type.Object({
    newest: Type.Optional(
      Type.Boolean({
        title: 'And newer ones by themselves',
        description:
          'Models that are learned later take its place, where they say more than the average does.',
      }),
    ),
    model: Type.Optional(
      Type.Unsafe<string>({
        type: 'string',
        format: 'uuid',
        title: 'Model',
        description: 'Empty: points alone.',
        link: 'scoreModel',
      }),
    ),
  }),
  event: { sentence: '{actor} changed the model of {scorecard}', icon: 'history' },
  run: async (ctx, id, { model, newest }) => {
    const card = await cardOf(ctx, { field: 'id', op: 'is', value: id });
    await update(ctx, 'scorecard', id, {
      model: model ?? null,
      learned: model !== undefined,
      chosen: model !== undefined && newest !== true,
      offered: null,
    });
    return { events: { [id]: { scorecard: card!.name } }, result: { id } };
  },
});

/** Scorecards and their rules as they are now. */
export interface Card {
  id: string;
  name: string;
  object: string;
  fitLimit: number;
  engagementLimit: number;
  learned: boolean;
  excluded: string[];
  /** Id of the model in use. */
  model: string | null;
  /** Whether someone has chosen it. */
  chosen: boolean;
}

export async function cardOf(ctx: Context, filter: { field: string; op: string; value: string }) {
  const [row] = await rows(ctx, 'scorecard', { filter, limit: 1 });
  if (!row) return null;
  const card: Card = {
    id: row.id as string,
    name: row.name as string,
    object: row.object as string,
    fitLimit: row.fitLimit as number,
    engagementLimit: row.engagementLimit as number,
    learned: row.learned === true,
    excluded: (row.excluded ?? []) as string[],
    model: (row.model as { id: string } | null)?.id ?? null,
    chosen: row.chosen === true,
  };
  return card;
}

/** Every object that is scored has a card. */
export async function makeCards(ctx: Context) {
  const known = new Set((await rows(ctx, 'scorecard', { fields: ['object'] })).map(({ object }) => object));
  for (const object of Object.keys(scored))
    if (!known.has(object))
      await create(ctx, 'scorecard', { name: ctx.model.objects.get(object)!.spec.plural, object });
}
