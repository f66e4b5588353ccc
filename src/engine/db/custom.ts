/**
 * Objects and fields made at run time. Each is a real table or column; adding one takes a lock for the blink of a
 * catalogue change and gives up rather than making writers queue behind it, then tries again.
 */
import { Type } from 'typebox';
import { asSystem } from '../access/actor.ts';
import { requireAdministrator, USER } from '../access/reach.ts';
import { compileInput } from '../api/validate.ts';
import type { Context } from '../context.ts';
import { FarleyError, Refusal } from '../errors.ts';
import type { Field, FieldOptions, FieldType } from '../field.ts';
import { camel, type Model, type ObjectModel, relationOf, reservedFields } from '../model.ts';
import { parseScopeOf } from '../records/draft.ts';
import { rows } from '../records/read.ts';
import { tableOf } from '../records/scope.ts';
import { type Sql, sql } from '../sql.ts';
import { type Declared, loadModel } from '../workspace.ts';
import type { Transaction } from './database.ts';
import { engineTables } from './migrations.ts';
import { planSchema } from './schema.ts';

const Name = Type.String({ pattern: '^[a-z][a-zA-Z0-9]{0,39}$', description: 'camelCase, a letter first.' });
const Words = Type.String({ minLength: 1, maxLength: 80 });

export const FieldBody = Type.Object(
  {
    name: Name,
    type: Type.String(),
    options: Type.Optional(
      Type.Object(
        {},
        { description: 'label, help, required, unique, default, group, and the options of the type.' },
      ),
    ),
  },
  { additionalProperties: false },
);

export const ObjectBody = Type.Object(
  {
    name: Name,
    label: Words,
    plural: Words,
    icon: Type.Optional(Type.String({ maxLength: 60 })),
    description: Type.Optional(Type.String({ maxLength: 500 })),
    group: Type.Optional(Words),
    title: Type.Optional(
      Type.String({ description: 'The field that names a record. Default: `name`, a text.' }),
    ),
    owner: Type.Optional(Type.String({ description: 'The user field that own and team in roles refer to.' })),
    fields: Type.Optional(Type.Array(FieldBody, { maxItems: 200 })),
  },
  { additionalProperties: false },
);

interface NewField {
  name: string;
  type: string;
  options?: FieldOptions;
}

interface NewObject {
  name: string;
  label: string;
  plural: string;
  icon?: string;
  description?: string;
  group?: string;
  title?: string;
  owner?: string;
  fields?: NewField[];
}

const readField = compileInput<NewField>(FieldBody);
const readObject = compileInput<NewObject>(ObjectBody);

/** Adds an object; answers the new model. Throws `forbidden`, `invalidInput`, `schemaConflict`. */
export async function addObject(
  ctx: Context,
  declared: Declared,
  input: unknown,
  takenPaths: Set<string>,
): Promise<Model> {
  requireAdministrator(ctx);
  const { fields = [], ...spec } = readObject(input);
  // A plural in another script leaves nothing for an address; then the name serves.
  const path = /^[a-z][a-zA-Z0-9]{1,60}$/.test(camel(spec.plural)) ? camel(spec.plural) : `${spec.name}List`;
  if (takenPaths.has(path))
    throw problem('/plural', `The address /api/${path} is used by Farley itself. Choose another plural.`);
  if (ctx.model.objects.has(spec.name) || ctx.model.paths.has(path))
    throw new FarleyError('schemaConflict', `There is an object called ${spec.name} or ${path} already.`);
  if (spec.title && !fields.some(field => field.name === spec.title))
    throw problem('/title', `\`title\` names one of the \`fields\`; there is none called ${spec.title}.`);
  const title = spec.title ?? 'name';
  const all = fields.some(field => field.name === title)
    ? fields
    : [{ name: title, type: 'text', options: { required: true } }, ...fields];
  return changeModel(ctx, declared, spec.name, async tx => {
    const kept = {
      path,
      label: spec.label,
      plural: spec.plural,
      icon: spec.icon ?? 'box',
      description: spec.description ?? '',
      title,
      group: spec.group ?? 'Custom',
      ...(spec.owner ? { owner: spec.owner } : {}),
    };
    await tx.run(
      sql`insert into ${tableOf(ctx.schema, 'custom_object')} (name, spec, by) values (${spec.name}, ${JSON.stringify(kept)}::jsonb, ${ctx.actor.userId}::uuid)`,
    );
    for (const field of all) await keepField(ctx, tx, spec.name, field);
  });
}

