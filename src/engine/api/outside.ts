/** Routes of what reaches people outside: whether mail is set up, a letter on trial, and signed links. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressLink } from '../auth/accounts.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { newId } from '../id.ts';
import { type LetterLink, readLink } from '../outside/link.ts';
import { escaped } from '../outside/mail.ts';
import type { Outside } from '../outside/outside.ts';
import { type Speech, speechOf } from '../outside/speech.ts';
import { find } from '../records/read.ts';
import { asEngine } from '../records/write.ts';
import type { Declared } from '../workspace.ts';
import type { Route } from './app.ts';

export interface OutsideParts {
  outside: Outside;
  secret: string;
  declared: Declared;
  /** The system in a workspace. */
  system(workspace: string): Promise<Context>;
}

export function outsideRoutes(parts: OutsideParts): Route[] {
  const { outside } = parts;
  return [
    {
      method: 'GET',
      url: '/api/outside',
      policy: 'signedIn',
      doc: {
        summary: 'By which ways people are reached: the sender of mail, and the key for browsers',
        tag: 'Platform',
      },
      handler: async () => ({ mail: outside.mail && { from: outside.mail.from }, pushKey: outside.push.key }),
    },
    {
      method: 'POST',
      url: '/api/outside/trial',
      policy: 'signedIn',
      doc: { summary: 'Send a letter to one’s own address, to see whether it comes', tag: 'Platform' },
      handler: async request => sendTrial(request.ctx, outside),
    },
    ...(['GET', 'POST'] as const).map(
      (method): Route => ({
        method,
        url: '/api/links/:token',
        policy: 'public',
        // Mail programs that unsubscribe at a click (RFC 8058) send a form.
        ...(method === 'POST' ? { streams: true } : {}),
        doc: {
          summary:
            method === 'GET' ? 'What a link in a letter would do' : 'Do what a link in a letter is for',
          tag: 'Sign-in',
        },
        handler: (request, reply) => follow(parts, request, reply),
      }),
    ),
  ];
}

async function sendTrial(ctx: Context, { mail, url }: Outside): Promise<{ to: string }> {
  if (!mail)
    throw new FarleyError('invalidInput', 'No mail server is set up. FARLEY_SMTP_URL says where it is.');
  const { email } = await find(asEngine(ctx), 'user', ctx.actor.userId!, { fields: ['email'] });
  const { t } = speechOf(ctx.actor.language ?? ctx.settings.locale);
  if (!email) throw new FarleyError('invalidInput', 'You have no e-mail address yet.');
  const text = `${t('letters.trial.text', { url })}\n`;
  await mail
    .send({ to: email as string, subject: t('letters.trial.subject'), text, id: newId() })
    .catch(error => {
      throw new FarleyError('invalidInput', `The mail server did not take it: ${(error as Error).message}`);
    });
  return { to: email as string };
}

/** Looking at a link does nothing: mail programs look at all of them. The button, or the mail program's own, does. */
async function follow(parts: OutsideParts, request: FastifyRequest, reply: FastifyReply) {
  const { token } = request.params as { token: string };
  const signed = readLink(parts.secret, token);
  const links = [addressLink, ...parts.declared.modules.flatMap(module => module.links ?? [])];
  const spec = links.find((link): link is LetterLink => link.name === signed?.link && 'ask' in link);
  if (!signed || !spec) throw new FarleyError('notFound', 'This link was cut off, or is not one of ours.');
  const ctx = { ...(await parts.system(signed.workspace)), via: 'link' };
  const asked = await spec.ask(ctx, signed.payload);
  const speech = speechOf(asked?.locale ?? ctx.settings.locale);
  const show = (sentence: string, button: string | null = null) =>
    page(reply, speech, ctx.settings.label, sentence, button);
  if (!asked) return show(speech.t('letters.nothing'));
  if (request.method === 'GET') return show(asked.question, asked.button);
  return show(await spec.run(ctx, signed.payload));
}

/** The colours of the interface (`kit/tokens.css`), for the one page that comes without its files. */
const style = `
body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;background:#f5f3ef;color:#1f1d1a}
main{box-sizing:border-box;width:min(28rem,100vw - 2rem);padding:2rem;background:#fdfcfa;border:1px solid #e3dfd8;border-radius:12px}
h1{margin:0 0 1rem;font-size:14px;font-weight:600;color:#57534c}p{margin:0;overflow-wrap:anywhere}form{margin-top:1.5rem}
button{font:inherit;font-weight:600;min-height:44px;padding:0 1.25rem;border:0;border-radius:8px;background:#0d6663;color:#fff;cursor:pointer}
button:hover{background:#0a5452}button:focus-visible{outline:2px solid #0b5f5c;outline-offset:2px}
@media(prefers-color-scheme:dark){body{background:#121110;color:#eeebe6}main{background:#1b1a18;border-color:#33302c}h1{color:#b5afa6}}`;

function page(
  reply: FastifyReply,
  speech: Speech,
  workspace: string,
  sentence: string,
  button: string | null,
) {
  const form = button ? `<form method="post"><button>${escaped(button)}</button></form>` : '';
  return reply
    .headers({
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
    })
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html lang="${speech.language}" dir="${speech.direction}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${escaped(workspace)}</title><style>${style}</style>
<main><h1>${escaped(workspace)}</h1><p>${escaped(sentence)}</p>${form}</main></html>`,
    );
}
