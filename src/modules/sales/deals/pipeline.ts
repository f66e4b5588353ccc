import { defineJob, defineObject, list, write } from '../../../engine/index.ts';
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

export const Pipeline = defineObject('pipeline', {
  label: 'Pipeline',
  plural: 'Pipelines',
  icon: 'filter',
  description: 'The way that deals of one kind take, stage by stage.',
  title: 'name',
  setup: true,
  fields: {
    name: text({ required: true, unique: true }),
    position: number({ default: 0, integer: true, help: 'Smaller ones come first.' }),
    description: text(),
  },
  list: { columns: ['name', 'position', 'description'], sort: ['position', 'name'] },
});

export const Stage = defineObject('stage', {
  label: 'Stage',
  plural: 'Stages',
  icon: 'progress',
  description: 'How far a deal has come.',
  title: 'name',
  setup: true,
  fields: {
    name: text({ required: true }),
    pipeline: link('pipeline', { required: true, inverse: 'stages', defaultFirst: true }),
    position: number({ default: 0, required: true, integer: true, help: 'Smaller ones come first.' }),
    probability: percent({ default: 0, help: 'How likely a deal in this stage is won.' }),
    kind: choice({ choices: ['open', 'won', 'lost'], default: 'open', required: true }),
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

/** How long a stage lets its deals stay was changed: from when on each is stale follows. */
export const ageDeals = defineJob('ageDeals', {
  label: 'Finding deals that are too long in their stage',
  run: async (ctx, { stage }, report, resumed, signal) => {
    let after = (resumed as string | null) ?? undefined;
    do {
      signal.throwIfAborted();
      const filter = { field: 'stage', op: 'is', value: stage! };
      const page = await list(ctx, 'deal', { filter, fields: [], sort: ['id'], limit: batch, after });
      const deals = JSON.parse(page.data) as { id: string }[];
      // Nothing is stated: what follows from the stage is worked out anew.
      const operations = deals.map(({ id }) => ({ op: 'update' as const, id, values: {} }));
      await write(ctx, 'deal', operations, { perItem: true });
      report.done(deals.length);
      after = page.next ?? undefined;
      if (after) await report.checkpoint(after);
    } while (after);
  },
});
