/** Writes a set so that no record can spoil it for the others. */
import type { Context } from '../context.ts';
import { FarleyError, type Problem } from '../errors.ts';
import type { ObjectModel } from '../model.ts';
import { type ItemResult, type Operation, write } from '../records/write.ts';

/** What concerns the import as a whole: trying the halves would not help, or might write what was written already. */
const hopeless = new Set([
  'forbidden',
  'notFound',
  'databaseUnavailable',
  'unconfirmed',
  'diskFull',
  'overloaded',
  'unauthenticated',
]);

/** One result per operation. A set that the database refuses is halved until the record at fault stands alone. */
export async function writeEach(
  ctx: Context,
  object: string,
  operations: Operation[],
): Promise<ItemResult[]> {
  if (operations.length === 0) return [];
  try {
    return await guarded(ctx, async () => (await write(ctx, object, operations, { perItem: true })).results);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (error instanceof FarleyError && hopeless.has(error.code)) throw error;
    // A defect of the program has no code; it must be seen, not reported as a bad row.
    if (code === undefined) throw error;
    // The transaction begins again as a whole.
    if (ctx.tx && code === '40P01') throw error;
    if (operations.length === 1) return [refused(operations[0]!, message)];
    const middle = operations.length >> 1;
    const first = await writeEach(ctx, object, operations.slice(0, middle));
    return [...first, ...(await writeEach(ctx, object, operations.slice(middle)))];
  }
}

/**
 * As `writeEach`; a record that was refused for malformed values alone, none of which is needed, comes without them, and `tell`
 * hears of each. One write more, if there are such records.
 */
export async function writeReadable(
  ctx: Context,
  object: ObjectModel,
  operations: Operation[],
  tell: (operation: Operation, message: string) => void,
): Promise<ItemResult[]> {
  const results = await writeEach(ctx, object.name, operations);
  const malformed = ({ code, pointer }: Problem) => {
    const field = object.fields.get(pointer.slice(1));
    return code === 'badFormat' && field !== undefined && !field.options.required;
  };
  const again = results.flatMap(({ kind, problems }, index) => {
    const operation = operations[index]!;
    if (kind !== 'refused' || problems.length === 0 || !problems.every(malformed)) return [];
    if (operation.op !== 'create' && operation.op !== 'update') return [];
    const values = { ...operation.values };
    for (const { pointer } of problems) delete values[pointer.slice(1)];
    return [{ index, problems, operation: { ...operation, values } as Operation }];
  });
  const written = await writeEach(
    ctx,
    object.name,
    again.map(({ operation }) => operation),
  );
  for (const [at, { index, problems }] of again.entries()) {
    results[index] = written[at]!;
    if (written[at]!.kind === 'refused') continue;
    for (const { message } of problems) tell(operations[index]!, message);
  }
  return results;
}

/** Inside a transaction (a dry run) a refused statement must not end the transaction. */
async function guarded<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  if (!ctx.tx) return work();
  const { client } = ctx.tx;
  await client.query('savepoint import_set');
  try {
    const result = await work();
    await client.query('release savepoint import_set');
    return result;
  } catch (error) {
    await client.query('rollback to savepoint import_set');
    throw error;
  }
}

function refused(operation: Operation, message: string): ItemResult {
  const id = operation.op === 'create' ? '' : operation.id;
  return { kind: 'refused', id, version: 0, problems: [{ pointer: '', code: 'refused', message }] };
}
