/**
 * Who a letter is from, and whether a person wrote it to us: letters of machines, of lists and of ourselves make no leads.
 * Pure: nothing is looked up.
 */
import type { Mailbox, Message } from '../../../engine/index.ts';

/** Why a letter makes no lead. */
export const passedFor = [
  { value: 'automatic', label: 'Written by a machine' },
  { value: 'bounce', label: 'A letter that came back' },
  { value: 'bulk', label: 'Sent to many' },
  { value: 'own', label: 'Written by us' },
  { value: 'loop', label: 'Goes in circles' },
  { value: 'noSender', label: 'No sender' },
] as const;
type PassedFor = (typeof passedFor)[number]['value'];

interface Judged {
  person: Mailbox | null;
  against: PassedFor | null;
}

/** What is known of us. */
export interface Us {
  /** Whether an address is one of ours. */
  isOwn(address: string): boolean;
  /** From which our own letters go out; null where none do. */
  mailer: string | null;
  /** Whether letters that come by way of a list are people's. */
  lists: boolean;
  /** Whether letters that we hand on are taken as those of whoever wrote them. */
  forwarded: boolean;
}

/** Mail servers it may have passed; more are a circle. Postfix gives up at as many (hopcount_limit). */
const mostHops = 50;

/**
 * Who wrote it, and what speaks against a lead; both are null where nobody did. `enclosed`: the letter that is handed on
 * with it.
 */
export function judged(message: Message, us: Us, enclosed: Message | null = null): Judged {
  const { from } = message;
  if (!from) return { person: null, against: 'noSender' };
  const same = (address: string) => address.toLowerCase() === from.address.toLowerCase();
  if (message.headers('received').length > mostHops || (us.mailer !== null && same(us.mailer)))
    return { person: from, against: 'loop' };
  if (isBounce(message, from)) return { person: from, against: 'bounce' };
  if (us.isOwn(from.address)) {
    const person = writerOf(message, us, enclosed);
    return person ? { person, against: null } : { person: from, against: 'own' };
  }
  const person = answerable(message, us);
  const byMachine = isOfMachine(message) || person === null;
  return {
    person: person ?? from,
    against: byMachine ? 'automatic' : isOfMany(message, us) ? 'bulk' : null,
  };
}

/** Addresses that take no answer, in several languages: many write from one, and would be one lead. */
const takesNoAnswer =
  /^(.*[._+-])?((no|not|do[._-]?not|dont)[._-]?reply|keine?[._-]?antwort(en)?|nicht[._-]?antworten|ne[._-]?pas[._-]?repondre|no[._-]?responder|non[._-]?rispondere)([._+-].*)?@/i;

/** Who can be written to: portals write for their visitors, who are those to whom answers go. */
function answerable({ from, replyTo }: Message, { isOwn }: Us): Mailbox | null {
  if (!takesNoAnswer.test(from!.address)) return from;
  return replyTo && !takesNoAnswer.test(replyTo.address) && !isOwn(replyTo.address) ? replyTo : null;
}

/** RFC 3464: reports of delivery have no way back, or say what they are. */
function isBounce({ headers }: Message, { address }: Mailbox): boolean {
  return (
    headers('return-path').some(path => path.replace(/\s/g, '') === '<>') ||
    headers('content-type').some(type => /^multipart\/report\b.*\bdelivery-status\b/s.test(type)) ||
    /^(mailer-daemon|postmaster)@/i.test(address)
  );
}

/** RFC 3834, and what programs said before there was one; RFC 6522: complaints, and notices that something was read. */
function isOfMachine({ headers }: Message): boolean {
  return (
    headers('content-type').some(type => /^multipart\/report\b/.test(type)) ||
    headers('auto-submitted').some(value => !/^no\b/.test(value)) ||
    ['x-autoreply', 'x-autorespond', 'x-auto-response-suppress'].some(name => headers(name).length > 0) ||
    headers('precedence').some(value => /^auto_reply/.test(value))
  );
}

