/** Undo takes back fields that an import made, and changes of rules about duplicates. */
import { afterAll, expect, test } from 'vitest';
import { createImporting } from '../../../test/importing.ts';
import { declared } from '../../app.ts';
import type { Context } from '../context.ts';
import { addField } from '../db/custom.ts';
import { changeRules, type RuleSetting, ruleSettings } from '../duplicates/settings.ts';
import { newId } from '../id.ts';
import { importTables } from '../transfer/import-tables.ts';
import { loadWorkspace } from '../workspace.ts';
import { rows as list } from './read.ts';
import { undo } from './undo.ts';
import { update } from './write.ts';

const { world, ada, fileOf, close } = await createImporting('undo_settings');
afterAll(close);

const now = async (): Promise<Context> => ({
  ...ada,
  model: (await loadWorkspace(world.db, declared, 'main')).model,
});
const has = async (field: string) => (await now()).model.objects.get('person')!.fields.has(field);
const field = (name: string) => ({ name, type: 'text', options: { label: name } });

async function bring(content: string, fields: string[]): Promise<string> {
  const changeSet = newId();
  const map = { object: 'person', fields: Object.fromEntries(['name', ...fields].map(name => [name, name])) };
  const made = fields.map(field);
  await importTables(
    { ...(await now()), changeSet },
    { declared, tables: [{ file: 'people.csv', map, fields: made }], pathOf: () => fileOf(content) },
  );
  return changeSet;
}

const takeBack = async (changeSet: string, keepLater = false) =>
  undo(await now(), changeSet, { declared, keepLater });

test('fields that an import made go with it and come back with it, with what they held', async () => {
  const imported = await bring('name,shoeSize,hatSize\nVera Hut,38,56\n', ['shoeSize', 'hatSize']);
  expect([await has('shoeSize'), await has('hatSize')]).toEqual([true, true]);
  const undone = await takeBack(imported);
  expect(undone.fields).toEqual({
    gone: ['shoeSize', 'hatSize'].map(name => ({ object: 'person', name })),
    stay: [],
  });
  expect(await has('shoeSize')).toBe(false);
  await takeBack(undone.changeSet!);
  const [vera] = await list(await now(), 'person', {
    filter: { field: 'name', op: 'is', value: 'Vera Hut' },
  });
  expect(vera).toMatchObject({ shoeSize: '38', hatSize: '56' });
});

test('a field that someone has used since stays, and the answer says so', async () => {
  const imported = await bring('name,collar,sleeve\nEmil Kragen,40,60\n', ['collar', 'sleeve']);
  const [other] = await list(await now(), 'person', {
    filter: { field: 'name', op: 'isNot', value: 'Emil Kragen' },
  });
  await update(await now(), 'person', other!.id as string, { collar: '41' });
  const { fields } = await takeBack(imported);
  expect(fields).toEqual({
    gone: [{ object: 'person', name: 'sleeve' }],
    stay: [{ object: 'person', name: 'collar' }],
  });
  expect([await has('collar'), await has('sleeve')]).toEqual([true, false]);
  await expect(
    addField(await now(), declared, 'person', { name: 'sleeve', type: 'number' }),
  ).rejects.toMatchObject({ code: 'schemaConflict' });
  await addField(await now(), declared, 'person', field('sleeve'));
  expect(await has('sleeve')).toBe(true);
});

test('changes of rules are taken back, unless they were changed once more', async () => {
  const person = async () => (await now()).model.objects.get('person')!;
  const rules = async () =>
    (await ruleSettings(ada, declared, await person())).map(({ own: _, ...rule }) => rule);
  const set = async (mode: RuleSetting['mode']) => {
    const wanted = (await rules()).map(rule => (rule.name === 'email' ? { ...rule, mode } : rule));
    return (await changeRules(await now(), declared, await person(), { rules: wanted })).changeSet;
  };
  const before = await rules();
  const off = await set('off');
  const blocking = await set('block');
  await expect(takeBack(off)).rejects.toMatchObject({ code: 'undoConflict', details: { count: 1 } });
  await takeBack(blocking);
  expect((await rules()).find(({ name }) => name === 'email')!.mode).toBe('off');
  const undone = await takeBack(off);
  expect(undone.settings?.refile).toEqual(['person']);
  // In their order too, by which records are filed.
  expect(JSON.stringify(await rules())).toBe(JSON.stringify(before));
  await takeBack(undone.changeSet!);
  expect((await rules()).find(({ name }) => name === 'email')!.mode).toBe('off');
});
