/**
 * Every role × object × action × record: what happens is what the grants say, worked out here a second time in plain
 * JavaScript. New objects and verbs join by existing.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, stagesOf, type World, withRights } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import { type ObjectModel, relationOf } from '../model.ts';
import type { Input } from '../object.ts';
import { find } from '../records/read.ts';
import { carryOut } from '../records/verbs.ts';
import { create, write } from '../records/write.ts';
import { exportRecords } from '../transfer/export.ts';
import { explain } from './explain.ts';
import type { Grants, ObjectGrant, Reach } from './role.ts';
import { share } from './share.ts';

/** How a record stands to the person of the matrix, Max of the sales team. */
const relations = ['mine', 'mate', 'below', 'foreign', 'sharedToRead', 'sharedToEdit', 'sharedOnce'] as const;
type Relation = (typeof relations)[number];

let world: World;
/** Object → relation → the record's id. */
const records = new Map<string, Map<Relation, string>>();
let stages: Record<string, string>;

beforeAll(async () => {
  world = await createWorld('matrix');
  stages = await stagesOf(world.ada);
  const mate = await world.hire('Eva Hofer', 'member', world.teams.sales);
  const holders: Record<Relation, Context> = {
    mine: world.max,
    mate,
    below: world.sina,
    foreign: world.olga,
    sharedToRead: world.olga,
    sharedToEdit: world.olga,
    sharedOnce: world.olga,
  };
  for (const object of world.workspace.model.objects.values())
    for (const relation of relations) await recordOf(object, relation, holders[relation]);
  const [me, team] = [world.max.actor.userId!, world.teams.sales];
  for (const [object, made] of records) {
    await share(world.system, object, made.get('sharedToRead')!, team, {});
    await share(world.system, object, made.get('sharedToEdit')!, me, { access: 'edit' });
    await share(world.system, object, made.get('sharedOnce')!, me, { until: '2026-03-16T11:59:00Z' });
  }
});
afterAll(() => world.close());

/** A record that belongs to `holder`, whatever their role; parts get a whole of their own. */
async function recordOf(object: ObjectModel, relation: Relation, holder: Context): Promise<string> {
  const made = records.get(object.name) ?? new Map<Relation, string>();
  records.set(object.name, made);
  const known = made.get(relation);
  if (known) return known;
  const engine: Context = { ...holder, actor: { ...holder.actor, kind: 'system' } };
  const id = await create(engine, object.name, await valuesFor(object, relation, holder));
  made.set(relation, id);
  return id;
}

let counter = 0;

/** What an object needs, out of the samples of its field types. */
async function valuesFor(object: ObjectModel, relation: Relation, holder: Context): Promise<Input> {
  const stated: Record<string, Input> = {
    role: { grants: { objects: {} } },
    view: { object: 'company' },
    // There is one for each object.
    layout: { object: [...world.workspace.model.objects.keys()][relations.indexOf(relation)]! },
  };
  const values: Input = { ...stated[object.name] };
  let ends = 0;
  for (const field of object.fields.values()) {
    const { system, options, type } = field;
    const needed = (options.required && options.default === undefined) || field === object.title;
    if (system || !needed || options.defaultFirst || type.storage.kind === 'computed') continue;
    const own = field.name === object.spec.owner ? holder.actor.userId : null;
    // What stands between two records is not between one and itself.
    const kinds = (options.to as string[] | undefined) ?? ['company'];
    const kind = relationOf(field)?.to === '*' ? kinds[ends++ % kinds.length]! : null;
    values[field.name] ??= own ?? (await valueFor(field, relation, holder, kind));
  }
  return values;
}

