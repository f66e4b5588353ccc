import {
  asEngine,
  type Context,
  defineJob,
  defineObject,
  type JobSpec,
  list,
  rows,
  sql,
  tableOf,
  write,
} from '../../../engine/index.ts';
import {
  boolean,
  checklist,
  choice,
  fieldNames,
  link,
  longText,
  number,
  percent,
  text,
} from '../../../fields/index.ts';

/** Where a deal stands in the forecast. */
export const forecastCategories = [
  'pipeline',
  { value: 'bestCase', label: 'Best case' },
  'commit',
  'closed',
  'omitted',
] as const;

/** What a new workspace starts with: the stages most teams end up with, by name, kind, probability and forecast category. */
export const firstStages = [
  ['Prospecting', 'open', '10', 'pipeline'],
  ['Qualified', 'open', '25', 'pipeline'],
  ['Proposal', 'open', '50', 'bestCase'],
  ['Negotiation', 'open', '75', 'commit'],
  ['Won', 'won', '100', 'closed'],
  ['Lost', 'lost', '0', 'omitted'],
] as const;

/** The pipeline of those. */
export const firstPipelineName = 'Sales';

export const Pipeline = defineObject('pipeline', {
  label: 'Pipeline',
  plural: 'Pipelines',
  icon: 'filter',
  description: 'The way that deals of one kind take, stage by stage.',
  title: 'name',
  setup: true,
  shipped: [firstPipelineName],
  fields: {
    name: text({ required: true, unique: true }),
    isDefault: boolean({
      readOnly: true,
      default: false,
      label: 'Default',
      help: 'Deals that name no pipeline come here.',
    }),
    position: number({ default: 0, integer: true, help: 'Smaller ones come first.' }),
    template: link('pipeline', {
      label: 'Stages like',
      help: 'A new pipeline gets the stages of this one.',
    }),
    nextStepRule: choice({
      choices: [
        { value: 'warn', label: 'Show where it is missing' },
        { value: 'refuse', label: 'Refuse to move without' },
      ],
      label: 'Open deals need a next step',
    }),
    description: text(),
  },
  list: {
    columns: ['name', 'isDefault', 'nextStepRule', 'position', 'description'],
    // Without a default the oldest is it: a new name or place must not turn deals elsewhere.
    sort: ['-isDefault', 'position', 'createdAt'],
  },
  check: ({ record }) =>
    record.template === record.id
      ? [
          {
            pointer: '/template',
            code: 'sameRecord',
            message: 'A pipeline takes its stages from another one.',
          },
        ]
      : [],
  after: (written, enqueue) => {
    for (const { kind, record, before } of written) {
      if (kind === 'created' && record.template) enqueue(takeStages.name, { pipeline: record.id! });
      if (kind === 'updated' && before?.nextStepRule !== record.nextStepRule)
        enqueue(checkNextSteps.name, { pipeline: record.id! });
    }
  },
});

export const Stage = defineObject('stage', {
  label: 'Stage',
  plural: 'Stages',
  icon: 'progress',
  description: 'How far a deal has come.',
  title: 'name',
  setup: true,
  shipped: firstStages.map(([name]) => name),
  fields: {
    name: text({ required: true }),
    pipeline: link('pipeline', { required: true, inverse: 'stages', defaultFirst: true }),
    position: number({ default: 0, required: true, integer: true, help: 'Smaller ones come first.' }),
    probability: percent({ default: 0, help: 'How likely a deal in this stage is won.' }),
    kind: choice({
      choices: ['open', { value: 'won', colour: 'green' }, 'lost'],
      default: 'open',
      required: true,
    }),
    forecastCategory: choice({ choices: forecastCategories, default: 'pipeline' }),
    maxDays: number({
      label: 'Days at most',
      integer: true,
      help: 'Deals that stay longer are shown as stale.',
    }),
    requires: fieldNames({
      of: 'deal',
      label: 'Needs filled',
      help: 'What must be known of a deal before it comes here.',
    }),
    checklist: checklist({ help: 'Steps that a deal gets when it comes here.' }),
    gated: boolean({
      default: false,
      label: 'Only with its checklist done',
      help: 'Deals come here only once all steps they have got so far are done.',
    }),
    onAcceptance: boolean({
      default: false,
      label: 'Deals come here when a quote is accepted',
    }),
    guidance: longText({ help: 'What to do in this stage, and how: shown on its deals.' }),
  },
  unique: [['pipeline', 'name']],
  list: {
    columns: ['name', 'pipeline', 'position', 'probability', 'kind', 'forecastCategory', 'maxDays'],
    sort: ['position', 'name'],
  },
  check: ({ record, changes, problemsOf }) =>
    changes('requires')
      ? ((record.requires ?? []) as string[]).flatMap((name, index) =>
          problemsOf('deal', { fields: [name] }).map(problem => ({
            ...problem,
            pointer: `/requires/${index}`,
          })),
        )
      : [],
  after: (written, enqueue) => {
    for (const { kind, record, before } of written)
      if (kind === 'updated' && before && before.maxDays !== record.maxDays)
        enqueue(ageDeals.name, { stage: record.id! });
  },
});

