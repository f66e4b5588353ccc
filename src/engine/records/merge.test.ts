/** Merging: one survives with everything that belonged to the others, and undo splits them again, whatever came later. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, stagesOf, type World, withRights } from '../../../test/world.ts';
import { share } from '../access/share.ts';
import type { Context } from '../context.ts';
import type { Values } from '../object.ts';
import { sql } from '../sql.ts';
import { history } from './history.ts';
import { mergedInto, previewMerge } from './merge.ts';
import { find, rows } from './read.ts';
import { timeline } from './timeline.ts';
import { undo } from './undo.ts';
import { carryOut } from './verbs.ts';
import { create, update, write } from './write.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('merge');
});
afterAll(() => world.close());

const merge = (object: string, id: string, others: string[], values?: Values, ctx: Context = world.ada) =>
  carryOut(ctx, object, 'merge', id, { others, ...(values ? { values } : {}) });

/** Everything there is, in the trash or not, without what counts and dates the writes. */
async function everything(): Promise<Values> {
  const all: Values = {};
  for (const object of world.workspace.model.objects.keys()) {
    const records: Values[] = [
      ...(await rows(world.system, object, { limit: 1000 })),
      ...(await rows(world.system, object, { limit: 1000, trash: 'only' })).map(row => ({
        ...row,
        deletedAt: 'once',
      })),
    ];
    all[object] = records
      .map(({ version: _v, updatedAt: _a, updatedBy: _b, ...record }) => record as Values)
      .sort((a, b) => ((a.id as string) < (b.id as string) ? -1 : 1));
  }
  all.shares = (await world.db.run(
    sql`select object, record_id, grantee_id, access from ws_main.share order by 1, 2, 3`,
  )) as Values[];
  all.ids = (await world.db.run(sql`select * from ws_main.external_id order by 1, 2, 3, 4`)) as Values[];
  return all;
}

/** A hotel that was entered three times, with all that may lead to it. */
async function hotelThreeTimes(n: string) {
  const { ada, sina, max } = world;
  const [tagA, tagB] = [
    await create(ada, 'tag', { name: `A${n}` }),
    await create(ada, 'tag', { name: `B${n}` }),
  ];
  const hotel = await create(ada, 'company', {
    name: 'Hotel Post',
    tags: [tagA],
    externalIds: { hubspot: `${n}1` },
  });
  const again = await create(ada, 'company', {
    name: 'Hotel Post GmbH',
    domain: 'hotel-post.example',
    tags: [tagB, tagA],
    externalIds: { hubspot: `${n}2`, sap: 'X' },
  });
  const third = await create(ada, 'company', {
    name: 'Post',
    domain: 'third.example',
    employees: 7,
    parent: hotel,
  });
  const anna = await create(ada, 'person', {
    name: 'Anna',
    company: again,
    companies: [{ id: again, role: 'board' }, hotel, third],
  });
  const stages = await stagesOf(ada);
  const deal = await create(ada, 'deal', { name: 'Beans', company: third, stage: stages.Qualified! });
  const subsidiary = await create(ada, 'company', { name: 'Post Sölden', parent: again });
  const call = await create(ada, 'call', {
    subject: 'Hello',
    about: [
      { object: 'company', id: again },
      { object: 'company', id: hotel },
    ],
  });
  const binned = await create(ada, 'deal', { name: 'Binned', company: again, stage: stages.Qualified! });
  await write(ada, 'deal', [{ op: 'delete', id: binned }]);
  await share(ada, 'company', again, sina.actor.userId!, { access: 'edit' });
  await share(ada, 'company', hotel, sina.actor.userId!, { access: 'read' });
  await share(ada, 'company', third, max.actor.userId!, {});
  return { hotel, again, third, tagA, tagB, anna, deal, subsidiary, call, binned };
}

test('the survivor gets what it lacks, lists are united, and undo leaves all as it was', async () => {
  const { ada } = world;
  const { hotel, again, third, tagA, tagB, anna } = await hotelThreeTimes('');
  const before = await everything();

  const preview = await previewMerge(ada, 'company', hotel, [again, third]);
  expect(preview.fields.find(({ name }) => name === 'domain')).toMatchObject({
    from: [again],
    differs: true,
  });
  expect(preview.fields.find(({ name }) => name === 'tags')!.from).toEqual([hotel, again]);
  expect(preview.moves).toContainEqual({ object: 'person', field: 'company', count: 1 });
  expect(await everything()).toEqual(before);

  const done = await merge('company', hotel, [again, third], { name: 'Hotel zur Post' });
  expect(done.sentence).toBe('You merged Hotel Post GmbH, Post into Hotel Post');
  const kept = await find(ada, 'company', hotel);
  expect(kept).toMatchObject({
    name: 'Hotel zur Post',
    domain: 'hotel-post.example',
    employees: 7,
    parent: null,
    externalIds: { hubspot: '1', 'hubspot--2': '2', sap: 'X' },
  });
  expect((kept.tags as Values[]).map(({ id }) => id)).toEqual([tagA, tagB]);
  const undone = await undo(ada, done.changeSet);
  expect(await everything()).toEqual(before);
  expect(await mergedInto(ada, ada.model.objects.get('company')!, third)).toBeNull();
  await undo(ada, undone.changeSet!);
  expect(await mergedInto(ada, ada.model.objects.get('company')!, third)).toBe(hotel);
  expect(await find(ada, 'person', anna)).toMatchObject({ company: { id: hotel } });
});

