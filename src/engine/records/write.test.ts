/** What the one write path promises, whatever door a change comes through. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, stagesOf, type World, withRights } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import type { Database, Transaction } from '../db/database.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { newId } from '../id.ts';
import type { Input } from '../object.ts';
import { compile, sql } from '../sql.ts';
import { find, read, rows } from './read.ts';
import { tableOf } from './scope.ts';
import { create, type Operation, update, write } from './write.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('write');
});
afterAll(() => world.close());

async function refusal(work: Promise<unknown>): Promise<FarleyError> {
  const error = await work.then(
    () => null,
    reason => reason,
  );
  expect(error).toBeInstanceOf(FarleyError);
  return error as FarleyError;
}

const pointers = (error: FarleyError) => error.problems.map(problem => `${problem.pointer} ${problem.code}`);

describe('what nobody has stated', () => {
  const said = async (object: string, values: Input) => {
    const id = await create(world.sina, object, values);
    return { id, record: await find(world.sina, object, id) };
  };

  test('is made of the rest where the object says how, on every way in, and stays what it was made', async () => {
    const { id, record } = await said('person', { email: 'maria.lopez@named.example' });
    expect(record.name).toEqual({ full: 'Maria Lopez' });
    await update(world.sina, 'person', id, { email: 'info@named.example' });
    expect((await find(world.sina, 'person', id)).name).toEqual({ full: 'Maria Lopez' });
    await update(world.sina, 'person', id, { name: null });
    expect((await find(world.sina, 'person', id)).name).toEqual({ full: 'info@named.example' });
    expect((await said('lead', { companyName: 'Named Ltd' })).record.name).toEqual({ full: 'Named Ltd' });
    const error = await refusal(create(world.sina, 'person', { jobTitle: 'Buyer' }));
    expect(error.problems).toMatchObject([
      { pointer: '/name', message: 'Name or Email or Phone or Mobile is needed.' },
    ]);
  });

  test('names the first of what a link leads to, in the same statement that looks for it', async () => {
    const anna = await create(world.sina, 'person', { name: 'Anna Named' });
    const deal = await create(world.sina, 'company', { name: 'Named Inc' });
    const about = [
      { object: 'person', id: anna },
      { object: 'company', id: deal },
    ];
    expect((await said('call', { about })).record.subject).toBe('Call: Anna Named');
    expect((await said('task', {})).record.subject).toBe('Task');
    const meeting = await said('meeting', { startsAt: '2026-01-05T09:00:00Z', attendees: [anna], about });
    expect(meeting.record.subject).toBe('Meeting: Anna Named');
    await update(world.sina, 'meeting', meeting.id, { subject: 'Kick-off' });
    expect((await find(world.sina, 'meeting', meeting.id)).subject).toBe('Kick-off');
  });
});

describe('creating', () => {
  test('one record takes one statement, which answers what reading it would', async () => {
    const company = await create(world.sina, 'company', { name: 'Told at once' });
    const told = async (ctx: Context, object: string, values: Input) => {
      const texts: string[] = [];
      const db: Database = {
        ...ctx.db,
        transaction: (act, lazy) => ctx.db.transaction(listening(texts, act), lazy),
      };
      const { answer, results } = await write({ ...ctx, db }, object, [{ op: 'create', values }], {
        answer: true,
      });
      return { answer, statements: texts.length, read: await read(ctx, object, results[0]!.id) };
    };
    const plain = await told(world.sina, 'person', { name: 'Plain', email: 'plain@told.example' });
    expect(plain).toMatchObject({ statements: 1, answer: plain.read });
    const linked = await told(world.sina, 'person', { name: 'Linked', company });
    expect(linked.answer).toBe(linked.read);
    // Lists, and what is counted over other records, are there after the statement only.
    const listed = await told(world.sina, 'person', { name: 'Listed', companies: [company] as Json });
    expect(listed.answer).toBeNull();
  });

  test('a statement that goes by itself leaves nothing behind when it fails', async () => {
    const id = newId();
    await create(world.ada, 'person', { id, name: 'First' });
    const again = await refusal(create(world.ada, 'person', { id, name: 'Second' }));
    expect(again.code).toBe('duplicate');
    const filter = { field: 'name', op: 'is', value: 'Second' };
    expect(await rows(world.ada, 'person', { filter })).toEqual([]);
  });

  test('fills in defaults, the owner, and the first record where a link asks for it', async () => {
    const id = await create(world.sina, 'deal', { name: 'Roastery' });
    const stages = await stagesOf(world.ada);
    expect(await find(world.sina, 'deal', id)).toMatchObject({
      owner: { title: 'Sina Gruber' },
      pipeline: { title: 'Sales' },
      stage: { id: stages.Prospecting },
      probability: 10,
      version: 1,
      createdBy: { title: 'Sina Gruber' },
      createdAt: '2026-03-16T12:00:00.000Z',
    });
  });

  test('names every problem at once, each at its field', async () => {
    const error = await refusal(
      create(world.ada, 'person', {
        email: 'not an address',
        phone: 'call me',
        colour: 'red',
        company: newId(),
        companies: ['x'],
      }),
    );
    expect(error.code).toBe('invalidInput');
    expect(pointers(error).sort()).toEqual([
      '/colour unknownField',
      '/companies/0 notAnId',
      '/company unknownRecord',
      '/email notAnEmail',
      '/name required',
      '/phone notAPhone',
    ]);
  });

  test('takes an id from outside, in any letter case, once', async () => {
    const id = newId();
    expect(await create(world.ada, 'tag', { id: id.toUpperCase(), name: 'Fair' })).toBe(id);
    const again = await refusal(create(world.ada, 'tag', { id, name: 'Fairer' }));
    expect([again.code, ...pointers(again)]).toEqual(['duplicate', '/id duplicate']);
    expect(pointers(await refusal(create(world.ada, 'tag', { id: '7', name: 'Seven' })))).toEqual([
      '/id invalidId',
    ]);
  });

  test('records of one set may link to one another', async () => {
    const [parent, child] = [newId(), newId()];
    await write(world.ada, 'company', [
      { op: 'create', values: { id: child, name: 'Sacher Graz', parent } },
      { op: 'create', values: { id: parent, name: 'Sacher' } },
    ]);
    expect(await find(world.ada, 'company', child)).toMatchObject({
      parent: { id: parent, title: 'Sacher' },
    });
  });

  test('stored text never holds U+0000, which PostgreSQL cannot keep', async () => {
    const id = await create(world.ada, 'company', { name: 'Nul\u0000l', description: 'a\u0000b' });
    expect(await find(world.ada, 'company', id)).toMatchObject({ name: 'Null', description: 'ab' });
  });
});

describe('changing', () => {
  test('keeps what is not stated, counts the version, and does nothing for the same values', async () => {
    const id = await create(world.ada, 'company', { name: 'Hotel Imperial', employees: 12 });
    const done = await update(world.ada, 'company', id, { employees: 13 });
    expect(done.results).toEqual([{ kind: 'updated', id, version: 2, problems: [] }]);
    const again = await update(world.ada, 'company', id, { employees: '13', name: ' Hotel Imperial ' });
    expect(again).toEqual({
      changeSet: null,
      results: [{ kind: 'unchanged', id, version: 2, problems: [] }],
    });
  });

  test('a list-valued field is replaced as a whole: longer, shorter, in another order, empty', async () => {
    const tags = await Promise.all(['red', 'green', 'blue'].map(name => create(world.ada, 'tag', { name })));
    const [red, green, blue] = tags as [string, string, string];
    const id = await create(world.ada, 'company', { name: 'Colours', tags: [red] });
    for (const now of [[blue, red, green], [green, blue], [blue], []]) {
      await update(world.ada, 'company', id, { tags: now });
      const { tags: kept } = await find(world.ada, 'company', id, { fields: ['tags'] });
      expect((kept as { id: string }[]).map(tag => tag.id)).toEqual(now);
    }
  });

  test('a record that stands in a set twice is written twice, in the order stated', async () => {
    const id = newId();
    const { results } = await write(world.ada, 'company', [
      { op: 'create', values: { id, name: 'Twice' } },
      { op: 'update', id, values: { name: 'Thrice', employees: 3 } },
      { op: 'update', id, values: { name: 'At last' } },
    ]);
    expect(results.map(result => [result.kind, result.version])).toEqual([
      ['created', 1],
      ['updated', 2],
      ['updated', 3],
    ]);
    expect(await find(world.ada, 'company', id)).toMatchObject({ name: 'At last', employees: 3, version: 3 });
  });

  test('what is read-only is refused, unless it stays as it is', async () => {
    const id = await create(world.ada, 'deal', { name: 'Grinders' });
    expect(pointers(await refusal(update(world.ada, 'deal', id, { status: 'won' })))).toEqual([
      '/status notEditable',
    ]);
    const same = await update(world.ada, 'deal', id, { status: 'open', id, version: 99, createdAt: 'then' });
    expect(same.results[0]!.kind).toBe('unchanged');
  });

  test('what derives from a field follows it: the stage decides pipeline, status and probability', async () => {
    const stages = await stagesOf(world.ada);
    const id = await create(world.ada, 'deal', { name: 'Milk frothers' });
    await update(world.ada, 'deal', id, { stage: stages.Won! });
    expect(await find(world.ada, 'deal', id)).toMatchObject({
      status: 'won',
      probability: 100,
      decidedAt: '2026-03-16T12:00:00.000Z',
    });
  });

  test('links to the own kind make a tree: no way leads back, by one step or three, in one set or by two writers', async () => {
    const [a, b, c] = [
      await create(world.ada, 'company', { name: 'Ouroboros' }),
      await create(world.ada, 'company', { name: 'Midgard' }),
      await create(world.ada, 'company', { name: 'Shesha' }),
    ];
    const under = (id: string, parent: string | null) => ({ op: 'update' as const, id, values: { parent } });
    expect(pointers(await refusal(update(world.ada, 'company', a, { parent: a })))).toEqual([
      '/parent circle',
    ]);
    await write(world.ada, 'company', [under(b, a), under(c, b)]);
    expect(pointers(await refusal(update(world.ada, 'company', a, { parent: c })))).toEqual([
      '/parent circle',
    ]);
    // What the same set frees may be used: the tree is turned upside down.
    await write(world.ada, 'company', [under(a, b), under(b, c), under(c, null)]);
    await write(world.ada, 'company', [under(c, a), under(a, null), under(b, c)]);
    // What is refused stays where it was, and the others of its set cannot count on its leaving.
    await write(world.ada, 'company', [under(b, null), under(a, b), under(c, a)]);
    const { results } = await write(world.ada, 'company', [under(a, c), under(b, a)], { perItem: true });
    expect(results.map(({ kind }) => kind)).toEqual(['refused', 'refused']);
    await write(world.ada, 'company', [under(a, null), under(b, null), under(c, null)]);
    const both = await Promise.allSettled([
      update(world.ada, 'company', a, { parent: b }),
      update(world.ada, 'company', b, { parent: a }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('a field that the role may not edit is refused; one that it may not read does not exist', async () => {
    const id = await create(world.ada, 'company', { name: 'Secretive' });
    const grants = {
      objects: {
        '*': { read: 'all', edit: 'all', fields: { revenue: 'none', employees: 'read' } },
      },
    } as const;
    const limited = withRights(world.max, grants);
    const error = await refusal(update(limited, 'company', id, { employees: 5, revenue: '7 EUR' }));
    expect(pointers(error)).toEqual(['/employees notEditable', '/revenue unknownField']);
  });
});

describe('links', () => {
  test('to what is out of reach are refused like links to nothing', async () => {
    const foreign = await create(world.olga, 'company', { name: 'Far away' });
    for (const company of [foreign, newId()]) {
      const error = await refusal(create(world.sina, 'person', { name: 'Nina', company }));
      expect(error.problems).toEqual([
        {
          pointer: '/company',
          code: 'unknownRecord',
          message: 'There is no such company, or it is out of your reach.',
        },
      ]);
    }
  });

  test('that were there before may stay, though their end has gone out of reach or into the trash', async () => {
    const company = await create(world.ada, 'company', { name: 'Closing down' });
    const person = await create(world.sina, 'person', { name: 'Nora' });
    await update(world.ada, 'person', person, { company });
    await update(world.sina, 'person', person, { jobTitle: 'Barista' });
    await write(world.ada, 'company', [{ op: 'delete', id: company }]);
    await update(world.sina, 'person', person, { jobTitle: 'Head barista' });
    expect((await find(world.ada, 'person', person)).company).toEqual({ id: company, title: 'Closing down' });
  });
});

describe('unique values', () => {
  test('are refused with the record that has them, if it is in reach', async () => {
    const first = await create(world.ada, 'product', { name: 'Espresso One', code: 'E1' });
    const error = await refusal(create(world.ada, 'product', { name: 'Other', code: 'E1' }));
    expect(error.code).toBe('duplicate');
    expect(error.problems).toMatchObject([{ pointer: '/code', existing: first }]);
    const blind = withRights(world.max, { objects: { product: { create: true, read: 'own' } } });
    const told = await refusal(create(blind, 'product', { name: 'Third', code: 'E1' }));
    expect(told.problems[0]).not.toHaveProperty('existing');
  });

  test('compare as their type says: e-mail addresses whatever the case of letters', async () => {
    const error = await refusal(
      create(world.system, 'user', { name: 'Ada again', email: 'ADA@kaffeehaus.example' }),
    );
    expect(pointers(error)).toEqual(['/email duplicate']);
  });

  test('are looked for within the set too', async () => {
    const error = await refusal(
      write(world.ada, 'tag', [
        { op: 'create', values: { name: 'Twin' } },
        { op: 'create', values: { name: 'Twin' } },
      ]),
    );
    expect(pointers(error)).toEqual(['/1/name duplicate']);
  });

  test('of records in the trash are free, and bar the way back once taken', async () => {
    const id = await create(world.ada, 'tag', { name: 'Phoenix' });
    await write(world.ada, 'tag', [{ op: 'delete', id }]);
    await create(world.ada, 'tag', { name: 'Phoenix' });
    expect(pointers(await refusal(write(world.ada, 'tag', [{ op: 'restore', id }])))).toEqual([
      '/name duplicate',
    ]);
  });

  test('of two writers at the same moment one wins, and the other learns why', async () => {
    const race = Array.from({ length: 8 }, () => create(world.ada, 'tag', { name: 'Race' }));
    const settled = await Promise.allSettled(race);
    expect(settled.filter(one => one.status === 'fulfilled')).toHaveLength(1);
    for (const one of settled)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'duplicate' });
  });
});

describe('the trash', () => {
  test('a part goes to the trash with the whole, and comes back with it; what went before stays there', async () => {
    const deal = await create(world.ada, 'deal', { name: 'Two lines' });
    const [kept, dropped] = [
      await create(world.ada, 'dealLine', { name: 'Kept', deal }),
      await create(world.ada, 'dealLine', { name: 'Dropped before', deal }),
    ];
    await write(world.ada, 'dealLine', [{ op: 'delete', id: dropped }]);
    const { changeSet } = await write(world.ada, 'deal', [{ op: 'delete', id: deal }]);
    const [set] = await world.db.run<{ n: number }>(
      sql`select count(*) as n from ${tableOf(world.workspace.schema, 'change')} where set_id = ${changeSet}::uuid`,
    );
    expect(set!.n).toBe(2);
    expect(await rows(world.ada, 'dealLine', { filter: { field: 'deal', op: 'is', value: deal } })).toEqual(
      [],
    );
    await write(world.ada, 'deal', [{ op: 'restore', id: deal }]);
    const back = await rows(world.ada, 'dealLine', { filter: { field: 'deal', op: 'is', value: deal } });
    expect(back.map(line => line.id)).toEqual([kept]);
  });

  test('a record that others depend on stays, and the answer says how many they are', async () => {
    const stages = await stagesOf(world.ada);
    const error = await refusal(write(world.ada, 'stage', [{ op: 'delete', id: stages.Prospecting! }]));
    expect(error.code).toBe('inUse');
    expect(error.message).toMatch(/^\d+ deals depend on this stage\. Move or delete them first\.$/);
  });

  test('a record in the trash is opened by links but not edited', async () => {
    const id = await create(world.ada, 'company', { name: 'Gone' });
    await write(world.ada, 'company', [{ op: 'delete', id }]);
    expect((await find(world.ada, 'company', id)).deletedAt).not.toBeNull();
    expect(pointers(await refusal(update(world.ada, 'company', id, { name: 'Here' })))).toEqual([' inTrash']);
  });

  test('trashing what is in the trash, and restoring what is not, changes nothing', async () => {
    const id = await create(world.ada, 'company', { name: 'Steady' });
    expect((await write(world.ada, 'company', [{ op: 'restore', id }])).results[0]!.kind).toBe('unchanged');
    await write(world.ada, 'company', [{ op: 'delete', id }]);
    expect((await write(world.ada, 'company', [{ op: 'delete', id }])).changeSet).toBeNull();
  });
});

describe('sets', () => {
  const mixed: Operation[] = [
    { op: 'create', values: { name: 'Good' } },
    { op: 'create', values: { employees: 'many' } },
    { op: 'update', id: newId(), values: { name: 'Nowhere' } },
  ];

  test('one problem refuses the whole set, pointing at the operation', async () => {
    const error = await refusal(write(world.ada, 'company', mixed.slice(0, 2)));
    expect(pointers(error).sort()).toEqual(['/1/employees notANumber', '/1/name required']);
    expect(await rows(world.ada, 'company', { filter: { field: 'name', op: 'is', value: 'Good' } })).toEqual(
      [],
    );
  });

  test('per item, what can be written is written and the rest says why not', async () => {
    const { results } = await write(world.ada, 'company', mixed, { perItem: true });
    expect(results.map(result => result.kind)).toEqual(['created', 'refused', 'refused']);
    expect(results[2]!.problems[0]!.code).toBe('notFound');
  });

  test('a dry run checks everything and writes nothing, cascades included', async () => {
    const deal = await create(world.ada, 'deal', { name: 'Still here' });
    const line = await create(world.ada, 'dealLine', { name: 'Still here too', deal });
    const dry = await write(world.ada, 'deal', [{ op: 'delete', id: deal }], { dryRun: true });
    expect(dry).toMatchObject({ changeSet: null, results: [{ kind: 'deleted' }] });
    expect((await find(world.ada, 'dealLine', line)).deletedAt).toBeNull();
    expect((await find(world.ada, 'deal', deal)).deletedAt).toBeNull();
  });

  test('of 1, 2 and 500 take the same number of statements; of 2 and 500, of the same shapes', async () => {
    // The words are known from here on: new ones take a part of the statement to themselves.
    const company = await create(world.ada, 'company', { name: 'Counted person' });
    const people = (n: number, round: number): Operation[] =>
      Array.from({ length: n }, (_, i) => ({
        op: 'create',
        values: {
          name: `Person ${round} ${i}`,
          company,
          companies: [company] as Json,
          externalIds: { test: `${round}-${i}` },
        },
      }));
    const single = await counted(world.ada, ctx => write(ctx, 'person', people(1, 0)));
    const two = await counted(world.ada, ctx => write(ctx, 'person', people(2, 1)));
    const many = await counted(world.ada, ctx => write(ctx, 'person', people(500, 2)));
    expect(many.texts).toEqual(two.texts);
    // The values of a single record go as parameters.
    expect(single.texts).toHaveLength(two.texts.length);
    const changes = (ids: string[]): Operation[] =>
      ids.map(id => ({ op: 'update', id, version: 1, values: { jobTitle: 'Counted', companies: [] } }));
    const first = await counted(world.ada, ctx => write(ctx, 'person', changes(two.ids)));
    const rest = await counted(world.ada, ctx => write(ctx, 'person', changes(many.ids)));
    expect(rest.texts).toEqual(first.texts);
    const trash = (ids: string[]): Operation[] => ids.map(id => ({ op: 'delete', id }));
    const gone = await counted(world.ada, ctx => write(ctx, 'person', trash(two.ids)));
    const allGone = await counted(world.ada, ctx => write(ctx, 'person', trash(many.ids)));
    expect(allGone.texts).toEqual(gone.texts);
  });
});

/** Hears the statements of a transaction, which begins as late as it would. */
function listening<T>(texts: string[], act: (tx: Transaction) => Promise<T>) {
  return (tx: Transaction) => {
    const run: Transaction['run'] = (query, last) => {
      texts.push(compile(query).text);
      return tx.run(query, last);
    };
    return act(Object.create(tx, { run: { value: run } }));
  };
}

/** The statements that a write runs. */
async function counted(
  ctx: Context,
  work: (ctx: Context) => Promise<{ results: { id: string }[] }>,
): Promise<{ texts: string[]; ids: string[] }> {
  const texts: string[] = [];
  const db: Database = {
    ...ctx.db,
    transaction: act =>
      ctx.db.transaction(tx =>
        act({
          ...tx,
          run: query => {
            texts.push(compile(query).text);
            return tx.run(query);
          },
        }),
      ),
  };
  const { results } = await work({ ...ctx, db });
  return { texts, ids: results.map(result => result.id) };
}
