/** Routes of sign-in: the few of better-auth that Farley offers, the welcome link, invitations, API keys. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { asSystem } from '../access/actor.ts';
import { type Account, accountOf, askForAddress, resetToken, workspacesOf } from '../auth/accounts.ts';
import {
  type Auth,
  acceptInvitation,
  clientHeader,
  createKey,
  honestly,
  invitationDays,
  invitationOf,
  invite,
  type NewAccount,
  revokeKey,
  signInLimit,
  soleMember,
  workspaceCookie,
} from '../auth/auth.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { type ErrorCode, FarleyError } from '../errors.ts';
import { newId } from '../id.ts';
import type { Mailer } from '../outside/mail.ts';
import { speechOf } from '../outside/speech.ts';
import { find, rows } from '../records/read.ts';
import type { Route } from './app.ts';
import { compileInput } from './validate.ts';

export interface SessionParts {
  db: Database;
  auth: Auth;
  url: string;
  /** Sends invitations; null where no mail server is set up, and links are handed over by people. */
  mail: Mailer | null;
  /** The system in a workspace. */
  system(workspace: string): Promise<Context>;
  /** Puts something of their own before the first who signs in. */
  greet(ctx: Context, user: string): Promise<void>;
}

/** Routes of better-auth that are open to the outside; everything else of it stays inside. */
const offered = new Set([
  'POST sign-in/email',
  'POST sign-out',
  'GET get-session',
  'GET list-sessions',
  'POST revoke-session',
  'POST revoke-sessions',
  'POST revoke-other-sessions',
  'POST change-password',
  'POST request-password-reset',
  'POST reset-password',
]);

const Accepted = Type.Object({
  token: Type.String({ maxLength: 200 }),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  email: Type.String({ minLength: 3, maxLength: 320 }),
  password: Type.String({ minLength: 10, maxLength: 200 }),
});
const Key = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }), role: Type.String() });
const Invite = Type.Object({
  role: Type.String(),
  user: Type.Optional(Type.String()),
  email: Type.Optional(
    Type.String({
      maxLength: 320,
      pattern: '^[^\\s@<>,;]+@[^\\s@<>,;]+$',
      description: 'Where the link is sent, where mail is set up.',
    }),
  ),
});
const Address = Type.Object({
  email: Type.String({
    maxLength: 320,
    pattern: '^[^\\s@<>,;]+@[^\\s@<>,;]+$',
    description: 'The new address.',
  }),
  password: Type.String({ maxLength: 200, description: 'The password one signs in with now.' }),
});
const readAddress = compileInput<{ email: string; password: string }>(Address);
const Chosen = Type.Object({ workspace: Type.String({ maxLength: 63, description: 'Its name.' }) });
const readChosen = compileInput<{ workspace: string }>(Chosen);
const readAccount = compileInput<NewAccount & { token: string }>(Accepted);
const readKey = compileInput<{ name: string; role: string }>(Key);
const readInvitation = compileInput<{ role: string; user?: string; email?: string }>(Invite);

export function sessionRoutes(parts: SessionParts): Route[] {
  return [
    {
      method: ['GET', 'POST'],
      url: '/api/auth/*',
      policy: 'public',
      openQuery: true,
      doc: { summary: 'Sign in, sign out, sessions, password', tag: 'Sign-in' },
      handler: (request, reply) => passOn(parts, request, reply),
    },
    {
      method: 'GET',
      url: '/api/welcome',
      policy: 'public',
      doc: { summary: 'Whether an invitation can be used', tag: 'Sign-in', query: { token: Type.String() } },
      handler: async request => welcome(parts, String((request.query as { token?: string }).token ?? '')),
    },
    {
      method: 'POST',
      url: '/api/welcome',
      policy: 'public',
      doc: {
        summary: 'Set a password by an invitation, and sign in',
        tag: 'Sign-in',
        body: Accepted,
        status: 201,
      },
      handler: async (request, reply) => {
        refuseForeign(request);
        const { token, ...account } = readAccount(request.body);
        const invitation = await invitationOf(parts.db, token);
        if (!invitation) throw goneLink();
        const system = await parts.system(invitation.workspace);
        const headers = await acceptInvitation(system, parts.auth, token, account, known =>
          signIn(parts, request, reply, known),
        );
        await greetFirst(parts, system);
        for (const cookie of headers.getSetCookie()) reply.header('set-cookie', cookie);
        reply.header('set-cookie', workIn(parts, invitation.workspace));
        return reply.status(201).send({ workspace: invitation.workspace });
      },
    },
    ...ownRoutes(parts),
    ...invitationRoutes(parts),
    ...keyRoutes(parts),
  ];
}

const goneLink = () =>
  new FarleyError('notFound', 'This link has been used or is too old. Ask for a new one.');

