import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { declared } from '../../app.ts';
import { addField } from '../db/custom.ts';
import { create, find } from '../index.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('formula-reach');
});
afterAll(() => world.close());

test('a formula tells nothing of a linked record that its reader cannot see', async () => {
  const { ada, olga, sina } = world;
  const model = await addField(ada, declared, 'deal', {
    name: 'employer',
    type: 'formula',
    options: { expression: 'record.company.domain', result: 'text' },
  });
  const company = await create(sina, 'company', { name: 'Hotel Sacher', domain: 'sacher.example' });
  const deal = await create(ada, 'deal', { name: 'Espresso bar', company, owner: olga.actor.userId });
  expect(await find({ ...ada, model }, 'deal', deal)).toMatchObject({ employer: 'sacher.example' });
  expect(await find({ ...olga, model }, 'deal', deal)).toMatchObject({
    company: { id: company, title: null },
    employer: null,
  });
});