/** Adds a field to a declared or custom object; answers the new model. */
export async function addField(
  ctx: Context,
  declared: Declared,
  objectName: string,
  input: unknown,
): Promise<Model> {
  requireAdministrator(ctx);
  const field = readField(input);
  const object = ctx.model.objects.get(objectName);
  if (!object) throw new FarleyError('notFound', `There is no object called ${objectName}.`);
  if (object.fields.has(field.name) || object.inverses.has(field.name))
    throw new FarleyError('schemaConflict', `${object.spec.label} has a field called ${field.name} already.`);
  return changeModel(ctx, declared, objectName, tx => keepField(ctx, tx, objectName, field));
}

async function keepField(ctx: Context, tx: Transaction, object: string, field: NewField) {
  const type = ctx.model.types.get(field.type);
  if (!type)
    throw problem(
      '/type',
      `There is no field type ${field.type}. Known: ${[...ctx.model.types.keys()].join(', ')}.`,
    );
  // What every JavaScript object has would be found in records that have no such field.
  if (reservedFields.includes(field.name) || field.name in Object.prototype)
    throw problem('/name', `A field cannot be called ${field.name}.`);
  checkOptions(ctx, type, field);
  if (field.options?.required && !('default' in field.options) && ctx.model.objects.has(object)) {
    throw problem(
      '/options/required',
      'A field added to existing records can only be required if it has a default.',
    );
  }
  const table = tableOf(ctx.schema, 'custom_field');
  // One that was taken back has left its column, and there what records in the trash hold.
  const [former] = await tx.run<{ type: string }>(
    sql`delete from ${table} where object = ${object} and name = ${field.name} and undone_by is not null returning type`,
  );
  if (former && former.type !== field.type)
    throw new FarleyError(
      'schemaConflict',
      `There was a field ${field.name} of another type (${former.type}), which records in the trash may hold. Choose another name.`,
    );
  await tx.run(
    sql`insert into ${table} (object, name, type, options, by, set_id)
      values (${object}, ${field.name}, ${field.type}, ${JSON.stringify(field.options ?? {})}::jsonb, ${ctx.actor.userId}::uuid,
        ${ctx.changeSet ?? null}::uuid)`,
  );
}

/** A field that a change set made. */
export type MadeField = { object: string; name: string };

/** Fields that were made by a change set, those of the object together. */
export function fieldsMadeBy(ctx: Context, tx: Transaction, changeSet: string): Promise<MadeField[]> {
  return tx.run<MadeField>(
    sql`select object, name from ${tableOf(ctx.schema, 'custom_field')}
      where set_id = ${changeSet}::uuid and undone_by is null order by object, position`,
  );
}

/** Takes fields out of force that hold nothing in live records, and that no rule names. Answers those; the others stay. */
export async function unmakeFields(ctx: Context, tx: Transaction, made: MadeField[]): Promise<MadeField[]> {
  const empty: MadeField[] = [];
  for (const [name, fields] of Map.groupBy(made, each => each.object)) {
    const object = ctx.model.objects.get(name);
    if (!object) continue;
    const ruled = new Set(object.spec.duplicates?.flatMap(({ same }) => Object.keys(same)));
    const known = fields.flatMap(each => object.fields.get(each.name) ?? []);
    const filled = await filledOf(ctx, tx, object, known);
    empty.push(...fields.filter(each => !filled.has(each.name) && !ruled.has(each.name)));
  }
  await tx.run(
    sql`update ${tableOf(ctx.schema, 'custom_field')} f set undone_by = ${ctx.changeSet!}::uuid
      from json_to_recordset(${JSON.stringify(empty)}::json) as r(object text, name text) where f.object = r.object and f.name = r.name`,
  );
  return empty;
}

