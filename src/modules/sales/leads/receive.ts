/**
 * A letter that comes in by itself: kept as an e-mail, judged, and let in by the door by which forms let people in. The
 * same letter a second time is the first one.
 */
import { createHash } from 'node:crypto';
import {
  type Context,
  create,
  domainOf,
  FarleyError,
  type Json,
  keeper,
  type Mailbox,
  type Message,
  newId,
  readMessage,
  rows,
  type Transaction,
  type Values,
  write,
} from '../../../engine/index.ts';
import { isLetter, judged, mayEnclose, subjectOf, together, type Us } from './letter.ts';
import { review, type Suspicion, suspicionsOfLetter } from './spam.ts';
import { checked, isTwice, letIn, named } from './submit.ts';

type Inside = Context & { tx: Transaction };

export interface Received {
  state: 'taken' | 'inReview' | 'passedOver' | 'known';
  reason: string | null;
}

/** Characters of a letter that a lead keeps; the whole stands beside it. */
const mostSaid = 5_000;
/** Files of a letter that are kept. */
const mostFiles = 50;

/** Takes a letter in. `address`: the lead address that it came by. Throws `invalidInput` where it is no letter. */
export async function receive(ctx: Context, address: Values, bytes: Buffer): Promise<Received> {
  const came = await readMessage(bytes);
  if (!came.from && !came.subject && !came.text)
    throw new FarleyError('invalidInput', 'This is no letter: it has neither sender nor subject nor text.');
  const nonce = `letter ${sumOf(came, bytes)}`;
  if (await isKnown(ctx, nonce)) return { state: 'known', reason: null };
  const we = await us(ctx, address);
  const enclosed = await enclosedIn(came, we);
  const { person, against } = judged(came, we, enclosed);
  const message = enclosed && !against ? together(came, enclosed) : came;
  const fields = await leadOf(ctx, address, message, person);
  const passed = against ?? (fields ? null : 'noSender');
  const suspicions = passed ? [] : suspicionsOfLetter(message, person!.address, ctx.settings.locale);
  const points = suspicions.reduce((sum, suspicion) => sum + suspicion.points, 0);
  const state = passed ? 'passedOver' : points >= review ? 'inReview' : 'accepted';
  const letter = { message, person, address, fields, nonce, state, passed, suspicions, points };
  const files = passed ? [] : await stored(ctx, message);
  return ctx.db
    .transaction(async tx => {
      const inside = named({ ...ctx, tx, changeSet: newId() }, fields ?? { email: person?.address ?? null });
      const id = await keep(inside, letter, files);
      if (state === 'accepted') await letIn(inside, id);
      return { state: state === 'accepted' ? 'taken' : state, reason: passed } as Received;
    })
    .catch(error => {
      // It came twice at the same moment, and is kept.
      if (error instanceof FarleyError && isTwice(error)) return { state: 'known', reason: null };
      throw error;
    });
}

/** Letters in letters that are opened; whoever hands on what was handed on by a colleague makes two. */
const mostEnclosed = 2;

/** The letter that one of us hands on as a file, or the one inside it where one of us wrote that; null where there is none. */
async function enclosedIn(message: Message, we: Us): Promise<Message | null> {
  let found: Message | null = null;
  for (let depth = 0; depth < mostEnclosed; depth++) {
    const outer = found ?? message;
    const file = mayEnclose(outer, we) ? outer.attachments.find(isLetter) : undefined;
    if (!file) return found;
    found = await readMessage(file.content);
  }
  return found;
}

/** What a letter is known by: its id with its sender, as ids are made by whoever sends; without one all of it. */
function sumOf({ id, from }: Message, bytes: Buffer): string {
  const sum = createHash('sha256');
  return (id ? sum.update(`${id} ${from?.address.toLowerCase() ?? ''}`) : sum.update(bytes)).digest('hex');
}

async function isKnown(ctx: Context, nonce: string): Promise<boolean> {
  const [known] = await rows(ctx, 'formSubmission', {
    filter: { field: 'nonce', op: 'is', value: nonce },
    fields: [],
  });
  return known !== undefined;
}

/** Our own addresses: those of users, and of their domains unless everyone may have one there. */
async function us(ctx: Context, { forwarded, lists }: Values): Promise<Us> {
  const users = await rows(ctx, 'user', {
    filter: {
      and: [
        { field: 'email', op: 'notEmpty' },
        { field: 'active', op: 'is', value: true },
      ],
    },
    fields: ['email'],
    limit: 1_000,
  });
  const own = new Set(users.map(({ email }) => String(email).toLowerCase()));
  const domains = new Set([...own].map(domainOf).filter(Boolean));
  const sender = ctx.outside?.mail?.from ?? '';
  return {
    isOwn: each => own.has(each.toLowerCase()) || domains.has(domainOf(each)),
    mailer: /[^\s<]+@[^\s>]+/.exec(sender)?.[0] ?? null,
    forwarded: forwarded === true,
    lists: lists === true,
  };
}