/** What people change of their own way in. */
function ownRoutes(parts: SessionParts): Route[] {
  return [
    {
      method: 'POST',
      url: '/api/me/email',
      policy: 'signedIn',
      doc: {
        summary: 'Ask to sign in with another e-mail address: a letter to it has the link that makes it so',
        tag: 'Sign-in',
        body: Address,
        status: 202,
      },
      handler: async (request, reply) => {
        const { email, password } = readAddress(request.body);
        await askForAddress(request.ctx, parts.auth, email, password);
        return reply.status(202).send({ sentTo: email });
      },
    },
    {
      method: 'POST',
      url: '/api/me/workspace',
      policy: 'signedIn',
      doc: {
        summary: 'Work in another workspace of one’s account',
        tag: 'Sign-in',
        body: Chosen,
        status: 204,
      },
      handler: async (request, reply) => {
        const { workspace } = readChosen(request.body);
        const own = await workspacesOf(request.ctx);
        if (!own.some(({ name }) => name === workspace))
          throw new FarleyError('notFound', 'You are no member of such a workspace.');
        return reply.header('set-cookie', workIn(parts, workspace)).status(204).send();
      },
    },
  ];
}

function invitationRoutes(parts: SessionParts): Route[] {
  return [
    {
      method: 'POST',
      url: '/api/invitations',
      policy: 'administrator',
      doc: { summary: 'Invite a user; answers the link', tag: 'Sign-in', body: Invite, status: 201 },
      handler: async (request, reply) => {
        const { role, user, email } = readInvitation(request.body);
        const account = user ? await accountOf(request.ctx, user) : null;
        if (account) return reply.status(201).send(await sendReset(parts, request.ctx, account));
        const token = await invite(request.ctx, { role, ...(user ? { userId: user } : {}) });
        const link = `${parts.url}/welcome?token=${token}`;
        const sentTo = await sendInvitation(parts, request.ctx, { user, email, link });
        return reply.status(201).send({ link, sentTo });
      },
    },
  ];
}

/**
 * A link by which a member who has an account sets another password. Whose account is one of other workspaces too gets it
 * by mail alone: no administrator of one workspace opens the door to another.
 */
async function sendReset({ auth, mail, url }: SessionParts, ctx: Context, account: Account) {
  const shared = account.workspaces > 1;
  if (shared && !mail)
    throw new FarleyError(
      'forbidden',
      'This account is a member of other workspaces too: its owner sets the password, by “Forgotten password”.',
    );
  const link = `${url}/reset?token=${encodeURIComponent(await resetToken(auth, account, invitationDays))}`;
  const { t } = speechOf(ctx.settings.locale);
  const text = `${t('letters.reset.text', { url })}\n\n${link}\n\n${t('letters.reset.otherwise')}\n`;
  const letter = { to: account.email, subject: t('letters.reset.subject'), text, id: newId() };
  const sentTo = mail
    ? await mail.send(letter).then(
        () => account.email,
        () => null,
      )
    : null;
  return { link: shared ? null : link, sentTo };
}

/** Sends the link to whom it is for; null where there is no address, or no mail server that took it: then people hand it over. */
async function sendInvitation(
  { mail, url }: SessionParts,
  ctx: Context,
  { user, email, link }: { user?: string | undefined; email?: string | undefined; link: string },
): Promise<string | null> {
  const known = user ? await find(ctx, 'user', user, { fields: ['email', 'language'] }) : null;
  const to = email ?? (known?.email as string | null | undefined) ?? null;
  if (!mail || !to) return null;
  const { t } = speechOf((known?.language as string | null | undefined) ?? ctx.settings.locale);
  const workspace = ctx.settings.label;
  const text = `${t('letters.invitation.text', { actor: ctx.actor.name, workspace, url })}

${t('letters.invitation.link', { days: invitationDays })}
${link}
`;
  const sent = mail.send({ to, subject: t('letters.invitation.subject', { workspace }), text, id: newId() });
  return sent.then(() => to).catch(() => null);
}

function keyRoutes(parts: SessionParts): Route[] {
  return [
    {
      method: 'POST',
      url: '/api/keys',
      policy: 'administrator',
      doc: {
        summary: 'Make an API key bound to a role; the key is shown once',
        tag: 'Sign-in',
        body: Key,
        status: 201,
      },
      handler: async (request, reply) => {
        const { name, role } = readKey(request.body);
        return reply.status(201).send(await createKey(request.ctx, parts.auth, name, role));
      },
    },
    {
      method: 'GET',
      url: '/api/keys',
      policy: 'administrator',
      doc: { summary: 'API keys: their service users', tag: 'Sign-in' },
      handler: async request => ({
        data: await rows(request.ctx, 'user', {
          filter: { field: 'kind', op: 'is', value: 'service' },
          fields: ['name', 'role', 'active', 'createdAt', 'createdBy'],
          limit: 1_000,
        }),
      }),
    },
    {
      method: 'DELETE',
      url: '/api/keys/:user',
      policy: 'administrator',
      doc: { summary: 'Revoke an API key', tag: 'Sign-in', status: 204 },
      handler: async (request, reply) => {
        await revokeKey(request.ctx, (request.params as { user: string }).user);
        return reply.status(204).send();
      },
    },
  ];
}

