/**
 * Sign-in, by better-auth: accounts, passwords, sessions, API keys. An account belongs to the installation; a membership
 * ties it to a user record of a workspace, whose role says what it may do.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, randomBytes } from 'node:crypto';
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { actorOf, decidesRights } from '../access/actor.ts';
import type { Actor, Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { FarleyError } from '../errors.ts';
import { newId } from '../id.ts';
import { onAnnounce } from '../live/wake.ts';
import type { Mailer } from '../outside/mail.ts';
import { speechOf } from '../outside/speech.ts';
import { find, rows } from '../records/read.ts';
import { create, update } from '../records/write.ts';
import { sql } from '../sql.ts';
import { schemaOf } from '../workspace.ts';

export interface AuthOptions {
  db: Database;
  secret: string;
  /** Where users reach Farley. */
  url: string;
  /** Sends links with which people set another password; absent: nobody gets one. */
  mail?: Mailer | null;
}

export type Auth = ReturnType<typeof createAuth>;

/** Wrong passwords from one address before it has to wait, and for how long (seconds). */
export const signInLimit = { max: 10, window: 60 };
/** How long an invitation can be used, in days. */
export const invitationDays = 7;
/** How long a link to set another password can be used. */
const resetMinutes = 60;
/** How long a verified key is taken on trust; within this process a revocation holds at once. */
const keyFreshFor = 5_000;
/** The header in which our own server tells better-auth the client's address; what a client sends in it is dropped. */
export const clientHeader = 'x-farley-client';

/** What the database could not do for the library, within one act. */
const failures = new AsyncLocalStorage<{ error?: FarleyError }>();

function remember(error: FarleyError) {
  const act = failures.getStore();
  if (act) act.error ??= error;
}

/** Asks the library. It takes a database that is away for a missing session, or for a defect; the reason goes before. */
export async function honestly<T>(work: () => Promise<T>): Promise<T> {
  const act: { error?: FarleyError } = {};
  const [outcome] = await Promise.allSettled([failures.run(act, work)]);
  if (act.error) throw act.error;
  if (outcome!.status === 'rejected') throw outcome!.reason;
  return outcome!.value;
}

export function createAuth({ db, secret, url, mail }: AuthOptions) {
  const kysely = new Kysely<Record<string, Record<string, unknown>>>({
    dialect: new PostgresDialect({ pool: db.forLibrary(remember) as unknown as pg.Pool }),
  });
  return betterAuth({
    appName: 'Farley',
    secret,
    baseURL: url,
    basePath: '/api/auth',
    database: { db: kysely.withSchema('farley'), type: 'postgres' },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 10,
      maxPasswordLength: 200,
      autoSignIn: true,
      resetPasswordTokenExpiresIn: resetMinutes * 60,
      // Whoever had the old password is out.
      revokeSessionsOnPasswordReset: true,
      ...(mail
        ? {
            // Not waited for: how long it takes would tell who has an account.
            sendResetPassword: async ({ user, token }) =>
              void sendReset({ db, mail, url }, user, token).catch(() => {}),
          }
        : {}),
    },
    session: { expiresIn: 60 * 60 * 24 * 30, updateAge: 60 * 60 * 24 },
    // Requests of other origins are turned away before they come here.
    trustedOrigins: request => [request?.headers.get('origin') ?? url],
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: 60,
      max: 600,
      customRules: {
        '/sign-in/email': signInLimit,
        '/change-password': signInLimit,
        '/request-password-reset': signInLimit,
      },
    },
    advanced: {
      cookiePrefix: 'farley',
      useSecureCookies: url.startsWith('https:'),
      ipAddress: { ipAddressHeaders: [clientHeader] },
    },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [apiKey({ defaultPrefix: 'farley_', rateLimit: { enabled: false }, enableMetadata: true })],
  });
}

/** A link to set another password. That it could not be sent is no news for whoever asks: it would tell who has an account. */
async function sendReset(
  { db, mail, url }: { db: Database; mail: Mailer; url: string },
  user: { id: string; email: string },
  token: string,
) {
  const { t } = speechOf(await localeOf(db, user.id));
  const text = [
    t('letters.reset.text', { url }),
    `${t('letters.reset.link', { minutes: resetMinutes })}\n${url}/reset?token=${encodeURIComponent(token)}`,
    `${t('letters.reset.otherwise')}\n`,
  ].join('\n\n');
  await mail.send({ to: user.email, subject: t('letters.reset.subject'), text, id: newId() });
}