/** Puts fields in force again that a change set has taken out of it. Answers how many. */
export async function remakeFields(ctx: Context, tx: Transaction, changeSet: string): Promise<number> {
  const again = await tx.run(
    sql`update ${tableOf(ctx.schema, 'custom_field')} set undone_by = null where undone_by = ${changeSet}::uuid returning name`,
  );
  return again.length;
}

/** Those of the fields that live records have values in. One statement. */
async function filledOf(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  fields: Field[],
): Promise<Set<string>> {
  const held = fields.map(({ columns, table, name }) => {
    const some = table
      ? sql`exists (select from ${tableOf(ctx.schema, table)} i where i.owner_id = r.id)`
      : sql.join(
          columns.map(column => sql`r.${sql.id(column)} is not null`),
          sql` or `,
        );
    return sql`coalesce(bool_or(${columns.length > 0 || table ? some : sql`false`}), false) as ${sql.id(name)}`;
  });
  if (held.length === 0) return new Set();
  const [row] = await tx.run<Record<string, boolean>>(
    sql`select ${sql.join(held)} from ${tableOf(ctx.schema, object.table)} r where r.deleted_at is null`,
  );
  return new Set(Object.entries(row!).flatMap(([name, filled]) => (filled ? [name] : [])));
}

/** The model after definitions were changed, of the next version. Everything is read once: what a definition breaks fails now or never. */
export async function raisedModel(
  ctx: Context,
  tx: Transaction,
  declared: Declared,
  touched: string[],
): Promise<Model> {
  const [row] = await tx.run<{ model_version: number }>(
    sql`update farley.workspace set model_version = model_version + 1 where name = ${ctx.settings.name} returning model_version`,
  );
  const model = await loadModel(tx, declared, ctx.schema, row!.model_version);
  for (const object of touched) await tryOut({ ...ctx, model, tx }, object);
  return model;
}

/** Options that every type knows; those that are for code (`readOnly` and the like) are not for administrators to set. */
const GeneralOptions = Type.Object({
  label: Type.Optional(Words),
  help: Type.Optional(Type.String({ maxLength: 500 })),
  group: Type.Optional(Words),
  required: Type.Optional(Type.Boolean()),
  unique: Type.Optional(Type.Boolean()),
  hidden: Type.Optional(Type.Boolean()),
  index: Type.Optional(Type.Boolean()),
  searchable: Type.Optional(Type.Boolean()),
});
const readGeneral = compileInput<FieldOptions>(GeneralOptions);

/** A definition that would make every later write or read fail is refused here, with the reason. */
function checkOptions(ctx: Context, type: FieldType, field: NewField) {
  const { options = {} } = field;
  readGeneral(options);
  if (type.options) compileInput(type.options)(options);
  const { kind } = type.storage;
  if (options.unique && kind !== 'columns')
    throw problem('/options/unique', `${type.label} cannot be unique.`);
  if (options.required && (kind === 'computed' || type.generated))
    throw problem('/options/required', `${type.label} is not filled in by people.`);
  if (options.default === undefined || options.default === null) return;
  if (kind === 'computed' || type.generated)
    throw problem('/options/default', `${type.label} has no default.`);
  const placed: Field = {
    name: field.name,
    object: '',
    label: field.name,
    type,
    options,
    columns: [],
    system: false,
    custom: true,
  };
  const value = type.parse(options.default, placed, parseScopeOf(ctx));
  if (value instanceof Refusal) throw problem('/options/default', value.message);
  options.default = value;
}

/** PostgreSQL cuts longer names off in silence. */
const longestName = 50;

