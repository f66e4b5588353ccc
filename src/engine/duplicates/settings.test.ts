/** Rules that administrators change while Farley runs; and records that committed and never met. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { declared } from '../../app.ts';
import type { Context } from '../context.ts';
import { addObject } from '../db/custom.ts';
import { previewMerge } from '../records/merge.ts';
import { create, write } from '../records/write.ts';
import { sql } from '../sql.ts';
import { loadWorkspace } from '../workspace.ts';
import { catchUp } from './catch-up.ts';
import { duplicatesOfDraft, reviewQueue } from './queue.ts';
import { scanJob, scanTask } from './scan.ts';
import { changeRules, type RuleSetting, ruleSettings } from './settings.ts';

let world: World;
let ada: Context;
beforeAll(async () => {
  world = await createWorld('duplicate-settings');
  ada = world.ada;
});
afterAll(() => world.close());

/** The same person, with the model as it is now. */
async function now(ctx: Context): Promise<Context> {
  return { ...ctx, model: (await loadWorkspace(world.db, declared, 'main')).model };
}

const objectOf = (ctx: Context, name: string) => ctx.model.objects.get(name)!;

async function rule(name: string, change: (rules: RuleSetting[]) => RuleSetting[]) {
  const all = await ruleSettings(ada, declared, objectOf(ada, name));
  const rules = all.map(({ own: _, ...each }) => each);
  const changed = await changeRules(ada, declared, objectOf(ada, name), { rules: change(rules) });
  ada = await now(ada);
  return changed;
}

const report = {
  done: () => {},
  skipped: () => {},
  progress: () => {},
  result: async () => {},
  checkpoint: async () => {},
};
const scan = (object: string) =>
  scanJob.run(ada, { object }, report as never, null, new AbortController().signal);

test('a declared rule is made to block, switched off and taken back; others stay as they are', async () => {
  const id = await create(ada, 'person', { name: 'Anna Fuchs', email: 'fuchs@example.com' });
  const again = () => create(ada, 'person', { name: 'A. F.', email: 'Fuchs@example.com' });
  const set = (mode: RuleSetting['mode']) =>
    rule('person', rules => rules.map(each => (each.name === 'email' ? { ...each, mode } : each)));
  expect(await set('block')).toMatchObject({ refile: true });
  expect(await set('block')).toMatchObject({ refile: false });
  await expect(again()).rejects.toMatchObject({ code: 'duplicate', problems: [{ existing: id }] });
  await set('off');
  expect(await duplicatesOfDraft(ada, 'person', { email: 'fuchs@example.com' })).toEqual([]);
  expect(
    (await ruleSettings(ada, declared, objectOf(ada, 'person'))).map(({ name, mode }) => [name, mode]),
  ).toEqual([
    ['email', 'off'],
    ['mobile', 'warn'],
    ['phone', 'warn'],
    ['colleague', 'review'],
  ]);
  await again();
  expect(await set('warn')).toMatchObject({ refile: true });
  await scan('person');
  expect(await duplicatesOfDraft(ada, 'person', { email: 'fuchs@example.com' })).toHaveLength(2);
});

test('an object of the workspace gets rules, and what it holds already is found', async () => {
  const spec = { name: 'site', label: 'Site', plural: 'Sites', fields: [{ name: 'code', type: 'text' }] };
  await addObject(ada, declared, spec, new Set());
  ada = await now(ada);
  for (const name of ['North', 'Harbour']) await create(ada, 'site', { name, code: 'W-17' });
  await expect(reviewQueue(ada, 'site', {})).rejects.toMatchObject({ code: 'unknownRoute' });
  const made = await rule('site', () => [
    { name: 'code', label: 'Same code', mode: 'review', same: { code: 'exact' } },
  ]);
  expect(made.refile).toBe(true);
  await scan('site');
  const queue = await reviewQueue(ada, 'site', {});
  expect([queue.count, queue.data[0]!.rules]).toEqual([1, ['Same code']]);
});