/** The locale in which someone reads Farley: their own, else that of their workspace. */
async function localeOf(db: Database, account: string): Promise<string> {
  const membership = await membershipOf(db, account);
  const actor =
    membership && (await actorOf(db, schemaOf(membership.workspace), membership.userId, 'person'));
  if (actor?.language) return actor.language;
  const [row] = await db.run<{ locale: string | null }>(
    sql`select settings ->> 'locale' as locale from farley.workspace where name = ${membership?.workspace ?? null}`,
  );
  return row?.locale ?? 'en';
}

/** Who an account is in a workspace. */
interface Membership {
  workspace: string;
  userId: string;
}

/** The workspace user of an account; the first membership where none is named. */
async function membershipOf(db: Database, account: string, workspace?: string): Promise<Membership | null> {
  const named = workspace ? sql`and workspace = ${workspace}` : sql``;
  const [row] = await db.run<{ workspace: string; user_id: string }>(
    sql`select workspace, user_id from farley.membership where account_id = ${account} ${named} order by workspace limit 1`,
  );
  return row ? { workspace: row.workspace, userId: row.user_id } : null;
}

export interface Caller {
  actor: Actor;
  workspace: string;
  /** Cookies by which the session goes on, where its time was prolonged. */
  cookies?: string[];
}

/** In which of several workspaces someone works in this browser. */
export const workspaceCookie = 'farley.workspace';

/** The caller of a request, by its session cookie or `Authorization: Bearer <key>`; null when nobody known. */
export function authenticator(db: Database, auth: Auth) {
  const keys = new Map<string, { membership: Membership; until: number }>();
  let forgotten = 0;
  onAnnounce(db, object => {
    if (!decidesRights(object)) return;
    forgotten++;
    keys.clear();
  });
  const byKey = async (key: string): Promise<Membership | null> => {
    const hash = createHash('sha256').update(key).digest('base64');
    const known = keys.get(hash);
    if (known && known.until > Date.now()) return known.membership;
    const begun = forgotten;
    const { valid, key: found } = await honestly(() => auth.api.verifyApiKey({ body: { key } }));
    const membership = valid && found ? await membershipOf(db, found.referenceId) : null;
    if (keys.size > 10_000) keys.clear();
    // A key revoked while it was being verified must not be remembered as good.
    if (membership && begun === forgotten) keys.set(hash, { membership, until: Date.now() + keyFreshFor });
    return membership;
  };
  return async (headers: Record<string, string | string[] | undefined>): Promise<Caller | null> => {
    const bearer = /^Bearer\s+(\S+)$/i.exec(String(headers.authorization ?? ''))?.[1];
    const kind = bearer ? 'key' : 'person';
    const wanted = headers['farley-workspace'] as string | undefined;
    const cookies: string[] = [];
    const membership = bearer
      ? await byKey(bearer)
      : await bySession({ db, auth, cookies }, headers.cookie, wanted);
    if (!membership || (wanted && wanted !== membership.workspace)) return null;
    const actor = await actorOf(db, schemaOf(membership.workspace), membership.userId, kind);
    return actor && { actor, workspace: membership.workspace, cookies };
  };
}

/** Whether a cookie header has a session of Farley; whether that still holds is another question. */
export function hasSession(cookie: string | string[] | undefined): cookie is string {
  return typeof cookie === 'string' && cookie.includes('farley.session');
}

async function bySession(
  { db, auth, cookies }: { db: Database; auth: Auth; cookies: string[] },
  cookie: string | string[] | undefined,
  workspace: string | undefined,
): Promise<Membership | null> {
  if (!hasSession(cookie)) return null;
  const { response, headers } = await honestly(() =>
    auth.api.getSession({ headers: new Headers({ cookie }), returnHeaders: true }),
  );
  if (!response) return null;
  // Once a day the session is prolonged, and its cookie with it.
  cookies.push(...headers.getSetCookie());
  const chosen = new RegExp(`(?:^|; )${workspaceCookie.replace('.', '\\.')}=([^;]+)`).exec(cookie)?.[1];
  const own = workspace || !chosen ? null : await membershipOf(db, response.user.id, chosen);
  return own ?? membershipOf(db, response.user.id, workspace);
}