/** Two things that would share a table or a column, or stand in a table of the engine, would ruin each other. */
function refuseClashes(model: Model) {
  const tables = new Set(engineTables);
  const take = (table: string, what: string) => {
    if (table.length > longestName) throw problem('/name', `The name of ${what} is too long.`);
    if (tables.has(table))
      throw problem('/name', `${what} cannot be kept: Farley uses the name ${table} already.`);
    tables.add(table);
  };
  for (const object of model.objects.values()) take(object.table, object.name);
  for (const object of model.objects.values()) {
    const columns = new Set<string>();
    for (const field of object.fields.values()) {
      if (field.table) take(field.table, `${object.name}.${field.name}`);
      for (const column of field.columns) {
        if (column.length > longestName)
          throw problem('/name', `The name of ${object.name}.${field.name} is too long.`);
        if (columns.has(column))
          throw problem(
            '/name',
            `${object.name}.${field.name} cannot be kept: the column ${column} belongs to another field.`,
          );
        columns.add(column);
      }
    }
  }
}

/** `own` and `team` in roles compare the owner with users. */
function requireOwner({ spec, fields, custom }: ObjectModel) {
  const field = spec.owner === undefined ? undefined : fields.get(spec.owner);
  const relation = field && relationOf(field);
  if (!custom || spec.owner === undefined) return;
  if (!field || relation?.to !== USER || relation.many || field.table)
    throw problem('/owner', '`owner` names one of the `fields`, one that holds a user.');
}

/** Reads a record as people will: what a definition leads to when it is used (a formula, a roll-up) fails now or never. */
async function tryOut(ctx: Context, object: string) {
  try {
    await ctx.tx!.run(sql`savepoint try_out`);
    await rows(asSystem(ctx, 'trying out a definition'), object, { limit: 1 });
    await ctx.tx!.run(sql`release savepoint try_out`);
  } catch (error) {
    throw error instanceof FarleyError && error.status >= 500
      ? error
      : problem('/options', (error as Error).message);
  }
}

/** Writes the definition, brings tables up to date and raises the model's version, all or nothing. */
async function changeModel(
  ctx: Context,
  declared: Declared,
  touched: string,
  change: (tx: Transaction) => Promise<void>,
): Promise<Model> {
  const afterwards: Sql[] = [];
  const model = await changing(ctx, async tx => {
    afterwards.length = 0;
    await change(tx);
    const [row] = await tx.run<{ model_version: number }>(
      sql`update farley.workspace set model_version = model_version + 1 where name = ${ctx.settings.name} returning model_version`,
    );
    const next = await loadModel(tx, declared, ctx.schema, row!.model_version).catch(error => {
      throw error instanceof FarleyError ? error : problem('', (error as Error).message);
    });
    refuseClashes(next);
    requireOwner(next.objects.get(touched)!);
    for (const { statement, online } of await planSchema(tx, ctx.schema, next)) {
      const now = online ? online.now : statement;
      if (now) await tx.run(now);
      if (online) afterwards.push(online.after);
    }
    await tryOut({ ...ctx, model: next, tx }, touched);
    return next;
  });
  // Scans of big tables: outside the transaction, so that nobody waits. A start after a crash makes what is missing.
  for (const statement of afterwards) await ctx.db.for('upkeep').run(statement);
  return model;
}

/** A transaction that changes tables in use. It gives up its place in the queue for a lock rather than hold up writers behind it. */
async function changing(ctx: Context, work: (tx: Transaction) => Promise<Model>): Promise<Model> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ctx.db.for('upkeep').transaction(async tx => {
        await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`farley ${ctx.schema}`}, 0))`);
        await tx.run(sql`set local lock_timeout = '200ms'`);
        return work(tx);
      });
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code === '23505') throw new FarleyError('schemaConflict');
      if (code !== '55P03' || attempt === 50) throw error;
      await new Promise(resolve => setTimeout(resolve, 20 + Math.random() * 100));
    }
  }
}

function problem(pointer: string, message: string): FarleyError {
  return new FarleyError('invalidInput', message, {
    problems: [{ pointer, code: 'invalidDefinition', message }],
  });
}
