/** Sending what is due: a watch takes the notifications, a job hands them over, a link in each letter stops the next. */
import {
  type Context,
  defineJob,
  defineLink,
  defineWatch,
  find,
  type JobSpec,
  type Json,
  rows,
  speechOf,
  sql,
  tableOf,
  update,
  type Values,
  write,
} from '../../engine/index.ts';
import { kinds as allKinds, letterOf, linesFor, readerOf } from './letters.ts';
import { paceOf } from './sending.ts';

/** Notifications taken at a time. */
const most = 2_000;
/** What was due longer ago is not mailed any more: no mail server was set up, or Farley stood still. Days. */
const lateBy = 7;

/** Makes a sending for everyone of whom something is due. */
export const mailing = defineWatch('mail', {
  label: 'E-mails about notifications',
  every: 60,
  run: async ctx => {
    if (!ctx.outside?.mail) return;
    const now = ctx.clock.now();
    const since = new Date(now.getTime() - lateBy * 86_400_000).toISOString();
    const due = await ctx.tx.run<{ id: string; owner: string }>(
      sql`select id, owner_id as owner from ${tableOf(ctx.schema, 'notification')}
        where mail_at between ${since}::timestamptz and ${now.toISOString()}::timestamptz and read_at is null
          and snoozed_until is null and deleted_at is null order by mail_at limit ${most}`,
    );
    if (due.length === 0) return;
    const taken = due.map(({ id }) => ({ op: 'update' as const, id, values: { mailAt: null } }));
    await write(ctx, 'notification', taken, { trusted: true });
    const letters = [...Map.groupBy(due, ({ owner }) => owner)].map(([owner, all]) => ({
      op: 'create' as const,
      values: { way: 'mail', state: 'due', owner, notices: all.map(({ id }) => id) },
    }));
    await write(ctx, 'sending', letters, { trusted: true });
  },
});

/** A sending for each of those told who have a browser that wants to know. */
export async function pushTo(ctx: Context, told: { id: string; owner: string }[]) {
  if (told.length === 0 || !ctx.outside) return;
  const owners = [...new Set(told.map(({ owner }) => owner))];
  const devices = await rows(ctx, 'device', {
    filter: { field: 'owner', op: 'isAnyOf', value: owners },
    fields: ['owner'],
    limit: 1_000,
  });
  const having = new Set(devices.map(({ owner }) => (owner as { id: string }).id));
  const wanted = Map.groupBy(
    told.filter(({ owner }) => having.has(owner)),
    ({ owner }) => owner,
  );
  const operations = [...wanted].map(([owner, all]) => ({
    op: 'create' as const,
    values: { way: 'push', state: 'due', owner, notices: all.map(({ id }) => id) },
  }));
  if (operations.length > 0) await write(ctx, 'sending', operations, { trusted: true });
}

/**
 * Sends one. That it is being sent is written down before: one that was broken off right then may have gone out or not, and
 * is not sent again. One that was refused is.
 */
export const send: JobSpec = defineJob('send', {
  label: 'E-mails and messages',
  run: async (ctx, payload, report) => {
    const id = payload.sending as string;
    const sending = await find(ctx, 'sending', id);
    if (sending.state === 'sending') {
      await put(ctx, id, { state: 'unknown' });
      return report.skipped(
        `sending ${id}`,
        'It was broken off while it was sent; nobody knows whether it went out.',
      );
    }
    if (sending.state !== 'due' && sending.state !== 'failed') return;
    await put(ctx, id, { state: 'sending', error: null });
    try {
      const told = await (sending.way === 'mail' ? mail(ctx, sending) : push(ctx, sending, report));
      await put(
        ctx,
        id,
        told ? { state: 'sent', ...told, sentAt: ctx.clock.now().toISOString() } : { state: 'nothing' },
      );
      if (told) report.done(1);
    } catch (error) {
      await put(ctx, id, { state: 'failed', error: (error as Error).message.slice(0, 500) });
      throw error;
    }
  },
});

function put(ctx: Context, id: string, values: Values) {
  return update({ ...ctx, changeSet: undefined as never }, 'sending', id, values, { trusted: true });
}

type Told = { told: number; subject: string } | null;

