/** Who is to be told of what changed: who was named, who was given something, and who follows it. */
import {
  allRows,
  type Context,
  defineWatch,
  type Json,
  type ObjectModel,
  type Values,
  type WatchedChange,
  write,
} from '../../engine/index.ts';
import { deliver, type Notice } from './deliver.ts';

/** A change with the object it is of. */
type Of = WatchedChange & { model: ObjectModel };

export const telling = defineWatch('notifications', {
  label: 'Notifications',
  run: async (ctx, changes, skipped) => {
    const known = changes.flatMap(change => {
      const model = ctx.model.objects.get(change.object);
      // What is personal concerns nobody else, and set-up is no one's work.
      return model && !model.spec.personal && !model.spec.setup ? [{ ...change, model }] : [];
    });
    await takeBack(ctx, changes);
    const news = known.filter(({ undoes }) => undoes === null);
    const said = await saidIn(ctx, news);
    const direct = [...news.flatMap(assignments), ...news.flatMap(invitations), ...said.flatMap(mentionsIn)];
    const followed = await toFollowers(ctx, [...news.flatMap(moves), ...said.flatMap(commentsIn)]);
    // Who is named or given something is not told of the same once more as a follower.
    const told = new Set(direct.map(({ to, changeSet }) => `${to} ${changeSet}`));
    const others = followed.filter(({ to, changeSet }) => !told.has(`${to} ${changeSet}`));
    await deliver(
      ctx,
      [...direct, ...others].filter(({ to, actor }) => to !== actor),
      skipped,
    );
  },
});

/** What was taken back is no news any more. */
async function takeBack(ctx: Context, changes: WatchedChange[]) {
  const acts = [...new Set(changes.flatMap(({ undoes }) => undoes ?? []))];
  if (acts.length === 0) return;
  const gone = await allRows(ctx, 'notification', {
    filter: { field: 'changeSet', op: 'isAnyOf', value: acts },
    fields: [],
  });
  if (gone.length > 0)
    await write(
      ctx,
      'notification',
      gone.map(({ id }) => ({ op: 'delete', id: id as string })),
    );
}

function noticeOf(change: Of, kind: string, to: string): Notice {
  const { object, id, actor, at, changeSet } = change;
  return { to, kind, object, id, source: null, actor, at, changeSet };
}

/** Someone else made it theirs. */
function assignments(change: Of): Notice[] {
  const { owner } = change.model.spec;
  const [before, after] = (owner && change.fields[owner]) || [null, null];
  if (typeof after !== 'string' || after === before || change.kind === 'deleted') return [];
  return [noticeOf(change, 'assignment', after)];
}

/** They are asked to be there. Of a series, once: each that becomes a record is no new invitation. */
function invitations(change: Of): Notice[] {
  const { guests } = change.model.spec;
  const [before, after] = (guests && change.fields[guests.users]) || [null, null];
  const [, series] = change.fields.series ?? [null, null];
  const again = change.kind === 'created' && series !== null && series !== change.id;
  if (again || guests?.invites === false || change.kind === 'deleted') return [];
  const known = idsOf(before);
  return idsOf(after)
    .filter(id => !known.includes(id))
    .map(to => noticeOf(change, 'invitation', to));
}

/** It went on: to another column of the board. */
function moves(change: Of): Notice[] {
  const by = change.model.spec.board?.by;
  return change.kind === 'updated' && by && change.fields[by] ? [noticeOf(change, 'move', '')] : [];
}

/** Something that was said, about what, in answer to what. */
interface Said {
  change: Of;
  about: { object: string; id: string }[];
  replyTo: string | null;
  mentions: string[];
  /** Who has spoken in the thread. */
  speakers: string[];
}

const idsOf = (value: Json | undefined): string[] =>
  ((value as { id: string }[] | null | undefined) ?? []).map(({ id }) => id);

/** What was said or changed in what was said, with what it is about now. */
async function saidIn(ctx: Context, changes: Of[]): Promise<Said[]> {
  const comments = changes.filter(
    ({ model, kind, fields }) =>
      model.spec.timeline?.replyTo &&
      (kind === 'created' || (kind === 'updated' && fields[model.spec.timeline.mentions ?? ''])),
  );
  const said: Said[] = [];
  for (const [object, some] of Map.groupBy(comments, ({ object: name }) => name))
    said.push(...(await saidOf(ctx, object, some)));
  return said;
}