test('rules of its own are taken away, those declared only switched off', async () => {
  const own = { name: 'title', label: 'Same job', mode: 'review', same: { jobTitle: 'exact' } } as const;
  const names = async () =>
    (await ruleSettings(ada, declared, objectOf(ada, 'person'))).map(each => [
      each.name,
      each.mode,
      each.own,
    ]);
  const declaredOnes = await names();
  await rule('person', rules => [...rules, own]);
  expect((await names()).at(-1)).toEqual(['title', 'review', true]);
  await rule('person', rules => rules.filter(({ name }) => name === 'email'));
  expect(await names()).toEqual([
    ['email', 'warn', false],
    ...declaredOnes.slice(1).map(([name]) => [name, 'off', false]),
  ]);
  await rule('person', () => []);
  expect((await names()).every(([, mode]) => mode === 'off')).toBe(true);
});

test('what cannot be compared is refused with the reason, and only administrators change rules', async () => {
  const person = objectOf(ada, 'person');
  const wrong = (same: Record<string, string>) =>
    changeRules(ada, declared, person, { rules: [{ name: 'x', label: 'X', mode: 'warn', same }] });
  await expect(wrong({ nothing: 'exact' })).rejects.toMatchObject({ code: 'invalidInput' });
  await expect(wrong({ tags: 'exact' })).rejects.toMatchObject({ problems: [{ pointer: '/rules/0/same' }] });
  await expect(wrong({ email: 'constructor' })).rejects.toMatchObject({ code: 'invalidInput' });
  await expect(wrong({})).rejects.toMatchObject({ code: 'invalidInput' });
  const twice = { name: 'x', label: 'X', mode: 'warn', same: { email: 'exact' } };
  await expect(changeRules(ada, declared, person, { rules: [twice, twice] })).rejects.toMatchObject({
    problems: [{ pointer: '/rules/1/name' }],
  });
  await expect(changeRules(world.max, declared, person, { rules: [] })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(changeRules(ada, declared, objectOf(ada, 'user'), { rules: [] })).rejects.toMatchObject({
    code: 'invalidInput',
  });
});

test('changes of rules stand in the log, with what they were', async () => {
  const [noted] = await world.db.run<{ label: string; payload: string; actor: string }>(
    sql`select s.label, c.payload::text as payload, s.actor_name as actor from ws_main.change c join ws_main.change_set s on s.id = c.set_id
      where c.event = 'duplicates.ruled' order by c.seq limit 1`,
  );
  expect([noted!.label, noted!.actor]).toEqual(['Duplicate rules of people', 'Ada Baumann']);
  const { rules } = JSON.parse(noted!.payload) as { rules: [RuleSetting[], RuleSetting[]] };
  expect(rules.map(([first]) => first!.mode)).toEqual(['warn', 'block']);
});

test('records that never met, because a process died, meet at the next look', async () => {
  await catchUp(ada, scanTask);
  const { results } = await write(
    ada,
    'company',
    ['Brauerei Lost GmbH', 'Brauerei Lost AG'].map(name => ({ op: 'create', values: { name } })),
  );
  const ids = results.map(({ id }) => id).sort();
  const isQueued = async () =>
    (await reviewQueue(ada, 'company', {})).data.some(pair => pair.a.id === ids[0] && pair.b.id === ids[1]);
  await expect.poll(isQueued).toBe(true);
  await world.db.run(sql`delete from ws_main.duplicate_pair where object = 'company'`);
  await catchUp(ada, scanTask);
  expect(await isQueued()).toBe(true);
});

test('a preview of a merge says what the actor may not do', async () => {
  const [a, b] = [
    await create(ada, 'person', { name: 'Ida' }),
    await create(ada, 'person', { name: 'Ida B' }),
  ];
  expect((await previewMerge(ada, 'person', a, [b])).refused).toEqual([]);
  const reader = await previewMerge(world.rita, 'person', a, [b]);
  expect(reader.refused.map(({ id }) => id).sort()).toEqual([a, b].sort());
  expect(reader.refused[0]!.message).toMatch(/^Your role does not allow to /);
});