async function mail(ctx: Context, sending: Values): Promise<Told> {
  const { mail: mailer, link } = ctx.outside ?? {};
  if (!mailer || !link) throw new Error('No mail server is set up.');
  const owner = (sending.owner as { id: string }).id;
  const [user] = await rows(ctx, 'user', {
    filter: { field: 'id', op: 'is', value: owner },
    fields: ['email', 'active', 'mailed'],
  });
  if (!user?.email || user.active !== true) return null;
  const reader = await readerOf(ctx, owner);
  if (!reader) return null;
  const all = await linesFor(ctx, reader, sending.notices as string[]);
  const lines = all.filter(({ kind }) => paceOf(user.mailed, kind) !== 'never');
  if (lines.length === 0) return null;
  const stop = (kind: string) =>
    link({ workspace: ctx.settings.name, link: 'unsubscribe', payload: { user: owner, kind } });
  const letter = letterOf(ctx.outside!, reader.speech, ctx.settings.label, lines, stop);
  await mailer.send({
    ...letter,
    to: user.email as string,
    id: sending.id as string,
    headers: {
      'List-Unsubscribe': `<${stop('*')}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
    },
  });
  return { told: lines.length, subject: letter.subject };
}

/** To all browsers of its owner. Where one of several fails, only those that were not reached are tried again. */
async function push(ctx: Context, sending: Values, report: Parameters<JobSpec['run']>[2]): Promise<Told> {
  const owner = (sending.owner as { id: string }).id;
  const reader = await readerOf(ctx, owner);
  const lines = reader ? await linesFor(ctx, reader, sending.notices as string[]) : [];
  const [first] = lines;
  if (!reader || !first || !ctx.outside) return null;
  const { t, language, direction } = reader.speech;
  const message = JSON.stringify({
    title: ctx.settings.label,
    body:
      lines.length === 1
        ? first.sentence
        : t('letters.pushed', { first: first.sentence, count: lines.length - 1 }),
    lang: language,
    dir: direction,
    path: lines.length === 1 ? first.path : '/',
    // A second message of the same name replaces the first.
    tag: sending.id,
  });
  const devices = await rows(ctx, 'device', {
    filter: { field: 'owner', op: 'is', value: owner },
    fields: ['name', 'endpoint', 'p256dh', 'auth'],
    limit: 50,
  });
  const outcomes = await Promise.allSettled(
    devices.map(device => ctx.outside!.push.send(device as never, message)),
  );
  const is = (outcome: PromiseSettledResult<string> | undefined, what: string) =>
    outcome?.status === 'fulfilled' && outcome.value === what;
  const gone = devices.filter((_, n) => is(outcomes[n], 'gone'));
  if (gone.length > 0)
    await write(
      { ...ctx, changeSet: undefined as never },
      'device',
      gone.map(device => ({ op: 'delete', id: device.id as string })),
    );
  const failed = outcomes.flatMap((outcome, n) =>
    outcome.status === 'rejected' ? [[devices[n]!.name as string, (outcome.reason as Error).message]] : [],
  );
  for (const [name, why] of failed) report.skipped(`device ${name}`, why!);
  const reached = outcomes.filter(outcome => is(outcome, 'sent')).length;
  if (reached === 0 && failed.length > 0) throw new Error(failed[0]![1]);
  return reached > 0 ? { told: lines.length, subject: first.sentence } : null;
}

/** In each letter: stops letters about a kind, or all of them. */
export const unsubscribe = defineLink('unsubscribe', {
  ask: async (ctx, payload) => {
    const { user, kinds, about, speech } = await readLink(ctx, payload);
    if (!user || kinds.every(kind => paceOf(user.mailed, kind) === 'never')) return null;
    const { t, locale } = speech;
    const address = String(user.email ?? t('letters.unsubscribe.you'));
    return {
      question: t('letters.unsubscribe.question', { kind: about, address }),
      button: t('letters.unsubscribe.button'),
      locale,
    };
  },
  run: async (ctx, payload) => {
    const { user, kinds, about, speech } = await readLink(ctx, payload);
    const never = Object.fromEntries(kinds.map(kind => [kind, 'never']));
    const mailed = { ...(user?.mailed as Record<string, Json> | null), ...never };
    if (user) await update(ctx, 'user', user.id as string, { mailed });
    return speech.t('letters.unsubscribe.done', { kind: about });
  },
});

async function readLink(ctx: Context, payload: Json) {
  const { user: id, kind } = payload as { user: string; kind: string };
  const [user] = await rows(ctx, 'user', {
    filter: { field: 'id', op: 'is', value: id },
    fields: ['email', 'mailed', 'language'],
  });
  const speech = speechOf((user?.language as string | null | undefined) ?? ctx.settings.locale);
  const kinds = kind === '*' ? allKinds : [kind];
  return { user, kinds, speech, about: speech.t(`letters.kind.${kind === '*' ? 'all' : kind}`) };
}