/** An invitation to set a password: answers the token, which is shown once and kept as a hash only. */
export async function invite(ctx: Context, options: { role: string; userId?: string }): Promise<string> {
  // Refused now rather than when the invited person stands before the form.
  if (options.userId) await find(ctx, 'user', options.userId, { fields: ['name'] });
  else await roleCalled(ctx, options.role);
  const token = randomBytes(24).toString('base64url');
  const runner = ctx.tx ?? ctx.db;
  await runner.run(
    sql`insert into farley.invitation (token_hash, workspace, user_id, role, expires_at)
      values (${hashOf(token)}, ${ctx.settings.name}, ${options.userId ?? null}::uuid, ${options.role}, now() + make_interval(days => ${invitationDays}))`,
  );
  return token;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export interface Invitation {
  workspace: string;
  userId: string | null;
  role: string;
}

/** An invitation that can still be used. */
export async function invitationOf(db: Database, token: string): Promise<Invitation | null> {
  const [row] = await db.run<{ workspace: string; user_id: string | null; role: string }>(
    sql`select workspace, user_id, role from farley.invitation where token_hash = ${hashOf(token)} and used_at is null and expires_at > now()`,
  );
  return row ? { workspace: row.workspace, userId: row.user_id, role: row.role } : null;
}

/** Whether anyone can sign in to the workspace yet. */
export async function hasMembers(db: Database, workspace: string): Promise<boolean> {
  const [row] = await db.run(
    sql`select 1 as found from farley.membership m join farley.account a on a."userId" = m.account_id where m.workspace = ${workspace} limit 1`,
  );
  return row !== undefined;
}

/** The user of the only one who can sign in to the workspace; null where there is nobody, or more than one. */
export async function soleMember(db: Database, workspace: string): Promise<string | null> {
  const found = await db.run<{ user: string }>(
    sql`select m.user_id as "user" from farley.membership m join farley.account a on a."userId" = m.account_id
      where m.workspace = ${workspace} limit 2`,
  );
  return found.length === 1 ? found[0]!.user : null;
}

export interface NewAccount {
  name: string;
  email: string;
  password: string;
}

/**
 * Uses an invitation: makes the account, its user record (or takes the one invited) and the membership. Answers the
 * headers that sign the person in. `ctx` acts as the system.
 */
export async function acceptInvitation(
  ctx: Context,
  auth: Auth,
  token: string,
  account: NewAccount,
  signIn: (account: NewAccount) => Promise<{ id: string; headers: Headers }>,
): Promise<Headers> {
  const invitation = await invitationOf(ctx.db, token);
  if (!invitation)
    throw new FarleyError('notFound', 'This link has been used or is too old. Ask for a new one.');
  await requireInvitedAddress(ctx, invitation, account.email);
  const enter = (id: string) =>
    ctx.db.transaction(async tx => {
      const inside: Context = { ...ctx, tx, changeSet: newId(), label: 'Invitation accepted' };
      const [used] = await tx.run(
        sql`update farley.invitation set used_at = now() where token_hash = ${hashOf(token)} and used_at is null returning 1 as used`,
      );
      if (!used) throw new FarleyError('notFound', 'This link has just been used.');
      const userId = invitation.userId ?? (await newUser(inside, account, invitation.role));
      await join(inside, id, userId);
    });
  if (await hasAccount(ctx.db, account.email)) {
    // Whoever works in another workspace of this installation comes in with the account they have.
    const { id, headers } = await signIn(account);
    if (await membershipOf(ctx.db, id, ctx.settings.name))
      throw new FarleyError('invalidInput', 'You are a member already. Sign in instead.');
    await enter(id);
    return headers;
  }
  const { headers, response } = await signUp(auth, account);
  await orNoAccount(ctx.db, response.user.id, () => enter(response.user.id));
  return headers;
}

async function hasAccount(db: Database, email: string): Promise<boolean> {
  const [row] = await db.run(
    sql`select 1 as found from farley."user" where lower(email) = lower(${email.trim()})`,
  );
  return row !== undefined;
}

/** Whoever is invited by an e-mail address signs in with that one: the user record would say another. */
async function requireInvitedAddress(ctx: Context, invitation: Invitation, email: string) {
  if (!invitation.userId) return;
  const user = await find(ctx, 'user', invitation.userId, { fields: ['email'] });
  if (!user.email || (user.email as string).toLowerCase() === email.toLowerCase()) return;
  const message = `This invitation is for ${user.email}.`;
  throw new FarleyError('invalidInput', message, {
    problems: [{ pointer: '/email', code: 'notAccepted', message }],
  });
}

/** Ties an account to its user record. */
async function join(ctx: Context, account: string, userId: string) {
  await ctx.tx!.run(
    sql`insert into farley.membership (account_id, workspace, user_id) values (${account}, ${ctx.settings.name}, ${userId}::uuid)`,
  );
}

/** An account that nothing came of would keep its e-mail address from being used ever again. */
async function orNoAccount<T>(db: Database, account: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await db.run(sql`delete from farley."user" where id = ${account}`);
    throw error;
  }
}