/** A record of the same holder, a text like no other, or a sample. */
async function valueFor(
  field: Field,
  relation: Relation,
  holder: Context,
  kind: string | null,
): Promise<Json> {
  const to = relationOf(field)?.to;
  const target = world.workspace.model.objects.get(kind ?? to ?? '');
  if (target) {
    const id = await recordOf(target, relation, holder);
    return kind ? { object: target.name, id } : id;
  }
  const choices = field.options.choices as (string | { value: string })[] | undefined;
  if (choices) {
    const choice = choices[++counter % choices.length]!;
    return typeof choice === 'string' ? choice : choice.value;
  }
  const sample = field.type.samples[0]!.input as Json;
  // Each day later than the one before, so that periods begin before they end.
  if (typeof sample === 'string' && /^\d{4}-\d\d-\d\d$/.test(sample))
    return new Date(Date.UTC(2030, 0, ++counter)).toISOString().slice(0, 10);
  return typeof sample === 'string' && field.type.operators.contains ? `Sample ${++counter}` : sample;
}

const levels: Reach[] = ['none', 'own', 'team', 'teams', 'shared', 'all', { rule: 'createdBy == me' }];
const everything = (level: Reach): ObjectGrant => ({
  create: level !== 'none',
  read: level,
  edit: level,
  delete: level,
  export: level,
});

const roles: [string, () => Grants][] = [
  ...(['ada', 'max', 'sina', 'rita'] as const).map((who): [string, () => Grants] => [
    `the role of ${who}`,
    () => world[who].actor.grants,
  ]),
  ...levels.map((level): [string, () => Grants] => [
    typeof level === 'string' ? level : 'a rule',
    () => ({ objects: { '*': everything(level) } }),
  ]),
  ['own, as an administrator', () => ({ administer: true, objects: { '*': everything('own') } })],
  [
    'reads all, edits team, deletes own, verbs apart',
    () => ({
      objects: {
        '*': {
          create: true,
          read: 'all',
          edit: 'team',
          delete: 'own',
          export: 'teams',
          verbs: { win: 'own', lose: 'none' },
        },
      },
    }),
  ],
  ['edits all but reads own', () => ({ objects: { '*': { ...everything('all'), read: 'own' } } })],
  [
    'all, but deals only own and pipelines not at all',
    () => ({
      objects: { '*': everything('all'), deal: everything('own'), pipeline: { read: 'none' } },
    }),
  ],
];

// The reference: grants and relations, no SQL.

function granted(grants: Grants, object: ObjectModel, action: string): Reach {
  // What is personal needs no grant; here all of it is private.
  if (object.spec.personal) return 'own';
  const grant = grants.objects[object.name] ?? grants.objects['*'] ?? {};
  if (action === 'read')
    return (object.spec.setup ? (grants.objects[object.name]?.read ?? 'all') : grant.read) ?? 'none';
  if (object.spec.administered && action !== 'export' && !grants.administer) return 'none';
  if (['edit', 'delete', 'export'].includes(action)) return grant[action as 'edit'] ?? 'none';
  const stated = grant.verbs?.[action];
  const edits = grant.edit ?? 'none';
  // Guests answer where they may read, though the role edits nothing.
  const asked = object.spec.guests?.verbs.includes(action) && !stated && edits === 'none';
  if (asked && (grant.read ?? 'none') !== 'none') return 'own';
  return stated ?? edits;
}

function within(level: Reach, relation: Relation, action: string): boolean {
  if (level === 'none' || level === 'all') return level === 'all';
  const reads = action === 'read' || action === 'export';
  if (relation === 'sharedToEdit' || (relation === 'sharedToRead' && reads)) return true;
  if (typeof level === 'object') return relation === 'mine';
  const whose = { own: ['mine'], team: ['mine', 'mate'], teams: ['mine', 'mate', 'below'], shared: [] }[
    level
  ];
  return (whose as string[]).includes(relation);
}

function expected(grants: Grants, object: ObjectModel, action: string, relation: Relation): boolean {
  if (action !== 'read' && !expected(grants, object, 'read', relation)) return false;
  const level = granted(grants, object, action);
  const link = object.spec.reachedThrough;
  if (!link) return within(level, relation, action);
  const whole = world.workspace.model.objects.get(relationOf(object.fields.get(link)!)!.to)!;
  const asked = action === 'read' || action === 'export' ? action : 'edit';
  const ruled = typeof level === 'object' ? relation === 'mine' : level !== 'none';
  return ruled && expected(grants, whole, asked, relation);
}

