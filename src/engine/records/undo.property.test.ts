/**
 * Do, undo, and undo the undo: over several objects in one change set, values of every type, cascades and verbs. The
 * whole of the data is compared, table by table: rows, items of lists, search entries.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Everything, makeEverything } from '../../../test/everything.ts';
import { runs } from '../../../test/runs.ts';
import { createWorld, stagesOf, type World } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { newId } from '../id.ts';
import type { Input, Values } from '../object.ts';
import { sql } from '../sql.ts';
import { undo } from './undo.ts';
import { carryOut } from './verbs.ts';
import { create, type Operation, write } from './write.ts';

let world: World;
let all: Everything;
let ids: Record<string, string[]>;
let stages: Record<string, string>;

beforeAll(async () => {
  world = await createWorld('undone');
  all = await makeEverything(world.ada);
  stages = await stagesOf(world.ada);
  const { ctx, targets } = all;
  const make = (object: string, n: number, values: (i: number) => Input) =>
    Promise.all(Array.from({ length: n }, (_, i) => create(ctx, object, values(i))));
  const deal = await make('deal', 3, i => ({ name: `Deal ${i}`, amount: `${i}00 EUR` }));
  ids = {
    thing: await make('thing', 4, i => ({ name: `Thing ${i}` })),
    company: targets.company!,
    tag: targets.tag!,
    deal,
    dealLine: await make('dealLine', 5, i => ({ name: `Line ${i}`, deal: deal[i % 3]!, price: '3 EUR' })),
    person: await make('person', 3, i => ({ name: `Person ${i}`, company: targets.company![i]! })),
  };
  targets.thing!.push(...ids.thing!);
});
afterAll(() => world.close());

/** What is no data of people, or counts and dates the writes. */
const tablesOfLog = [
  'change',
  'change_set',
  'idempotency',
  'job_run',
  'search_word',
  // Found some time after a write, and kept for people to decide.
  'duplicate_pair',
  'custom_object',
  'custom_field',
  'share',
];
const columnsOfLog = ['version', 'updated_at', 'updated_by_id', 'deleted_at'];

