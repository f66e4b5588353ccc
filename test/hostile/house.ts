/** A Farley to be attacked: an object with a field of every type, and a record of every object. */
import { declared } from '../../src/app.ts';
import {
  create,
  type Field,
  type Input,
  type Json,
  type ObjectModel,
  rows,
  sql,
} from '../../src/engine/index.ts';
import { fieldTypes } from '../../src/fields/index.ts';
import { type Reply, type Server, type ServerOptions, startServer, until } from '../api/server.ts';

/** The object with a field of every type that administrators may choose. */
export const everything = 'thing';

export interface House extends Server {
  /** Records to be attacked, by object. */
  victims: Record<string, string>;
  /** What else addresses name: a job, an import with refused rows, a change set, the user of a key, a session. */
  ids: { job: string; import: string; changeSet: string; key: string; file: string; team: string };
  object(name: string): ObjectModel;
}

export async function buildHouse(name: string, options: ServerOptions = {}): Promise<House> {
  // What is counted is what requests wrote: nothing follows from it by itself.
  const silent = { ...declared, modules: declared.modules.map(module => ({ ...module, watches: [] })) };
  const server = await startServer(name, { declared: silent, ...options });
  await makeEverything(server);
  const system = await server.farley.system('tests');
  const objectOf = (each: string) => system.model.objects.get(each)!;
  const victims: Record<string, string> = {};
  // Users come first: most others are owned by one. Nobody of the cast is a victim.
  victims.user = (await server.hire('Vera Victim', 'reader')).id;
  for (const [object, file] of [['file', await upload(server)]] as const) victims[object] = file;
  const house = {
    ...server,
    system,
    victims,
    ids: {} as House['ids'],
    object: objectOf,
  };
  for (const each of system.model.objects.keys()) victims[each] ??= await victimOf(house, each, []);
  house.ids = { ...(await idsOf(server)), file: victims.file!, team: server.teams.support };
  return house;
}

async function makeEverything(server: Server) {
  const types = fieldTypes.filter(type => !['id', 'externalIds'].includes(type.name));
  const fields = types.map(type => {
    const options: Record<string, unknown> = { ...type.sampleOptions, label: type.label };
    if (options.inverse) options.inverse = `${type.name}Things`;
    // A roll-up counts what leads here; nothing does.
    return { name: `my${type.name.charAt(0).toUpperCase()}${type.name.slice(1)}`, type: type.name, options };
  });
  const usable = fields.filter(field => field.type !== 'rollUp');
  const made = await server.call(server.ada, 'POST', '/api/objects', {
    name: everything,
    label: 'Thing',
    plural: 'Things',
    fields: [
      { name: 'name', type: 'text', options: { required: true } },
      { name: 'code', type: 'text', options: { unique: true } },
      ...usable,
    ],
  });
  if (made.status !== 201) throw new Error(made.text);
  // What adds up comes last: it needs something that leads to things.
  const parent = { name: 'parent', type: 'link', options: { to: everything, inverse: 'parts' } };
  const parts = {
    name: 'myRollUp',
    type: 'rollUp',
    options: {
      relation: 'parts',
      aggregate: 'sum',
      field: 'myNumber',
      filter: { field: 'name', op: 'contains', value: 'a' },
    },
  };
  for (const field of [parent, parts]) {
    const added = await server.call(server.ada, 'POST', `/api/objects/${everything}/fields`, field);
    if (added.status !== 201) throw new Error(added.text);
  }
}

async function upload(server: Server): Promise<string> {
  const reply = await server.call(server.ada, 'POST', '/api/uploads?name=victim.txt', 'content', {
    'content-type': 'text/plain',
  });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body.id;
}

/** A record of the object, made with the least it needs. */
async function victimOf(house: House, name: string, above: string[]): Promise<string> {
  const object = house.object(name);
  if (above.includes(name)) throw new Error(`${name} needs itself.`);
  for (const field of object.fields.values()) {
    const related = field.type.relation?.(field).to;
    if (!related || !needed(field)) continue;
    for (const to of related === '*' ? kindsOf(field) : [related])
      if (to !== name) house.victims[to] ??= await victimOf(house, to, [...above, name]);
  }
  const values = Object.fromEntries(
    Object.entries(inputOf(house, object)).filter(
      ([field]) =>
        needed(object.fields.get(field)!) ||
        field === object.spec.personal?.audience ||
        stated[name]?.[field] !== undefined,
    ),
  );
  // What nobody but its owner ever sees is attacked by its owner's key.
  const { owner, personal } = object.spec;
  if (owner && personal && !personal.audience) values[owner] = house.ada.id;
  return create(house.system, name, values).catch(async error => {
    const [known] = await rows(house.system, name, { limit: 1 });
    if (known) return known.id as string;
    throw error;
  });
}

/** What a link to records of any object may lead to. */
function kindsOf(field: Field): string[] {
  return (field.options.to as string[] | undefined) ?? ['company'];
}

function needed(field: Field): boolean {
  return (
    field.options.required === true && field.options.default === undefined && !field.options.defaultFirst
  );
}

let made = 0;

