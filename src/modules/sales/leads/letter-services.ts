/**
 * How services that receive mail hand letters in: as they came, in a field of a form (Mailgun, SendGrid), or in a notice of
 * Amazon SNS. What they say of spam is put at the head of the letter, as mail servers do.
 */
import { FarleyError } from '../../../engine/index.ts';

/** A letter, or the address at which Amazon wants to hear that its notices are welcome. */
export type Posted = { letter: Buffer } | { confirm: string };

/** Fields that hold a letter as it came: of Mailgun (routes to an address that ends in `mime`), of SendGrid (raw). */
const raw = ['body-mime', 'email'];
/** Fields of a form that are looked at. */
const mostFields = 200;
/** From which points on SpamAssassin calls a letter spam, where nobody has said otherwise. */
const spamFrom = 5;
/** Milliseconds that Amazon has to answer. */
const patience = 10_000;
const flag = 'X-Spam-Flag: YES\r\n';

/** What was posted. Pure. Throws `invalidInput` where no letter is in it as it came. */
export function letterIn(bytes: Buffer, mediaType: string): Posted {
  const form = /^multipart\/form-data\b.*\bboundary="?([^";]{1,200})/is.exec(mediaType);
  if (form) return ofForm(partsOf(bytes, form[1]!));
  if (/^application\/x-www-form-urlencoded\b/i.test(mediaType)) return ofForm(pairsOf(bytes));
  // Amazon calls its notices plain text.
  return /^\s*\{/.test(bytes.toString('latin1', 0, 100)) ? ofNotice(bytes.toString()) : { letter: bytes };
}

function ofForm(fields: Map<string, Buffer>): Posted {
  const letter = raw.map(name => fields.get(name)).find(each => each !== undefined);
  if (!letter)
    throw new FarleyError(
      'invalidInput',
      'No field holds the letter as it came. Have it sent raw: Mailgun does so to the address that ends in /mime, SendGrid where its full MIME message is asked for.',
    );
  return { letter: flagged(letter, Number(fields.get('spam_score')?.toString('latin1')) >= spamFrom) };
}

const flagged = (letter: Buffer, spam: boolean) =>
  spam ? Buffer.concat([Buffer.from(flag), letter]) : letter;

/** RFC 7578: what stands between the boundaries, by its name, byte by byte as letters have any encoding. */
function partsOf(bytes: Buffer, boundary: string): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const cut = Buffer.from(`\r\n--${boundary}`, 'latin1');
  let from = bytes.indexOf(cut.subarray(2)) + cut.length - 2;
  for (let count = 0; count < mostFields; count++) {
    const to = bytes.indexOf(cut, from);
    if (to < 0) break;
    const part = bytes.subarray(from, to);
    const gap = part.indexOf('\r\n\r\n');
    const [, name] = /;\s*name="([^"]{1,100})"/i.exec(part.toString('latin1', 0, Math.min(gap, 1_000))) ?? [];
    if (gap >= 0 && name) found.set(name, part.subarray(gap + 4));
    from = to + cut.length;
  }
  return found;
}

/** Fields as a form without files sends them. */
function pairsOf(bytes: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let from = 0, count = 0; from < bytes.length && count < mostFields; count++) {
    const next = bytes.indexOf('&', from);
    const pair = bytes.subarray(from, next < 0 ? bytes.length : next);
    const gap = pair.indexOf('=');
    if (gap > 0 && gap < 100) found.set(pair.toString('latin1', 0, gap), unescaped(pair.subarray(gap + 1)));
    from += pair.length + 1;
  }
  return found;
}

const [percent, plus, blank] = [37, 43, 32];

/** Byte by byte, as it may be long and from anybody. */
function unescaped(bytes: Buffer): Buffer {
  const plain = Buffer.alloc(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    const hex = byte === percent ? Number.parseInt(bytes.toString('latin1', at + 1, at + 3), 16) : Number.NaN;
    if (!Number.isNaN(hex)) at += 2;
    plain[length++] = Number.isNaN(hex) ? (byte === plus ? blank : byte) : hex;
  }
  return plain.subarray(0, length);
}

interface Notice {
  Type?: unknown;
  Message?: unknown;
  SubscribeURL?: unknown;
  content?: unknown;
  receipt?: { [verdict: string]: { status?: unknown } | undefined };
}

/** What Amazon SNS posts: a question whether it may, or a letter that Amazon SES has received. */
function ofNotice(text: string): Posted {
  const notice = told(text);
  if (notice.Type === 'SubscriptionConfirmation' && typeof notice.SubscribeURL === 'string')
    return { confirm: notice.SubscribeURL };
  // Amazon may be told to leave its envelope away.
  const { content, receipt } = typeof notice.Message === 'string' ? told(notice.Message) : notice;
  if (typeof content !== 'string' || content === '')
    throw new FarleyError(
      'invalidInput',
      'This notice of Amazon holds no letter. Have the receipt rule publish to SNS itself, in Base64.',
    );
  // Heads have colons, which Base64 has not.
  const letter = Buffer.from(content, content.includes(':') ? 'utf8' : 'base64');
  const spam = ['spamVerdict', 'virusVerdict'].some(verdict => receipt?.[verdict]?.status === 'FAIL');
  return { letter: flagged(letter, spam) };
}

function told(text: string): Notice {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {}
  throw new FarleyError('invalidJson');
}

/** Where Amazon answers for SNS, and nobody else does. */
const amazon = /^sns\.[a-z0-9-]{1,40}\.amazonaws\.com(\.cn)?$/;

/**
 * Tells Amazon that the notices of a topic are welcome. Throws `invalidInput` where the address is none of Amazon's, which
 * is then not asked, `overloaded` where Amazon gives no answer: it asks again.
 */
export async function confirmNotices(address: string): Promise<void> {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' || url.port !== '' || !amazon.test(url.hostname))
    throw new FarleyError('invalidInput', 'This is no address at which Amazon SNS is confirmed.');
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(patience) }).catch(
    () => null,
  );
  await answer?.body?.cancel();
  if (!answer?.ok) throw new FarleyError('overloaded');
}
