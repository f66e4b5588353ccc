import { defineObject } from '../../engine/index.ts';
import { choice, link, number, percent, text } from '../../fields/index.ts';

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
    forecastCategory: choice({
      choices: ['pipeline', { value: 'bestCase', label: 'Best case' }, 'commit', 'closed', 'omitted'],
      default: 'pipeline',
    }),
  },
  unique: [['pipeline', 'name']],
  list: {
    columns: ['name', 'pipeline', 'position', 'probability', 'kind', 'forecastCategory'],
    sort: ['position', 'name'],
  },
});