/** RFC 2919, RFC 2369. A group address adds the same to what people write to it. */
function isOfMany({ headers }: Message, { lists }: Us): boolean {
  const many = headers('precedence').some(value => /^(bulk|junk|list)/.test(value));
  const listed = headers('list-id').length > 0 || headers('list-unsubscribe').length > 0;
  return !lists && (many || listed);
}

/** Whoever wrote what one of us handed on: a website on behalf of its visitor, a colleague who forwards. */
function writerOf(message: Message, { isOwn, forwarded }: Us, enclosed: Message | null): Mailbox | null {
  const { replyTo } = message;
  if (replyTo && !isOwn(replyTo.address)) return replyTo;
  if (!forwarded) return null;
  const written = [enclosed?.from, forwardedOf(enclosed?.text ?? ''), forwardedOf(message.text)];
  return written.find(each => each && !isOwn(each.address)) ?? null;
}

/** Whether letters that are enclosed are looked at: one of us hands something on, and on nobody's behalf. */
export const mayEnclose = ({ from, replyTo }: Message, { isOwn, forwarded }: Us) =>
  forwarded && from !== null && isOwn(from.address) && (!replyTo || isOwn(replyTo.address));

/** Whether a file is a letter, by what its program calls it. */
export const isLetter = ({ name, mediaType }: Message['attachments'][number]) =>
  mediaType === 'message/rfc822' || /\.eml$/i.test(name);

/** What stands in a letter and in the one that it encloses, as if the second were quoted in the first. */
export function together(message: Message, enclosed: Message): Message {
  const [others, inside] = [message.attachments.filter(file => !isLetter(file)), enclosed.attachments];
  return {
    ...message,
    subject: enclosed.subject || message.subject,
    text: [message.text, enclosed.text].filter(Boolean).join('\n\n'),
    sentAt: enclosed.sentAt ?? message.sentAt,
    attachments: [...others, ...inside],
  };
}

/** How mail programs call the lines of a head that they quote. */
const called = {
  from: 'from|von|de|da|من',
  others:
    'to|an|à|a|para|إلى|cc|kopie|date|datum|fecha|data|التاريخ|sent|gesendet|envoyé|enviado|inviato|subject|betreff|objet|asunto|oggetto|الموضوع',
};
const line = (names: string) => new RegExp(`^[>\\s*]*(?:${names})[ *\u00a0]*:[* ]*(.*)$`, 'iu');
const [fromLine, otherLine] = [line(called.from), line(called.others)];
/** Letters of a line that names a sender: more is no name. */
const longestSender = 500;
const addressIn = /[^\s<>()[\]:;,"']+@[^\s<>()[\]:;,"']+\.[^\s<>()[\]:;,"']+/g;

/**
 * Who wrote what is forwarded here: the first head that a mail program has quoted, told by its lines, of which one says from
 * whom and two or more the rest. Null where there is none, or its sender has no address or several.
 */
export function forwardedOf(text: string): Mailbox | null {
  const lines = text.slice(0, 200_000).split(/\r?\n/);
  for (const [at, each] of lines.entries()) {
    const [, said] = fromLine.exec(each) ?? [];
    if (said === undefined || headAround(lines, at) < 2) continue;
    // Long names are carried on to the next line.
    const next = lines[at + 1] ?? '';
    const whole = (otherLine.test(next) ? said : `${said} ${next.trim()}`).slice(0, longestSender);
    const addresses = [...new Set((whole.match(addressIn) ?? []).map(found => found.toLowerCase()))];
    if (addresses.length !== 1) return null;
    const name = whole.split(/[<[(]/)[0]!.replace(addressIn, '').replace(/["'*]/g, '').trim();
    return { name, address: addresses[0]! };
  }
  return null;
}

/** Other lines of a head close by: before it, as Thunderbird has them, or behind. */
function headAround(lines: string[], at: number): number {
  return lines.slice(Math.max(0, at - 4), at + 7).filter(each => otherLine.test(each)).length;
}

/** Addresses and names in small letters, marks aside, from which programs make words. */
export const subjectOf = (subject: string) =>
  subject.replace(/^(\s*(fwd?|wg|tr|rv|i|enc)\s*:\s*)+/i, '').trim() || subject;