/** Every row of every table as JSON text, with whether it is in the trash. */
async function everything(): Promise<string[]> {
  const { schema } = world.workspace;
  const tables = await world.db.run<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = ${schema}
      and not table_name = any(${tablesOfLog}::text[]) order by 1`,
  );
  const parts = tables.map(
    ({ name }) => sql`select ${name}::text || ' ' || (to_jsonb(t) - ${columnsOfLog}::text[])::text
      || case when to_jsonb(t) ->> 'deleted_at' is null then '' else ' in the trash' end as line from ${sql.id(schema, name)} t`,
  );
  const found = await world.db.run<{ line: string }>(sql`${sql.join(parts, sql` union all `)} order by 1`);
  // 2.50 and 2.5 are one number, whose zeros PostgreSQL keeps.
  return found.map(row => row.line.replace(/(: -?\d+)(?:\.0+|(\.\d*?)0+)(?=[,}])/g, '$1$2'));
}

type Act = (ctx: Context) => Promise<unknown>;

const place = fc.nat(20);
const idOf = (object: string, n: number) => ids[object]![n % ids[object]!.length]!;
const some = (object: string) => place.map(n => idOf(object, n));

/** Values that an edit of each object states. */
function edits(): Record<string, fc.Arbitrary<Input>> {
  const few = { requiredKeys: [] as never[] };
  const contact = some('person').map((id): Json => ({ id, role: 'Käufer' }));
  const byId = (item: Json) => (item as Values).id;
  const company = {
    name: fc.constantFrom('Rot', 'Blau "%_\\'),
    revenue: fc.constantFrom<Json[]>(null, '12.50 EUR', '3 USD'),
    tags: some('tag').map(id => [id]),
    parent: fc.option(some('company')),
    externalIds: fc.constantFrom<Json[]>({}, { sap: '1' }),
  };
  const deal = {
    name: fc.constantFrom('Grün', 'Gelb'),
    stage: fc.constantFrom(...Object.values(stages)),
    contacts: fc.uniqueArray(contact, { maxLength: 2, selector: byId }),
  };
  return {
    thing: all.values(),
    company: fc.record<Input>(company, few),
    deal: fc.record<Input>(deal, few),
    dealLine: fc.record<Input>({ quantity: fc.constantFrom('1', '2.5'), deal: some('deal') }, few),
    person: fc.record<Input>(
      { name: fc.constantFrom('Rosa', 'Emil'), company: fc.option(some('company')) },
      few,
    ),
    tag: fc.record<Input>({ name: fc.constantFrom('neu', 'alt', 'heiß') }, few),
  };
}

function operationOn(object: string, values: fc.Arbitrary<Input>): fc.Arbitrary<Operation> {
  const id = some(object);
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ op: fc.constant('update' as const), id, values }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('delete' as const), id }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('restore' as const), id }) },
    {
      weight: 1,
      arbitrary: values.map(one => ({ op: 'create' as const, values: { name: `New ${newId()}`, ...one } })),
    },
  );
}

/** One write of a random set on one object, refused items left out; or a verb. */
function acts(): fc.Arbitrary<{ says: string; act: Act }> {
  const sets = Object.entries(edits()).map(([object, values]) =>
    fc.array(operationOn(object, values), { minLength: 1, maxLength: 4 }).map(operations => ({
      says: `${object} ${JSON.stringify(operations)}`,
      act: (ctx: Context) => write(ctx, object, operations, { perItem: true }),
    })),
  );
  const stage = fc.constantFrom(...Object.values(stages));
  const verbs = fc
    .record({ name: fc.constantFrom('move', 'win', 'lose', 'reopen'), id: some('deal'), stage })
    .map(({ name, id, stage: to }) => ({
      says: `${name} ${id}`,
      act: (ctx: Context) =>
        carryOut(ctx, 'deal', name, id, name === 'move' ? { stage: to, after: null } : {}),
    }));
  return fc.oneof(...sets, verbs);
}

/** Carries acts out as one change set; those refused leave no trace. */
async function carryAllOut(chosen: { act: Act }[]): Promise<string> {
  const changeSet = newId();
  for (const { act } of chosen)
    await act({ ...all.ctx, changeSet }).catch(error => {
      if (!(error instanceof FarleyError && error.status < 500)) throw error;
    });
  return changeSet;
}

async function madeBy(changeSet: string): Promise<string[]> {
  const made = await world.db.run<{ id: string }>(
    sql`select record_id as id from ${sql.id(world.workspace.schema, 'change')} where set_id = ${changeSet}::uuid and kind = 'created'`,
  );
  return made.map(row => row.id);
}

test('doing and undoing leaves everything as it was, and undoing that as it was done, over and over', async () => {
  const chosen = fc.array(acts(), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(chosen, async steps => {
      const before = await everything();
      const changeSet = await carryAllOut(steps);
      const after = await everything();
      const made = await madeBy(changeSet);
      // What was made stays, in the trash.
      const others = (lines: string[]) => lines.filter(line => !made.some(id => line.includes(id)));
      if (JSON.stringify(after) === JSON.stringify(before)) return;
      let last = changeSet;
      for (let round = 0; round < 2; round++) {
        const taken = await undo(all.ctx, last);
        expect(others(await everything()), steps.map(one => one.says).join('\n')).toEqual(others(before));
        if (!taken.changeSet) return;
        const back = await undo(all.ctx, taken.changeSet);
        expect(await everything(), steps.map(one => one.says).join('\n')).toEqual(after);
        last = round === 0 ? changeSet : back.changeSet!;
      }
      await undo(all.ctx, last).catch(error => {
        if (error.code !== 'alreadyUndone') throw error;
      });
    }),
    { numRuns: runs(35), endOnFailure: true },
  );
});

test('an empty list in a JSON field is a value, which history has and undo takes back', async () => {
  const [first, second] = ids.thing as [string, string];
  await write(all.ctx, 'thing', [
    { op: 'restore', id: first },
    { op: 'restore', id: second },
  ]);
  const values = (jsonValue: Json) =>
    [first, second].map((id): Operation => ({ op: 'update', id, values: { jsonValue } }));
  await write(all.ctx, 'thing', values(null));
  const before = await everything();
  const [, other] = values({ a: 1 });
  const { changeSet, results } = await write(all.ctx, 'thing', [values([])[0]!, other!]);
  expect(results.map(result => result.kind)).toEqual(['updated', 'updated']);
  await undo(all.ctx, changeSet!);
  expect(await everything()).toEqual(before);
});