async function saidOf(ctx: Context, object: string, changes: Of[]): Promise<Said[]> {
  const { timeline, owner = 'createdBy' } = changes[0]!.model.spec;
  const { about, replyTo, mentions = '' } = timeline!;
  const read = (filter: object, fields: string[]) =>
    allRows(ctx, object, { filter: filter as never, fields });
  const ids = changes.map(({ id }) => id);
  const found = await read({ field: 'id', op: 'isAnyOf', value: ids }, [about, replyTo!, owner]);
  const records = new Map(found.map(row => [row.id as string, row]));
  const threads = found.flatMap(row => idOf(row[replyTo!]) ?? []);
  const thread =
    threads.length === 0
      ? []
      : await read(
          {
            or: [
              { field: 'id', op: 'isAnyOf', value: threads },
              { field: replyTo, op: 'isAnyOf', value: threads },
            ],
          },
          [replyTo!, owner],
        );
  return changes.flatMap(change => {
    const row = records.get(change.id);
    if (!row) return [];
    const first = idOf(row[replyTo!]);
    const [before, after] = change.fields[mentions] ?? [null, null];
    const named = idsOf(before);
    return [
      {
        change,
        about: ((row[about] as Said['about'] | null) ?? []).map(({ object: of, id }) => ({ object: of, id })),
        replyTo: first,
        mentions: idsOf(after).filter(id => !named.includes(id)),
        speakers: first ? speakersOf(thread, first, replyTo!, owner) : [],
      },
    ];
  });
}

function idOf(value: Json | undefined): string | null {
  return (value as { id: string } | null | undefined)?.id ?? null;
}

function speakersOf(thread: Values[], first: string, replyTo: string, owner: string): string[] {
  const mine = thread.filter(row => row.id === first || idOf(row[replyTo]) === first);
  return [...new Set(mine.flatMap(row => idOf(row[owner]) ?? []))];
}

/** Told with the record that it is about, where there is one. */
function noticeOfSaid({ change, about }: Said, kind: string, to: string): Notice {
  const [first] = about;
  const source = { object: change.object, id: change.id };
  return { ...noticeOf(change, kind, to), ...(first ?? source), source: first ? source : null };
}

function mentionsIn(said: Said): Notice[] {
  return said.mentions.map(to => noticeOfSaid(said, 'mention', to));
}

/** To those who speak in the thread, and for those who follow what it is about. */
function commentsIn(said: Said): Notice[] {
  if (said.change.kind !== 'created') return [];
  const source = { object: said.change.object, id: said.change.id };
  return [
    ...said.speakers.map(to => noticeOfSaid(said, 'comment', to)),
    ...said.about.map(record => ({ ...noticeOfSaid(said, 'comment', ''), ...record, source })),
  ];
}

/** Notices that name nobody go to everyone who follows their record. */
async function toFollowers(ctx: Context, notices: Notice[]): Promise<Notice[]> {
  const open = notices.filter(({ to }) => to === '');
  if (open.length === 0) return notices;
  const followers = await followersOf(ctx, open);
  const told = notices.flatMap(notice =>
    notice.to === '' ? [...(followers.get(notice.id) ?? [])].map(to => ({ ...notice, to })) : [notice],
  );
  return [...new Map(told.map(notice => [`${notice.to} ${notice.changeSet} ${notice.id}`, notice])).values()];
}

/** Owners and makers follow, unless they said otherwise; others where they said so. */
async function followersOf(
  ctx: Context,
  records: { object: string; id: string }[],
): Promise<Map<string, Set<string>>> {
  const followers = new Map<string, Set<string>>();
  for (const [object, some] of Map.groupBy(records, record => record.object)) {
    const { owner } = ctx.model.objects.get(object)!.spec;
    const own = await allRows(ctx, object, {
      filter: { field: 'id', op: 'isAnyOf', value: [...new Set(some.map(({ id }) => id))] },
      fields: ['createdBy', ...(owner ? [owner] : [])],
    });
    for (const row of own) {
      const people = [idOf(row.createdBy), owner ? idOf(row[owner]) : null].filter(id => id !== null);
      followers.set(row.id as string, new Set(people));
    }
  }
  const value = [...new Map(records.map(({ object, id }) => [id, { object, id }])).values()];
  const stated = await allRows(ctx, 'follow', {
    filter: { field: 'record', op: 'isAnyOf', value },
    fields: ['record', 'following', 'owner'],
  });
  for (const { record, following, owner } of stated) {
    const people = followers.get(idOf(record)!);
    if (following) people?.add(idOf(owner)!);
    else people?.delete(idOf(owner)!);
  }
  return followers;
}
