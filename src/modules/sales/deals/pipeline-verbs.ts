import { Type } from 'typebox';
import { asEngine, defineVerb, find, rows, write } from '../../../engine/index.ts';
import { Pipeline } from './pipeline.ts';

export const makeDefault = defineVerb(Pipeline, {
  name: 'makeDefault',
  label: 'Make it the default',
  icon: 'star',
  description: 'Deals that name no pipeline come here from now on.',
  input: Type.Object({}),
  allow: { field: 'isDefault', isNot: [true] },
  event: { sentence: '{actor} made {pipeline} the default pipeline', icon: 'star' },
  run: async (ctx, id) => {
    const { name } = await find(ctx, 'pipeline', id, { fields: ['name'] });
    const before = await rows(ctx, 'pipeline', {
      filter: { field: 'isDefault', op: 'is', value: true },
      fields: [],
    });
    const others = before
      .filter(each => each.id !== id)
      .map(each => ({ id: each.id as string, isDefault: false }));
    await write(
      asEngine(ctx),
      'pipeline',
      [...others, { id, isDefault: true }].map(({ id: each, isDefault }) => ({
        op: 'update',
        id: each,
        values: { isDefault },
      })),
      { trusted: true },
    );
    return { events: { [id]: { pipeline: name! } }, result: { id } };
  },
});
