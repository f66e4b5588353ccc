/** Who would not be told of something although they are named in it: they cannot see it, or not what it is about. */
import { Type } from 'typebox';
import { actorOf, type Context, create, defineReport, FarleyError, newId, rows } from '../../engine/index.ts';

const Question = Type.Object({
  kind: Type.String({ description: 'What is being written: the name of an activity, such as `note`.' }),
  object: Type.String({ description: 'What it is about.' }),
  id: Type.String({ format: 'uuid' }),
  users: Type.Array(Type.String({ format: 'uuid' }), { maxItems: 50, description: 'Who is named in it.' }),
});

/** Ends the transaction, so that nothing is left of the trial. */
class Enough extends Error {}

export const unreached = defineReport('unreached', {
  label: 'Who cannot see it',
  description: 'Which of the people named in a note would not be told, because they could not see it.',
  input: Question,
  answer: Type.Object({ users: Type.Array(Type.String()) }),
  run: async (ctx, { kind, object, id, users }) => {
    const { timeline } = ctx.model.objects.get(kind)?.spec ?? {};
    if (!timeline?.mentions || !ctx.model.objects.has(object))
      throw new FarleyError('invalidInput', `There is nothing that is called ${kind}, or ${object}.`);
    // Asked about what someone cannot see, the answer would tell that it is there.
    const seen = await rows(ctx, object, { filter: { field: 'id', op: 'is', value: id }, fields: [] });
    if (seen.length === 0) throw new FarleyError('notFound');
    const found: string[] = [];
    const trial = async (inside: Context) => {
      // Who sees it follows from rights and rules: it is written on trial and looked at by each of them.
      const written = await create(inside, kind, { body: '…', [timeline.about]: [{ object, id }] });
      for (const user of users)
        if (
          !(await sees(inside, user, [
            { object, id },
            { object: kind, id: written },
          ]))
        )
          found.push(user);
      throw new Enough();
    };
    await ctx.db
      .transaction(tx => trial({ ...ctx, tx, changeSet: newId() }))
      .catch(error => {
        if (!(error instanceof Enough)) throw error;
      });
    return { users: found };
  },
});

async function sees(ctx: Context, user: string, records: { object: string; id: string }[]): Promise<boolean> {
  const actor = await actorOf(ctx.db, ctx.schema, user, 'person');
  if (!actor) return false;
  for (const { object, id } of records) {
    const filter = { field: 'id', op: 'is', value: id };
    const found = await rows({ ...ctx, actor }, object, { filter, fields: [] }).catch(() => []);
    if (found.length === 0) return false;
  }
  return true;
}