test('everything that led to the others leads to the survivor, in the trash too; so do ids elsewhere and shares', async () => {
  const { ada, sina, max } = world;
  const { hotel, again, third, anna, deal, subsidiary, call, binned } = await hotelThreeTimes('again ');
  await merge('company', hotel, [again, third]);
  expect(await find(ada, 'person', anna)).toMatchObject({ company: { id: hotel } });
  expect(((await find(ada, 'person', anna)).companies as Values[]).map(({ id, role }) => [id, role])).toEqual(
    [
      [hotel, 'board'],
      [hotel, undefined],
    ],
  );
  for (const id of [deal, binned])
    expect(await find(ada, 'deal', id)).toMatchObject({ company: { id: hotel } });
  expect(await find(ada, 'company', subsidiary)).toMatchObject({ parent: { id: hotel } });
  expect((await find(ada, 'call', call)).about).toHaveLength(1);
  const byId = (id: string) =>
    rows(ada, 'company', {
      filter: { field: 'externalIds', op: 'has', value: { source: 'hubspot', id } },
      fields: [],
    });
  for (const id of ['again 1', 'again 2'])
    expect(
      (await byId(id)).map(row => row.id),
      id,
    ).toEqual([hotel]);
  expect(await mergedInto(ada, ada.model.objects.get('company')!, third)).toBe(hotel);
  const shares = await world.db.run(
    sql`select grantee_id, access from ws_main.share where record_id = ${hotel}::uuid order by access`,
  );
  expect(shares).toEqual([
    { grantee_id: sina.actor.userId, access: 'edit' },
    { grantee_id: max.actor.userId, access: 'read' },
  ]);
});

test('the survivor’s history shows what happened to the others before, once, and each says where it went', async () => {
  const { ada } = world;
  const a = await create(ada, 'person', { name: 'Bob Stone' });
  const b = await create(ada, 'person', { name: 'Robert Stone' });
  await update(ada, 'person', b, { jobTitle: 'Baker' });
  await create(ada, 'task', { subject: 'Call back', about: [{ object: 'person', id: b }] });
  await merge('person', a, [b]);
  const { data } = await history(ada, 'person', a);
  expect(data.filter(({ mergedFrom }) => mergedFrom === b).map(({ kind }) => kind)).toEqual([
    'updated',
    'created',
  ]);
  const sentences = (await timeline(ada, 'person', a)).data.map(({ sentence }) => sentence);
  expect(sentences.filter(sentence => sentence.includes('merged'))).toEqual([
    'Ada Baumann merged Robert Stone into Bob Stone',
  ]);
  expect(sentences).toContain('Ada Baumann set job title to Baker');
  expect(sentences).toContain('Task');
  const c = await create(ada, 'person', { name: 'B. Stone' });
  await merge('person', c, [a]);
  expect((await history(ada, 'person', c)).data.map(({ mergedFrom }) => mergedFrom)).toContain(b);
  expect(await mergedInto(ada, ada.model.objects.get('person')!, b)).toBe(c);
});

test('a merge is split after the survivor was edited: later values are shown, and kept where that is asked for', async () => {
  const { ada } = world;
  const a = await create(ada, 'person', { name: 'Eva' });
  const b = await create(ada, 'person', { name: 'Eva Maria', jobTitle: 'Chef', phone: '+43 1 2345678' });
  const { changeSet } = await merge('person', a, [b]);
  await update(ada, 'person', a, { jobTitle: 'Owner' });
  const later = await create(ada, 'task', { subject: 'New', about: [{ object: 'person', id: a }] });
  await expect(undo(ada, changeSet)).rejects.toMatchObject({
    code: 'undoConflict',
    details: { conflicts: [{ field: 'jobTitle', after: 'Chef', now: 'Owner' }] },
  });
  await undo(ada, changeSet, { keepLater: true });
  expect(await find(ada, 'person', a)).toMatchObject({ jobTitle: 'Owner', phone: null });
  expect(await find(ada, 'person', b)).toMatchObject({ jobTitle: 'Chef', deletedAt: null });
  expect(await find(ada, 'task', later)).toMatchObject({ about: [{ id: a }] });
});