// The enforcement: the real functions.

const inputs: Record<string, (id: string) => Json> = {
  move: () => ({ stage: stages.Qualified! }),
  disqualify: () => ({ reason: 'spam' }),
  recycle: () => ({ until: '2030-01-07', reason: 'timing' }),
  write: () => ({ lines: [] }),
  accept: () => ({ name: 'Katharina Moser' }),
  decline: () => ({ reason: 'price' }),
  reject: () => ({ reason: 'price' }),
  change: () => ({ scope: 'all' }),
  cancel: () => ({ scope: 'all', reason: 'price' }),
  answer: () => ({ answer: 'accepted' }),
  split: () => ({ splits: [] }),
  noteAnswer: () => ({ guest: 'x', answer: 'accepted' }),
  // With itself nothing is merged, whoever asks; who may not is told so before.
  merge: id => ({ others: [id] }),
};

class RollBack extends Error {}

/** Whether it was allowed. What fails for another reason than rights was allowed. */
async function allowed(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof RollBack) return true;
    if (!(error instanceof FarleyError)) throw error;
    return error.code !== 'forbidden' && error.code !== 'notFound';
  }
}

/** `out`: all they can export of the object. */
async function attempt(ctx: Context, object: ObjectModel, action: string, id: string, out: string) {
  if (action === 'export') return out.includes(id);
  if (action === 'read') return allowed(find(ctx, object.name, id, { fields: [] }));
  if (action === 'edit') return allowed(write(ctx, object.name, [{ op: 'update', id, values: {} }]));
  if (action === 'delete') return allowed(write(ctx, object.name, [{ op: 'delete', id }], { dryRun: true }));
  return allowed(
    ctx.db.transaction(async tx => {
      await carryOut({ ...ctx, tx, changeSet: id }, object.name, action, id, inputs[action]?.(id) ?? {});
      throw new RollBack();
    }),
  );
}

/** All that someone can export of an object; nothing, where they may not. */
async function exported(ctx: Context, object: ObjectModel): Promise<string> {
  let text = '';
  const filter = { field: 'createdAt', op: 'notEmpty' };
  const read = async () => {
    for await (const chunk of exportRecords(ctx, object.name, 'ndjson', { filter, fields: ['id'] }))
      text += chunk;
  };
  return (await allowed(read())) ? text : '';
}

describe.each(roles)('%s', (_, grantsOf) => {
  test('allows what it grants and nothing else, and explains it', async () => {
    const grants = grantsOf();
    const ctx = withRights(world.max, grants);
    const wrong: string[] = [];
    for (const object of world.workspace.model.objects.values()) {
      const actions = ['read', 'edit', 'delete', 'export', ...object.verbs.keys()];
      const out = await exported(ctx, object);
      for (const relation of relations) {
        const id = records.get(object.name)!.get(relation)!;
        const told = await explain(ctx, object.name, id).catch(() => null);
        for (const action of actions) {
          const right = expected(grants, object, action, relation);
          const done = await attempt(ctx, object, action, id, out);
          const said = told?.actions[action]?.allowed ?? false;
          if (done !== right || said !== right)
            wrong.push(
              `${action} ${object.name} ${relation}: ${right}, but is ${done} and explained ${said}`,
            );
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('lets create what it grants', async () => {
    const grants = grantsOf();
    const ctx = withRights(world.max, grants);
    for (const object of world.workspace.model.objects.values()) {
      const grant = grants.objects[object.name] ?? grants.objects['*'] ?? {};
      const granted = grant.create === true && (!object.spec.administered || grants.administer === true);
      const right = object.spec.personal !== undefined || granted;
      const values = await valuesFor(object, 'mine', world.max);
      const attempted = allowed(write(ctx, object.name, [{ op: 'create', values }], { dryRun: true }));
      expect(await attempted, object.name).toBe(right);
    }
  });
});