/** Deals at a time. */
const batch = 500;

/** Nothing is stated: what follows from the stage or the pipeline is worked out anew. */
const anew =
  (field: 'stage' | 'pipeline'): JobSpec['run'] =>
  async (ctx, payload, report, resumed, signal) => {
    let after = (resumed as string | null) ?? undefined;
    do {
      signal.throwIfAborted();
      const filter = { field, op: 'is', value: payload[field]! };
      const page = await list(ctx, 'deal', { filter, fields: [], sort: ['id'], limit: batch, after });
      const deals = JSON.parse(page.data) as { id: string }[];
      const operations = deals.map(({ id }) => ({ op: 'update' as const, id, values: {} }));
      await write(ctx, 'deal', operations, { perItem: true });
      report.done(deals.length);
      after = page.next ?? undefined;
      if (after) await report.checkpoint(after);
    } while (after);
  };

/** How long a stage lets its deals stay was changed: from when on each is stale follows. */
export const ageDeals = defineJob('ageDeals', {
  label: 'Finding deals that are too long in their stage',
  run: anew('stage'),
});

/** Whether a pipeline asks for next steps was changed: which deals lack one follows. */
export const checkNextSteps = defineJob('checkNextSteps', {
  label: 'Finding deals without next step',
  run: anew('pipeline'),
});

/** Of a stage, what another pipeline takes over. */
const copied = [
  'name',
  'position',
  'probability',
  'kind',
  'forecastCategory',
  'maxDays',
  'requires',
  'checklist',
  'gated',
  'onAcceptance',
  'guidance',
];

/** The stages of the template, where the new pipeline has none yet; one act with its making, so that they are undone together. */
export const takeStages = defineJob('takeStages', {
  label: 'Giving a new pipeline its stages',
  run: async (ctx, { pipeline }, report) => {
    const id = pipeline as string;
    const [made] = await rows(ctx, 'pipeline', {
      filter: { field: 'id', op: 'is', value: id },
      fields: ['template'],
    });
    const template = (made?.template as { id: string } | null | undefined)?.id;
    if (!template || (await stagesOf(ctx, id)).length > 0) return;
    const stages = await stagesOf(ctx, template);
    const { changeSet } = await write(
      asEngine(ctx),
      'stage',
      stages.map(stage => ({
        op: 'create',
        values: { ...Object.fromEntries(copied.map(name => [name, stage[name]])), pipeline: id },
      })),
    );
    report.done(stages.length);
    if (changeSet) await joinMaking(ctx, changeSet, id);
  },
});

const stagesOf = (ctx: Context, pipeline: string) =>
  rows(ctx, 'stage', {
    filter: { field: 'pipeline', op: 'is', value: pipeline },
    fields: copied,
    sort: ['position', 'name'],
    limit: 200,
  });

async function joinMaking(ctx: Context, changeSet: string, pipeline: string) {
  const [sets, changes] = [tableOf(ctx.schema, 'change_set'), tableOf(ctx.schema, 'change')];
  await (ctx.tx ?? ctx.db).run(sql`update ${sets} set part_of = (select set_id from ${changes}
    where object = ${Pipeline.name} and record_id = ${pipeline}::uuid and kind = 'created' order by seq desc limit 1)
    where id = ${changeSet}::uuid`);
}