test('a unique value goes over, and comes back; a no to being called is not lost', async () => {
  const { ada } = world;
  const a = await create(ada, 'tag', { name: 'VIP' });
  const b = await create(ada, 'tag', { name: 'vip customer' });
  const { changeSet } = await merge('tag', a, [b], { name: 'vip customer' });
  expect(await find(ada, 'tag', a)).toMatchObject({ name: 'vip customer' });
  await undo(ada, changeSet);
  expect([await find(ada, 'tag', a), await find(ada, 'tag', b)]).toMatchObject([
    { name: 'VIP' },
    { name: 'vip customer', deletedAt: null },
  ]);
  const p = await create(ada, 'person', { name: 'P' });
  const q = await create(ada, 'person', { name: 'Q', doNotCall: true });
  await merge('person', p, [q]);
  expect(await find(ada, 'person', p)).toMatchObject({ doNotCall: true });
});

test('it takes the right to change the survivor, to delete the others, and to write what is chosen', async () => {
  const { ada, sina } = world;
  const made = async () => create(sina, 'person', { name: 'Right' });
  const [a, b] = [await made(), await made()];
  const rights = (more: object) =>
    withRights(sina, {
      objects: { '*': { read: 'all' }, person: { read: 'all', edit: 'all', delete: 'all', ...more } },
    });
  const refused = async (ctx: Context, values?: Values) =>
    merge('person', a, [b], values, ctx).then(
      () => 'done',
      error => error.code,
    );
  expect(await refused(rights({ edit: 'none' }))).toBe('forbidden');
  expect(await refused(rights({ delete: 'none' }))).toBe('forbidden');
  expect(await refused(rights({ verbs: { merge: 'none' } }))).toBe('forbidden');
  expect(await refused(rights({ fields: { email: 'read' } }), { email: 'a@b.example' })).toBe('invalidInput');
  expect(await refused(rights({}), { createdAt: 'now' })).toBe('invalidInput');
  const foreign = await create(ada, 'person', { name: 'Foreign' });
  const own = withRights(sina, { objects: { '*': { read: 'own', edit: 'own', delete: 'own' } } });
  await expect(merge('person', a, [foreign], undefined, own)).rejects.toMatchObject({ code: 'notFound' });
  await expect(merge('person', a, [a])).rejects.toMatchObject({ code: 'invalidInput' });
  expect(await find(ada, 'person', b)).toMatchObject({ deletedAt: null });
  expect(await refused(rights({ fields: { email: 'read' } }))).toBe('done');
  await expect(merge('person', foreign, [b])).rejects.toMatchObject({ code: 'invalidInput' });
});

test('of two merges that want each to be the survivor, one is done; nothing is linked to what goes', async () => {
  const { ada } = world;
  for (let round = 0; round < 5; round++) {
    const a = await create(ada, 'company', { name: 'Left' });
    const b = await create(ada, 'company', { name: 'Right' });
    const outcomes = await Promise.allSettled([
      merge('company', a, [b]),
      merge('company', b, [a]),
      create(ada, 'person', { name: 'Newcomer', company: a }),
    ]);
    const live = (await Promise.all([a, b].map(id => find(ada, 'company', id)))).filter(
      row => row.deletedAt === null,
    );
    expect(live).toHaveLength(1);
    expect(outcomes.slice(0, 2).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    if (outcomes[2]!.status === 'fulfilled')
      expect(await find(ada, 'person', outcomes[2].value)).toMatchObject({ company: { id: live[0]!.id } });
  }
});

test('the number of statements does not follow the number of what is moved', async () => {
  const { ada } = world;
  const counted = async (n: number) => {
    const a = await create(ada, 'company', { name: 'Few' });
    const b = await create(ada, 'company', { name: 'Many' });
    const operations = Array.from({ length: n }, (_, i) => ({
      op: 'create' as const,
      values: { name: `Person ${i}`, company: b },
    }));
    await write(ada, 'person', operations);
    let statements = 0;
    await ada.db.transaction(async tx => {
      const counting = {
        ...tx,
        run: (...args: Parameters<typeof tx.run>) => {
          statements++;
          return tx.run(...args);
        },
      } as typeof tx;
      await carryOut({ ...ada, tx: counting, changeSet: b }, 'company', 'merge', a, { others: [b] });
    });
    expect(
      await rows(ada, 'person', {
        filter: { field: 'company', op: 'is', value: a },
        limit: 1000,
        fields: [],
      }),
    ).toHaveLength(n);
    return statements;
  };
  expect(await counted(300)).toBe(await counted(2));
});