async function greetFirst({ db, greet }: SessionParts, system: Context) {
  const first = await soleMember(db, system.settings.name);
  if (first) await greet(system, first);
}

async function welcome(parts: SessionParts, token: string) {
  const invitation = await invitationOf(parts.db, token);
  if (!invitation) throw goneLink();
  const system = asSystem(await parts.system(invitation.workspace), 'welcome page');
  const [user] = invitation.userId
    ? await rows(system, 'user', { filter: { field: 'id', op: 'is', value: invitation.userId }, limit: 1 })
    : [];
  return {
    workspace: system.settings.label,
    role: invitation.role,
    email: user?.email ?? null,
    name: (user?.name as { full: string } | undefined)?.full ?? null,
  };
}

/** The cookie that says in which workspace someone works. */
function workIn({ url }: SessionParts, workspace: string): string {
  const secure = url.startsWith('https:') ? '; Secure' : '';
  return `${workspaceCookie}=${workspace}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax${secure}`;
}

/** Signs in to an account that is there, held to the same limits as at the door. */
async function signIn(
  parts: SessionParts,
  request: FastifyRequest,
  reply: FastifyReply,
  { email, password }: NewAccount,
): Promise<{ id: string; headers: Headers }> {
  const asked = new Request(new URL('/api/auth/sign-in/email', parts.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', [clientHeader]: request.ip },
    body: JSON.stringify({ email, password }),
  });
  const answer = await honestly(() => parts.auth.handler(asked));
  if (answer.status === 401) {
    const problem = {
      pointer: '/password',
      code: 'notAccepted',
      message: 'There is an account with this e-mail address already. Enter its password.',
    };
    throw new FarleyError('invalidInput', problem.message, { problems: [problem] });
  }
  if (answer.status >= 400) throw await refused(answer, 'sign-in/email', reply);
  const { user } = (await answer.json()) as { user: { id: string } };
  return { id: user.id, headers: answer.headers };
}

/** Hands a request to better-auth and its answer back; errors take our form. */
async function passOn(parts: SessionParts, request: FastifyRequest, reply: FastifyReply) {
  const path = request.url.slice('/api/auth/'.length).split('?')[0]!;
  if (!offered.has(`${request.method} ${path}`)) throw new FarleyError('unknownRoute');
  if (request.method !== 'GET') refuseForeign(request);
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === 'string' && name !== 'content-length') headers.set(name, value);
  headers.set(clientHeader, request.ip);
  const body = request.method === 'GET' ? null : JSON.stringify(request.body ?? {});
  if (body) headers.set('content-type', 'application/json');
  const asked = new Request(new URL(request.url, parts.url), { method: request.method, headers, body });
  const answer = await honestly(() => parts.auth.handler(asked));
  if (answer.status >= 400) throw await refused(answer, path, reply);
  for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie);
  return reply
    .status(answer.status)
    .type('application/json; charset=utf-8')
    .send(await answer.text());
}

async function refused(answer: Response, path: string, reply: FastifyReply): Promise<FarleyError> {
  const text = await answer.text();
  const { message } = (text.startsWith('{') ? JSON.parse(text) : {}) as { message?: string };
  const retry = answer.headers.get('x-retry-after');
  if (answer.status === 429) {
    // draft-ietf-httpapi-ratelimit-headers
    const { max, window } = signInLimit;
    reply.headers({ 'ratelimit-policy': `"sign-in";q=${max};w=${window}` });
    reply.headers({ ratelimit: `"sign-in";r=0;t=${retry ?? window}`, 'retry-after': retry ?? window });
    return new FarleyError('rateLimited', `Too many attempts. Try again in ${retry ?? 'some'} seconds.`);
  }
  if (answer.status === 401 && path.startsWith('sign-in'))
    return new FarleyError('unauthenticated', 'E-mail address or password is wrong.');
  const codes: Record<number, ErrorCode> = { 401: 'unauthenticated', 403: 'forbidden', 404: 'notFound' };
  return new FarleyError(
    answer.status >= 500 ? 'internal' : (codes[answer.status] ?? 'invalidInput'),
    message,
  );
}

/** Writes of pages on other sites are turned away: a session cookie is no consent to them. */
export function refuseForeign(request: FastifyRequest) {
  const { origin, host } = request.headers;
  const foreign =
    request.headers['sec-fetch-site'] === 'cross-site' ||
    // `null` is what a sandboxed frame of another site says.
    (origin !== undefined && URL.parse(origin)?.host !== host);
  if (foreign) throw new FarleyError('forbidden', 'This request came from another site.');
}