/** A value for every field that people write, each by the samples of its type; what must be unique is. */
export function inputOf(house: Pick<House, 'victims'>, object: ObjectModel): Input {
  const values: Input = {};
  let ends = 0;
  for (const field of object.fields.values()) {
    const { type, options } = field;
    if (field.system || options.readOnly || type.generated || type.storage.kind === 'computed') continue;
    // What stands between two records is not between one and itself.
    const end = field.type.relation?.(field)?.to === '*' ? ends++ : 0;
    const value = valueFor(house, field, end);
    if (value !== undefined) values[field.name] = value;
  }
  return values;
}

/** What no sample of a type can know. A view is checked against the list it is of; for everyone it can be attacked. */
const stated: Record<string, Record<string, Json>> = {
  role: { grants: { objects: { company: { read: 'own' } } } },
  home: { blocks: [{ kind: 'tasks', at: 'main' }], visibility: 'everyone' },
  layout: {
    object: 'company',
    head: ['name'],
    facts: [{ title: null, fields: ['name'] }],
    hidden: ['sector'],
    panels: [{ panel: 'deals', place: 'tab' }],
  },
  assignmentRule: { condition: { field: 'name', op: 'notEmpty' } },
  leadForm: { key: 'hostile', questions: [{ field: 'name' }], websites: 'https://hostile.example' },
  // One of both.
  target: { metric: 'dealsWon', view: null },
  view: {
    object: 'company',
    columns: [{ field: 'name' }],
    filter: { field: 'name', op: 'notEmpty' },
    sort: ['name'],
    group: 'name',
    visibility: 'everyone',
  },
};

function valueFor(house: Pick<House, 'victims'>, field: Field, end: number): Json | undefined {
  if (field.object in stated && field.name in stated[field.object]!) return stated[field.object]![field.name];
  const relation = field.type.relation?.(field);
  if (relation) {
    const kinds = kindsOf(field);
    const to = relation.to === '*' ? kinds[end % kinds.length]! : relation.to;
    const id = house.victims[to];
    if (!id) return undefined;
    const item: Json = relation.to === '*' ? { object: to, id } : id;
    return relation.many ? [item] : item;
  }
  const [choice] = (field.options.choices ?? []) as (string | { value: string })[];
  const chosen = typeof choice === 'object' ? choice.value : choice;
  const [first] = field.type.samples;
  if (chosen !== undefined) return Array.isArray(first?.value) ? [chosen] : chosen;
  const sample = first?.input as Json | undefined;
  if (!field.options.unique || typeof sample !== 'string') return sample;
  return sample.includes('@') ? `hostile${++made}@example.com` : `Hostile ${++made}`;
}

async function idsOf(server: Server) {
  const ordered = await server.call(
    server.ada,
    'POST',
    '/api/imports?object=company&name=bad.csv',
    'name,website\nGood,https://good.example\nBad,not a website\n',
    { 'content-type': 'text/csv' },
  );
  await finished(server, ordered);
  const sets = await server.call(server.ada, 'GET', '/api/change-sets');
  const { id: key } = await server.hire('Key Victim', 'reader');
  return { job: ordered.body.id, import: ordered.body.id, changeSet: sets.body.data[0].id, key };
}

/** Waits for the job that an answer names. */
export async function finished(server: Server, ordered: Reply, within = 60_000): Promise<Json> {
  if (ordered.status !== 202) throw new Error(ordered.text);
  return until(async () => {
    const { body } = await server.call(server.ada, 'GET', `/api/jobs/${ordered.body.id}`);
    return ['done', 'failed'].includes(body.state) ? body : null;
  }, within);
}

/** Brings back what an attack that was let through has moved to the trash. */
export async function revive(house: House) {
  // In one statement: it is done a thousand times.
  const victims = Object.entries(house.victims).map(([name, id], at) => {
    const table = sql.id(house.system.schema, house.object(name).table);
    return sql`${sql.id(`v${at}`)} as (update ${table} set deleted_at = null where id = ${id}::uuid and deleted_at is not null)`;
  });
  await house.db.run(sql`with ${sql.join(victims, sql`, `)} select 1`);
}

/** Rows of every table of the workspace and the installation, but for sessions and runs that nobody asked for: their hour may come any time. */
export async function counts(house: House, schemas = [house.system.schema, 'farley']): Promise<string> {
  const tables = await house.db.run<{ s: string; t: string }>(
    sql`select table_schema as s, table_name as t from information_schema.tables
      where table_schema = any(${schemas}::text[]) and table_type = 'BASE TABLE' and table_name not in ('session', 'rateLimit') order by 1, 2`,
  );
  const parts = tables.map(
    ({ s, t }) =>
      sql`select ${sql.lit(`${s}.${t}`)} as t, count(*) as n from ${sql.id(s, t)}${t === 'job_run' ? sql` where actor_id is not null` : sql``}`,
  );
  const counted = await house.db.run<{ t: string; n: number }>(sql.join(parts, sql` union all `));
  // Sorted here: a union read by several workers comes in any order.
  return counted
    .map(({ t, n }) => `${t} ${n}`)
    .sort()
    .join('\n');
}