/** What the lead says; null where its sender can be no lead. What cannot be kept is left out: a letter has no form. */
async function leadOf(
  ctx: Context,
  address: Values,
  { sentAt, text }: Message,
  person: Mailbox | null,
): Promise<Values | null> {
  if (!person) return null;
  const touch = { channel: 'email', at: momentOf(ctx, sentAt) };
  const values: Values = {
    ...(person.name ? { name: person.name.slice(0, 200) } : {}),
    email: person.address,
    description: text.slice(0, mostSaid) || null,
    source: address.source ?? null,
    campaign: address.campaign ?? null,
    owner: address.owner ?? null,
    firstTouch: touch,
    lastTouch: touch,
  };
  try {
    return await checked(ctx, values);
  } catch (error) {
    if (error instanceof FarleyError && error.code === 'invalidInput') return null;
    throw error;
  }
}

/** When it was sent; now where it does not say, or a moment to come: clocks of other machines may be ahead. */
function momentOf(ctx: Context, sentAt: string | null): string {
  const now = ctx.clock.now().toISOString();
  return sentAt !== null && sentAt < now ? sentAt : now;
}

interface StoredFile {
  [part: string]: Json;
  id: string;
}

/** Contents go to the store before anything is written. Those of a letter that nobody keeps are swept away. */
async function stored(ctx: Context, { attachments }: Message): Promise<StoredFile[]> {
  if (!ctx.files) return [];
  const take = keeper(ctx.files);
  const files: StoredFile[] = [];
  for (const { name, mediaType, content } of attachments.slice(0, mostFiles))
    if (content.length > 0) files.push({ id: newId(), name, mediaType, ...(await take(content)) });
  return files;
}

interface Letter {
  message: Message;
  person: Mailbox | null;
  address: Values;
  fields: Values | null;
  nonce: string;
  state: string;
  passed: string | null;
  suspicions: Suspicion[];
  points: number;
}

/** The letter as an e-mail, and what came of it as a submission. */
async function keep(ctx: Inside, letter: Letter, files: StoredFile[]): Promise<string> {
  const { message, person, address, fields, nonce, state, passed, suspicions, points } = letter;
  const email = await emailOf(ctx, letter, files);
  const { name, address: from } = person ?? { name: '', address: '' };
  return create(
    ctx,
    'formSubmission',
    {
      name: (name || from || message.subject || 'Letter').slice(0, 200),
      address: address.id!,
      email,
      state,
      passedFor: passed,
      submittedAt: ctx.clock.now().toISOString(),
      values: fields ?? { email: from || null },
      text: message.text.slice(0, mostSaid) || null,
      points,
      suspicions: suspicions as unknown as Json,
      touch: fields?.lastTouch ?? null,
      nonce,
      owner: address.owner ?? null,
    },
    { trusted: true },
  );
}

/** Who wrote it stands as its sender, whoever handed it on: what we hand on is no contact of ours. */
async function emailOf(ctx: Inside, { message, person, address }: Letter, files: StoredFile[]) {
  if (files.length > 0)
    await write(
      ctx,
      'file',
      files.map(values => ({ op: 'create' as const, values })),
      { trusted: true },
    );
  const { id, from, subject, text, to, cc, sentAt, inReplyTo } = message;
  const handedOn = person !== null && person.address !== from?.address;
  const values: Values = {
    subject: (handedOn ? subjectOf(subject) : subject).slice(0, 1_000) || null,
    sender: person?.address ?? null,
    senderName: person?.name.slice(0, 1_000) || null,
    recipients: to || null,
    copies: cc || null,
    sentAt: momentOf(ctx, sentAt),
    text: text || null,
    replyTo: inReplyTo?.slice(0, 1_000) ?? null,
    owner: address.owner ?? null,
    attachments: files.map(file => file.id),
    // An import of the mailbox meets it by this.
    ...(id ? { externalIds: { file: id } } : {}),
  };
  return create(ctx, 'email', await keepable(ctx, values), { trusted: true });
}

/** Without what cannot be kept, such as an address that is none. */
async function keepable(ctx: Inside, values: Values): Promise<Values> {
  const { results } = await write(ctx, 'email', [{ op: 'create', values }], {
    dryRun: true,
    perItem: true,
    trusted: true,
  });
  const wrong = new Set(results[0]!.problems.map(({ pointer }) => pointer.split('/')[1]));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !wrong.has(name)));
}