/** Makes an account with a password for a person, without an invitation: the command line does. Answers the user id. */
export async function createAccount(
  ctx: Context,
  auth: Auth,
  account: NewAccount,
  role: string,
): Promise<string> {
  const { response } = await signUp(auth, account);
  return orNoAccount(ctx.db, response.user.id, () =>
    ctx.db.transaction(async tx => {
      const inside = { ...ctx, tx, changeSet: newId() };
      const userId = await userRecord(inside, account, role);
      await join(inside, response.user.id, userId);
      return userId;
    }),
  );
}

async function signUp(auth: Auth, account: NewAccount) {
  try {
    return await honestly(() => auth.api.signUpEmail({ body: account, returnHeaders: true }));
  } catch (error) {
    if (error instanceof FarleyError) throw error;
    const { body, message } = error as { body?: { code?: string; message?: string }; message: string };
    const code = body?.code ?? '';
    const field = /PASSWORD/.test(code) ? 'password' : 'email';
    const words = code.startsWith('USER_ALREADY_EXISTS')
      ? 'There is an account with this e-mail address already. Sign in instead.'
      : (body?.message ?? message);
    throw new FarleyError('invalidInput', words, {
      problems: [{ pointer: `/${field}`, code: 'notAccepted', message: words }],
    });
  }
}

/** The user record of an invited person. Records that exist are joined by an invitation of their own only. */
async function newUser(ctx: Context, account: NewAccount, roleName: string): Promise<string> {
  const { name, email } = account;
  const role = await roleCalled(ctx, roleName);
  return create(ctx, 'user', { name, email, role });
}

async function userRecord(
  ctx: Context,
  account: Pick<NewAccount, 'name' | 'email'>,
  roleName: string,
): Promise<string> {
  const role = await roleCalled(ctx, roleName);
  const [known] = await rows(ctx, 'user', {
    filter: { field: 'email', op: 'is', value: account.email },
    fields: ['email'],
    limit: 1,
  });
  if (!known) return create(ctx, 'user', { name: account.name, email: account.email, role });
  await update(ctx, 'user', known.id as string, { role });
  return known.id as string;
}

async function roleCalled(ctx: Context, name: string): Promise<string> {
  const roles = await rows(ctx, 'role', { fields: ['name'], limit: 1_000 });
  const role = roles.find(each => each.name === name);
  if (role) return role.id as string;
  throw new FarleyError(
    'invalidInput',
    `There is no role called ${name}. Known: ${roles.map(each => each.name).join(', ')}.`,
  );
}

/** Makes an API key bound to a role: a service user with that role, in whose name it acts. Answers the key, shown once. */
export async function createKey(
  ctx: Context,
  auth: Auth,
  name: string,
  role: string,
): Promise<{ key: string; userId: string }> {
  const accountId = newId();
  const userId = await ctx.db.transaction(async tx => {
    const inside: Context = { ...ctx, tx, changeSet: newId(), label: `API key ${name}` };
    const id = await create(inside, 'user', { name, role: await roleCalled(inside, role), kind: 'service' });
    await tx.run(
      sql`insert into farley."user" (id, name, email, "emailVerified") values (${accountId}, ${name}, ${`${accountId}@keys.invalid`}, false)`,
    );
    await join(inside, accountId, id);
    return id;
  });
  const { key } = await auth.api.createApiKey({ body: { name: name.slice(0, 32), userId: accountId } });
  return { key, userId };
}

/** Ends a key for good; the service user stays, inactive, because history names it. */
export async function revokeKey(ctx: Context, userId: string) {
  const user = await find(ctx, 'user', userId, { fields: ['kind'] });
  if (user.kind !== 'service') throw new FarleyError('notFound', 'There is no such API key.');
  await ctx.db.transaction(async tx => {
    await tx.run(
      sql`delete from farley.apikey where "referenceId" in (select account_id from farley.membership where workspace = ${ctx.settings.name} and user_id = ${userId}::uuid)`,
    );
    await update({ ...ctx, tx, changeSet: newId() }, 'user', userId, { active: false });
  });
}
