/** What an account is besides its password: its workspaces, a link for another password, and the address it signs in with. */
import { randomBytes } from 'node:crypto';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { newId } from '../id.ts';
import { defineJob, type JobSpec } from '../jobs/job.ts';
import { defineLink } from '../outside/link.ts';
import { speechOf } from '../outside/speech.ts';
import { find } from '../records/read.ts';
import { asEngine, update } from '../records/write.ts';
import { sql } from '../sql.ts';
import { type Auth, honestly } from './auth.ts';

export interface Account {
  id: string;
  email: string;
  /** Workspaces in which it is a member. */
  workspaces: number;
}

/** The account by which a user of the workspace signs in; null where they have none yet. */
export async function accountOf(ctx: Context, userId: string): Promise<Account | null> {
  const [account] = await (ctx.tx ?? ctx.db).run<{ id: string; email: string; workspaces: number }>(
    sql`select a.id, a.email, (select count(*)::int from farley.membership o where o.account_id = a.id) as workspaces
      from farley.membership m join farley."user" a on a.id = m.account_id
      where m.workspace = ${ctx.settings.name} and m.user_id = ${userId}::uuid`,
  );
  return account ?? null;
}

/** What opens `/reset` for an account, once, for so many days. */
export async function resetToken(auth: Auth, account: Account, days: number): Promise<string> {
  const token = randomBytes(24).toString('base64url');
  const { internalAdapter } = await auth.$context;
  const expiresAt = new Date(Date.now() + days * 86_400_000);
  await honestly(() =>
    internalAdapter.createVerificationValue({
      value: account.id,
      identifier: `reset-password:${token}`,
      expiresAt,
    }),
  );
  return token;
}

/** The workspaces of whoever has this user record, with what they are called. */
export function workspacesOf(ctx: Context): Promise<{ name: string; label: string }[]> {
  return ctx.db.run<{ name: string; label: string }>(
    sql`select w.name, w.label from farley.membership m join farley.membership o on o.account_id = m.account_id
      join farley.workspace w on w.name = o.workspace
      where m.workspace = ${ctx.settings.name} and m.user_id = ${ctx.actor.userId}::uuid order by w.label`,
  );
}

/** How long the link in a letter about a new address holds. Milliseconds. */
const confirmWithin = 2 * 86_400_000;

interface Change {
  user: string;
  from: string;
  to: string;
  until: number;
}

/** Sends a letter to a new address; by its link it becomes the one that its owner signs in with. */
export async function askForAddress(ctx: Context, auth: Auth, to: string, password: string) {
  const { mail, link } = ctx.outside ?? {};
  const account = ctx.actor.userId ? await accountOf(ctx, ctx.actor.userId) : null;
  if (!account)
    throw new FarleyError('forbidden', 'Only people who sign in with a password have an address to change.');
  if (!mail || !link)
    throw new FarleyError('invalidInput', 'No mail server is set up. FARLEY_SMTP_URL says where it is.');
  if (!(await isPassword(auth, account.id, password))) {
    throw new FarleyError('invalidInput', 'The password is wrong.', {
      problems: [{ pointer: '/password', code: 'notAccepted', message: 'The password is wrong.' }],
    });
  }
  const user = { id: ctx.actor.userId!, language: ctx.actor.language };
  await mailAddressLink(ctx, user, account.email, to);
}

/** The letter to a new address, with the link that makes it the one to sign in with. */
async function mailAddressLink(
  ctx: Context,
  user: { id: string; language: string | null | undefined },
  from: string,
  to: string,
) {
  const { mail, link } = ctx.outside!;
  const payload: Change = { user: user.id, from, to, until: Date.now() + confirmWithin };
  const { t } = speechOf(user.language ?? ctx.settings.locale);
  const address = link({
    workspace: ctx.settings.name,
    link: 'address',
    payload: payload as unknown as Json,
  });
  const text = `${t('letters.address.text', { address: to })}\n\n${address}\n`;
  await mail!.send({ to, subject: t('letters.address.subject'), text, id: newId() });
}

/**
 * After an administrator has given a user another address: they sign in with it once they have followed the link that is
 * mailed there, and the old address is told. Whose account is one of other workspaces too changes it by themselves: no
 * administrator of one workspace opens the door to another.
 */
export const addressJob: JobSpec = defineJob('newAddress', {
  label: 'Letters about new addresses',
  run: async (ctx, payload, report) => {
    const id = payload.user as string;
    const account = await accountOf(ctx, id);
    const user = await find(asEngine(ctx), 'user', id, { fields: ['email', 'language'] });
    const to = user.email as string | null;
    if (!account || !to || to.toLowerCase() === account.email.toLowerCase()) return;
    if (!ctx.outside?.mail) return report.skipped(to, 'No mail server is set up.');
    const language = user.language as string | null;
    const { t } = speechOf(language ?? ctx.settings.locale);
    const own = account.workspaces === 1;
    const facts = { actor: ctx.actor.name, address: to, old: account.email, workspace: ctx.settings.label };
    await ctx.outside.mail.send({
      to: account.email,
      subject: t('letters.address.told.subject', facts),
      text: `${t(`letters.address.told.${own ? 'asked' : 'stays'}`, facts)}\n`,
      id: newId(),
    });
    if (own) await mailAddressLink(ctx, { id, language }, account.email, to);
    report.done(1);
  },
});

async function isPassword(auth: Auth, account: string, password: string): Promise<boolean> {
  const { internalAdapter, password: passwords } = await auth.$context;
  const ways = await honestly(() => internalAdapter.findAccounts(account));
  const hash = ways.find(({ providerId }) => providerId === 'credential')?.password;
  return hash ? passwords.verify({ hash, password }) : false;
}

/** The link of that letter. */
export const addressLink = defineLink('address', {
  ask: async (ctx, payload) => {
    const { to, user } = payload as unknown as Change;
    if (!(await holds(ctx, payload as unknown as Change))) return null;
    const { language } = await find(ctx, 'user', user, { fields: ['language'] });
    const { t, locale } = speechOf((language as string | null) ?? ctx.settings.locale);
    return {
      question: t('letters.address.question', { address: to }),
      button: t('letters.address.button'),
      locale,
    };
  },
  run: async (ctx, payload) => {
    const { user, from, to } = payload as unknown as Change;
    const { language } = await find(ctx, 'user', user, { fields: ['language'] });
    const { t } = speechOf((language as string | null) ?? ctx.settings.locale);
    const done = await ctx.db.transaction(async tx => {
      const [taken] = await tx.run(
        sql`select 1 as found from farley."user" where lower(email) = lower(${to}) and email <> ${from}`,
      );
      if (taken) return false;
      await tx.run(
        sql`update farley."user" set email = ${to}, "emailVerified" = true, "updatedAt" = now() where email = ${from}
          and id in (select account_id from farley.membership where workspace = ${ctx.settings.name} and user_id = ${user}::uuid)`,
      );
      await update(asEngine({ ...ctx, tx, changeSet: newId() }), 'user', user, { email: to });
      return true;
    });
    return t(done ? 'letters.address.done' : 'letters.address.taken', { address: to });
  },
});

async function holds(ctx: Context, { user, from, until }: Change): Promise<boolean> {
  const account = await accountOf(ctx, user);
  return account?.email === from && Date.now() < until;
}
