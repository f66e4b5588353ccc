/** Promises that were found in what people write: proposed, until someone makes a task of them or says that they are none. */
import { Type } from 'typebox';
import {
  type Context,
  create,
  defineObject,
  defineVerb,
  defineWatch,
  FarleyError,
  find,
  type Operation,
  rows,
  update,
  type Values,
  write,
} from '../../../engine/index.ts';
import {
  choice,
  date,
  link,
  type Related,
  relatedToAny,
  relatedToMany,
  text,
  user,
} from '../../../fields/index.ts';
import { promisesIn } from './promises.ts';

const proposed = { field: 'status', op: 'is', value: 'proposed' } as const;

export const Promised = defineObject('promise', {
  label: 'Promise',
  plural: 'Promises',
  icon: 'checkbox',
  description: 'What someone said they would do, found in a note, a call or a meeting.',
  title: 'text',
  owner: 'owner',
  listed: false,
  fields: {
    text: text({ required: true }),
    due: date({ help: 'The day that was named.' }),
    by: choice({
      choices: [
        { value: 'us', label: 'By us' },
        { value: 'them', label: 'By them' },
      ],
      default: 'us',
      label: 'Promised',
    }),
    status: choice({ choices: ['proposed', 'accepted', 'dismissed'], default: 'proposed', readOnly: true }),
    owner: user({ inverse: 'promises' }),
    about: relatedToMany({ label: 'About' }),
    foundIn: relatedToAny({ readOnly: true, label: 'Found in' }),
    task: link('task', { readOnly: true, inverse: 'promises' }),
  },
  list: { columns: ['text', 'due', 'by', 'status', 'owner', 'about'], sort: ['due', '-createdAt'] },
  highlights: ['due', 'by', 'status', 'owner'],
  attention: [{ name: 'proposed', label: 'Found in what you wrote', when: proposed }],
});

export const acceptPromise = defineVerb(Promised, {
  name: 'accept',
  label: 'Make a task',
  icon: 'checkbox',
  description: 'Makes a task of the promise, due on the day that was named.',
  input: Type.Object({ due: Type.Optional(Type.String({ format: 'date', title: 'Due' })) }),
  allow: { field: 'status', is: ['proposed'] },
  event: { sentence: '{actor} made a task of a promise: {text}', icon: 'checkbox' },
  run: async (ctx, id, input) => {
    const promise = await find(ctx, 'promise', id);
    const due = input.due ?? (promise.due as string | null);
    const task = await create(ctx, 'task', {
      subject: promise.text!,
      // Until the end of that day, wherever it is read.
      dueAt: due ? `${due}T17:00:00.000Z` : null,
      owner: (promise.owner as { id: string } | null)?.id ?? ctx.actor.userId,
      about: ((promise.about as Related[] | null) ?? []).map(({ object, id: other }) => ({
        object,
        id: other,
      })),
    });
    await update(ctx, 'promise', id, { status: 'accepted', task });
    return { events: { [id]: { text: promise.text! } }, result: { task } };
  },
});

export const dismissPromise = defineVerb(Promised, {
  name: 'dismiss',
  label: 'Not a promise',
  icon: 'x',
  description: 'Says that nothing was promised here. It is not proposed again.',
  input: Type.Object({}),
  allow: { field: 'status', is: ['proposed'] },
  event: { sentence: '{actor} put a promise aside: {text}', icon: 'x' },
  run: async (ctx, id) => {
    const { text: said } = await find(ctx, 'promise', id, { fields: ['text'] });
    if (!said) throw new FarleyError('notFound');
    await update(ctx, 'promise', id, { status: 'dismissed' });
    return { events: { [id]: { text: said } }, result: { id } };
  },
});

/** Where people write what was said, and the field in which. */
const written: Record<string, string> = { note: 'body', call: 'notes', meeting: 'notes' };
/** Users are named by their ids in notes; a sentence shows the name. */
const mention = /\[@([^\]\n]*)\]\(user:[^)]*\)/g;

/** Looks through what was written anew; what is not said any more and nobody has decided about goes again. */
export async function proposePromises(ctx: Context, object: string, ids: string[]) {
  const field = written[object]!;
  if (ids.length === 0) return;
  const texts = await rows(ctx, object, {
    filter: { field: 'id', op: 'isAnyOf', value: ids },
    fields: [field, 'about', 'owner', 'createdAt'],
    limit: ids.length,
  });
  const known = await rows(ctx, 'promise', {
    filter: { field: 'foundIn', op: 'isAnyOf', value: ids.map(id => ({ object, id })) },
    fields: ['text', 'status', 'foundIn'],
    limit: 1_000,
  });
  const keyOf = (id: string, said: string) => `${id} ${said}`;
  const there = new Map(known.map(row => [keyOf((row.foundIn as Related).id, row.text as string), row]));
  const operations: Operation[] = [];
  for (const row of texts) {
    const said = ((row[field] as string | null) ?? '').replace(mention, '@$1');
    for (const found of promisesIn(said, (row.createdAt as string).slice(0, 10))) {
      const key = keyOf(row.id as string, found.text);
      if (!there.delete(key)) operations.push({ op: 'create', values: proposal(object, row, found) });
    }
  }
  for (const [, row] of there)
    if (row.status === 'proposed') operations.push({ op: 'delete', id: row.id as string });
  await write(ctx, 'promise', operations, { trusted: true });
}

function proposal(object: string, row: Values, found: ReturnType<typeof promisesIn>[number]) {
  const about = ((row.about as Related[] | null) ?? []).map(each => ({ object: each.object, id: each.id }));
  const owner = (row.owner as { id: string } | null)?.id ?? null;
  return { ...found, owner, about, foundIn: { object, id: row.id as string } };
}

export const findPromises = defineWatch('promises', {
  label: 'Promises in what people write',
  run: async (ctx, changes) => {
    for (const [object, field] of Object.entries(written)) {
      const told = changes.filter(each => each.object === object && each.fields[field]);
      await proposePromises(ctx, object, [...new Set(told.map(({ id }) => id))]);
    }
  },
});
