/**
 * Objects and fields made at run time. Each is a real table or column; adding one takes a lock for the blink of a
 * catalogue change and gives up rather than making writers queue behind it, then tries again.
 */
import { Type } from 'typebox';
import { requireAdministrator } from '../access/reach.ts';
import { compileInput } from '../api/validate.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { FieldOptions } from '../field.ts';
import { camel, type Model, reservedFields } from '../model.ts';
import { tableOf } from '../records/scope.ts';
import { sql } from '../sql.ts';
import { type Declared, loadModel } from '../workspace.ts';
import type { Transaction } from './database.ts';
import { planSchema } from './schema.ts';

const Name = Type.String({ pattern: '^[a-z][a-zA-Z0-9]{0,39}$', description: 'camelCase, a letter first.' });
const Words = Type.String({ minLength: 1, maxLength: 80 });

export const FieldBody = Type.Object(
  {
    name: Name,
    type: Type.String(),
    options: Type.Optional(Type.Object({}, { description: 'label, help, required, unique, default, group, and the options of the type.' })),
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
    title: Type.Optional(Type.String({ description: 'The field that names a record. Default: `name`, a text.' })),
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
export async function addObject(ctx: Context, declared: Declared, input: unknown): Promise<Model> {
  requireAdministrator(ctx);
  const { fields = [], ...spec } = readObject(input);
  const path = camel(spec.plural);
  if (ctx.model.objects.has(spec.name) || ctx.model.paths.has(path)) throw new FarleyError('schemaConflict', `There is an object called ${spec.name} or ${path} already.`);
  const title = spec.title ?? 'name';
  const all = fields.some(field => field.name === title) ? fields : [{ name: title, type: 'text', options: { required: true } }, ...fields];
  return changeModel(ctx, declared, async tx => {
    const kept = { label: spec.label, plural: spec.plural, icon: spec.icon ?? 'box', description: spec.description ?? '', title, group: spec.group ?? 'Custom', ...(spec.owner ? { owner: spec.owner } : {}) };
    await tx.run(sql`insert into ${tableOf(ctx.schema, 'custom_object')} (name, spec, by) values (${spec.name}, ${JSON.stringify(kept)}::jsonb, ${ctx.actor.userId}::uuid)`);
    for (const field of all) await keepField(ctx, tx, spec.name, field);
  });
}

/** Adds a field to a declared or custom object; answers the new model. */
export async function addField(ctx: Context, declared: Declared, objectName: string, input: unknown): Promise<Model> {
  requireAdministrator(ctx);
  const field = readField(input);
  const object = ctx.model.objects.get(objectName);
  if (!object) throw new FarleyError('notFound', `There is no object called ${objectName}.`);
  if (object.fields.has(field.name) || object.inverses.has(field.name)) throw new FarleyError('schemaConflict', `${object.spec.label} has a field called ${field.name} already.`);
  return changeModel(ctx, declared, tx => keepField(ctx, tx, objectName, field));
}

async function keepField(ctx: Context, tx: Transaction, object: string, field: NewField) {
  const type = ctx.model.types.get(field.type);
  if (!type) throw problem('/type', `There is no field type ${field.type}. Known: ${[...ctx.model.types.keys()].join(', ')}.`);
  if (reservedFields.includes(field.name)) throw problem('/name', `A field cannot be called ${field.name}.`);
  if (type.options) compileInput(type.options)(field.options ?? {});
  if (field.options?.required && !('default' in field.options) && ctx.model.objects.has(object)) {
    throw problem('/options/required', 'A field added to existing records can only be required if it has a default.');
  }
  await tx.run(
    sql`insert into ${tableOf(ctx.schema, 'custom_field')} (object, name, type, options, by)
      values (${object}, ${field.name}, ${field.type}, ${JSON.stringify(field.options ?? {})}::jsonb, ${ctx.actor.userId}::uuid)`,
  );
}

/** Writes the definition, brings tables up to date and raises the model's version, all or nothing. */
async function changeModel(ctx: Context, declared: Declared, change: (tx: Transaction) => Promise<void>): Promise<Model> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ctx.db.transaction(async tx => {
        await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`farley ${ctx.schema}`}, 0))`);
        await tx.run(sql`set local lock_timeout = '200ms'`);
        await change(tx);
        const [row] = await tx.run<{ model_version: number }>(
          sql`update farley.workspace set model_version = model_version + 1 where name = ${ctx.settings.name} returning model_version`,
        );
        const model = await loadModel(tx, declared, ctx.schema, row!.model_version).catch(error => {
          throw error instanceof FarleyError ? error : problem('', (error as Error).message);
        });
        for (const step of await planSchema(tx, ctx.schema, model)) await tx.run(step.statement);
        return model;
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
  return new FarleyError('invalidInput', message, { problems: [{ pointer, code: 'invalidDefinition', message }] });
}

