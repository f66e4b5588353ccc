/**
 * The past against a reference that remembers it: random edits of every type of value, trash, restore and undo over
 * several records; then every record, list, page and figure reads as of every moment as it read then.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Everything, makeEverything } from '../../../test/everything.ts';
import { runs } from '../../../test/runs.ts';
import { createWorld, type World } from '../../../test/world.ts';
import { FarleyError } from '../errors.ts';
import type { Input } from '../object.ts';
import { aggregate } from './aggregate.ts';
import type { Filter } from './filter.ts';
import { find, list, type Query } from './read.ts';
import { undo } from './undo.ts';
import { create, type Operation, write } from './write.ts';

let world: World;
let all: Everything;

beforeAll(async () => {
  world = await createWorld('past');
  all = await makeEverything(world.ada);
});
afterAll(() => world.close());

let minute = 0;
/** Lets a minute pass; answers a moment between then and now. */
function tick(): string {
  minute++;
  const at = (seconds: number) => new Date(Date.UTC(2026, 2, 17, 0, minute, seconds)).toISOString();
  world.clock.move(at(30));
  return at(0);
}

type Step =
  | { op: 'update' | 'delete' | 'restore'; who: number; values: Input }
  | { op: 'create' | 'undo' | 'company'; who: number; values: Input };

const steps = () =>
  fc.array(
    fc.record({
      op: fc.constantFrom<Step['op']>(
        'update',
        'update',
        'update',
        'create',
        'delete',
        'restore',
        'undo',
        'company',
      ),
      who: fc.nat(10),
      values: all.values(),
    }),
    { minLength: 2, maxLength: 8 },
  );

/** What was asked, and what was answered, at a moment. */
interface Memory {
  moment: string;
  ask: (asOf?: string) => Promise<unknown>;
  answer: unknown;
}

const sorts = [
  ['numberValue', '-moneyValue'],
  ['-dateTimeValue'],
  ['name', 'ratingValue'],
  ['choiceValue', '-updatedAt'],
];

/** Filters over columns, lists and relations both ways. */
const filters: Filter[] = [
  { field: 'numberValue', op: 'gt', value: 0 },
  { not: { field: 'addressValue', op: 'empty' } },
  { field: 'linksValue.employees', op: 'gte', value: 2 },
  { field: 'linkValue.sector', op: 'is', value: 'media' },
  { field: 'filesValue', op: 'notEmpty' },
  { field: 'relatedToManyValue', op: 'hasA', value: 'tag' },
  { field: 'children', op: 'notEmpty' },
  { field: 'peersOf.choiceValue', op: 'notEmpty' },
  { field: 'parent.textValue', op: 'notEmpty' },
  {
    or: [
      { field: 'emailValue', op: 'empty' },
      { field: 'choicesValue', op: 'has', value: 'won' },
    ],
  },
];

async function pages(query: Query): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let after: string | undefined; ; ) {
    const { data, next } = await list(all.ctx, 'thing', { ...query, limit: 2, ...(after ? { after } : {}) });
    seen.push(...(JSON.parse(data) as unknown[]));
    if (!next) return seen;
    after = next;
  }
}

const at = (asOf?: string) => (asOf ? { asOf } : {});

/** All that is asked of the things of one run. */
function questions(made: string[], n: number): Memory['ask'][] {
  const mine: Filter = { field: 'id', op: 'isAnyOf', value: made };
  const filter: Filter = { and: [mine, filters[n % filters.length]!] };
  const groupBy = [{ field: 'choiceValue' }, { field: 'linkValue.sector' }, { field: 'tags' }][n % 2]!;
  const values = [
    { op: 'count' },
    { op: 'sum', field: 'numberValue' },
    { op: 'sum', field: 'moneyValue' },
    { op: 'max', field: 'dateValue' },
    { op: 'filled', field: 'textValue' },
    { op: 'sum', field: 'decimalValue' },
  ];
  return [
    ...made.map(id => (asOf?: string) => find(all.ctx, 'thing', id, at(asOf))),
    asOf => pages({ filter, sort: sorts[n % sorts.length]!, ...at(asOf) }),
    async asOf =>
      JSON.parse(
        (await list(all.ctx, 'thing', { filter: mine, trash: 'only', sort: ['createdAt'], ...at(asOf) }))
          .data,
      ),
    asOf => aggregate(all.ctx, 'thing', { filter: mine, groupBy: [groupBy], values, ...at(asOf) }),
    async asOf =>
      (await list(all.ctx, 'thing', { filter, count: 'exact', limit: 1, fields: [], ...at(asOf) })).count,
  ];
}

async function take(step: Step, made: string[], sets: string[]) {
  const { op, who, values } = step;
  const id = made[who % made.length]!;
  if (op === 'create') {
    made.push(await create(all.ctx, 'thing', { ...values, name: `Thing ${minute}` }));
    all.targets.thing!.push(made.at(-1)!);
  } else if (op === 'undo') {
    const last = sets.pop();
    if (last) await undo(all.ctx, last);
  } else if (op === 'company') {
    const company = all.targets.company![who % 4]!;
    const { changeSet } = await write(all.ctx, 'company', [
      { op: 'update', id: company, values: { employees: who, sector: who % 2 ? 'media' : null } },
    ]);
    if (changeSet) sets.push(changeSet);
  } else {
    const operation: Operation = op === 'update' ? { op, id, values } : { op, id };
    const { changeSet } = await write(all.ctx, 'thing', [operation]);
    if (changeSet) sets.push(changeSet);
  }
}

test('as of every moment, everything reads as it read then', async () => {
  await fc.assert(
    fc.asyncProperty(steps(), async some => {
      tick();
      const made: string[] = [];
      const sets: string[] = [];
      all.targets.thing!.length = 0;
      for (const name of ['A', 'B', 'C']) made.push(await create(all.ctx, 'thing', { name }));
      all.targets.thing!.push(...made);
      const memories: Memory[] = [];
      for (const [n, step] of some.entries()) {
        const moment = tick();
        for (const ask of questions([...made], n)) memories.push({ moment, ask, answer: await ask() });
        await take(step, made, sets).catch(error => {
          if (!(error instanceof FarleyError && error.status < 500)) throw error;
        });
      }
      for (const { moment, ask, answer } of memories) expect(await ask(moment), moment).toEqual(answer);
    }),
    { numRuns: runs(12), endOnFailure: true },
  );
});
