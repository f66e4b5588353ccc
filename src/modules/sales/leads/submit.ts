/** What happens with what was sent by a form: read, judged, kept, confirmed where that is asked for, and let in. */
import {
  type Context,
  canonical,
  create,
  enqueue,
  FarleyError,
  find,
  type Json,
  newId,
  type ObjectModel,
  rows,
  type Transaction,
  update,
  type Values,
  type Visit,
  write,
} from '../../../engine/index.ts';
import { enter } from './door.ts';
import { type Question, questionsOf } from './form.ts';
import { textOfForm } from './form-words.ts';
import { type MailDomain, mailDomainOf } from './mail-domain.ts';
import { isWorked, readTicket, review, type Suspicion, suspicionsOf } from './spam.ts';
import { touchOf } from './touch.ts';

export interface Sending {
  values: { [field: string]: string };
  consent?: boolean | undefined;
  ticket?: string | undefined;
  work?: string | undefined;
  trap?: string | undefined;
  page?: string | undefined;
  referrer?: string | undefined;
  language?: string | undefined;
}

/** What the sender is told: it came in, or a letter is on its way. Whether it looks like spam is told to nobody. */
export type Taken = { state: 'taken' | 'confirm' };

/** Takes a submission. Throws `invalidInput` with the fields at fault. Sent again, as by a second click, it is taken once. */
export async function submit(ctx: Context, form: Values, sending: Sending, visit: Visit): Promise<Taken> {
  const key = form.key as string;
  const now = ctx.clock.now();
  const ticket = readTicket(ctx.outside!.seal, key, sending.ticket ?? '');
  const values = read(ctx, form, sending);
  const suspicions = suspicionsOf({
    values: Object.fromEntries(Object.entries(sending.values).map(([name, text]) => [name, text])),
    trap: sending.trap ?? '',
    shownAt: ticket?.shownAt ?? null,
    worked: ticket !== null && isWorked(ticket, sending.work ?? ''),
    now: now.getTime(),
    language: sending.language ?? ctx.settings.locale,
  });
  const points = suspicions.reduce((sum, suspicion) => sum + suspicion.points, 0);
  const nonce = ticket?.nonce ?? newId();
  const at = now.toISOString();
  const touch = touchOf(sending.page, sending.referrer, at) as unknown as Json;
  const consent = consentOf(form, sending, visit, at);
  const fields = await checked(ctx, {
    ...values,
    ...fixed(form),
    firstTouch: touch,
    lastTouch: touch,
    consent,
  });
  const waits = form.doubleOptIn === true && typeof fields.email === 'string';
  const state = points >= review ? 'inReview' : waits ? 'unconfirmed' : 'accepted';
  const taken: Taken = { state: waits ? 'confirm' : 'taken' };
  const [known] = await rows(ctx, 'formSubmission', {
    filter: { field: 'nonce', op: 'is', value: nonce },
    fields: [],
  });
  if (known) return taken;
  const mailDomain = await domainOf(form, fields, now.getTime());
  await ctx.db
    .transaction(async tx => {
      const inside = named({ ...ctx, tx, changeSet: newId() }, fields);
      const id = await keep(inside, form, {
        fields,
        values,
        suspicions,
        points,
        state,
        nonce,
        touch,
        consent,
        mailDomain,
        at,
        language: sending.language ?? null,
      });
      if (state === 'accepted') await letIn(inside, id);
      if (state === 'unconfirmed')
        await enqueue(inside, tx, [{ task: 'mailConfirmation', payload: { submission: id } }]);
    })
    .catch(error => {
      // The same was sent at the same moment, and is kept.
      if (!(error instanceof FarleyError && isTwice(error))) throw error;
    });
  return taken;
}

/** Whether it was kept at the same moment. */
export const isTwice = ({ problems }: FarleyError) =>
  problems.some(({ pointer }) => pointer.endsWith('/nonce'));

/** The system, but called by the name of whoever sends. */
export function named<C extends Context>(ctx: C, fields: Values): C {
  const name = (fields.name as { full?: string } | null)?.full ?? (fields.email as string | null) ?? '';
  return { ...ctx, actor: { ...ctx.actor, name: name || ctx.actor.name } };
}

/** What was written, question by question; all that is missing at once. */
function read(ctx: Context, form: Values, sending: Sending): Values {
  const questions = questionsOf(form.questions!);
  const lead = ctx.model.objects.get('lead')!;
  const problems = questions
    .filter(question => isMissing(question, sending))
    .map(({ field, label }) => ({
      pointer: `/values/${field}`,
      code: 'required',
      message: `${label ?? lead.fields.get(field)?.label ?? field} is needed.`,
    }));
  if (consentText(form, sending) !== null && form.consentRequired === true && sending.consent !== true)
    problems.push({ pointer: '/consent', code: 'required', message: 'Consent is needed.' });
  if (problems.length > 0) throw new FarleyError('invalidInput', problems[0]!.message, { problems });
  return Object.fromEntries(
    questions.flatMap(({ field, hidden, value }): [string, Json][] => {
      const written = hidden ? value : sending.values[field];
      return written?.trim() && settable(lead, field) ? [[field, written.trim()]] : [];
    }),
  );
}

const isMissing = ({ field, hidden, required }: Question, { values }: Sending) =>
  !hidden && required === true && !values[field]?.trim();

/** Whether people, and so visitors, fill it in at all. */
export function settable(lead: ObjectModel, name: string): boolean {
  const field = lead.fields.get(name);
  return (
    field !== undefined &&
    !field.system &&
    field.options.readOnly !== true &&
    field.type.storage.kind !== 'computed'
  );
}

const fixed = (form: Values): Values => ({
  source: form.source ?? null,
  campaign: form.campaign ?? null,
  form: form.id!,
  owner: form.owner ?? null,
});

/** What the DNS says of the address; one that surely takes no mail is refused, as a letter to it would come back. */
async function domainOf(form: Values, fields: Values, now: number): Promise<MailDomain | null> {
  if (form.checkMail !== true || typeof fields.email !== 'string') return null;
  const says = await mailDomainOf(fields.email, now);
  if (says !== 'refuses') return says;
  const message = `${fields.email.split('@').at(-1)} takes no e-mail. Check the address.`;
  throw new FarleyError('invalidInput', message, {
    problems: [{ pointer: '/values/email', code: 'takesNoMail', message }],
  });
}

/** As the page has shown it. */
const consentText = (form: Values, { language }: Sending) =>
  textOfForm(form, 'consent', (form.language as string | null) || language || '');

/** What was agreed to: the text as it stood, when, from where, and in which edition of the form. */
function consentOf(form: Values, sending: Sending, visit: Visit, at: string): Json {
  const text = consentText(form, sending);
  if (text === null || sending.consent !== true) return null;
  const { address, agent } = visit;
  return { text, at, form: form.id!, version: form.version!, address, agent };
}

/** The values in their canonical form, as the write path reads them; nothing is written. */
export async function checked(ctx: Context, values: Values): Promise<Values> {
  const { results } = await write(ctx, 'lead', [{ op: 'create', values }], {
    dryRun: true,
    perItem: true,
    trusted: true,
  });
  const problems = results[0]!.problems
    .filter(({ code }) => code !== 'duplicate')
    .map(problem => ({ ...problem, pointer: `/values${problem.pointer}` }));
  if (problems.length > 0) throw new FarleyError('invalidInput', problems[0]!.message, { problems });
  return canonical(ctx, 'lead', values);
}

interface Judged {
  fields: Values;
  values: Values;
  suspicions: Suspicion[];
  points: number;
  state: string;
  nonce: string;
  touch: Json;
  consent: Json;
  mailDomain: MailDomain | null;
  at: string;
  language: string | null;
}

function keep(ctx: Context, form: Values, judged: Judged): Promise<string> {
  const { fields, values, suspicions, points, state, nonce, touch, consent, mailDomain, at, language } =
    judged;
  const name = (fields.name as { full?: string } | null)?.full ?? fields.email ?? fields.phone ?? form.name;
  return create(
    ctx,
    'formSubmission',
    {
      name: String(name).slice(0, 200),
      form: form.id!,
      state,
      submittedAt: at,
      values: fields,
      text: textOf(ctx, form, values),
      points,
      suspicions: suspicions as unknown as Json,
      touch,
      consent,
      mailDomain,
      language,
      nonce,
      owner: form.owner ?? null,
    },
    { trusted: true },
  );
}

/** The answers as people read them in a timeline. */
function textOf(ctx: Context, form: Values, values: Values): string {
  const lead = ctx.model.objects.get('lead')!;
  return questionsOf(form.questions!)
    .filter(({ field, hidden }) => !hidden && values[field])
    .map(({ field, label }) => `**${label ?? lead.fields.get(field)!.label}:** ${String(values[field])}`)
    .join('\n\n');
}

/** Lets a kept submission through the door, and says on it what came of it. In the context's transaction. */
export async function letIn(ctx: Context & { tx: Transaction }, id: string): Promise<string> {
  const submission = await find(ctx, 'formSubmission', id);
  const { lead, person, conflicts } = await enter(ctx, submission.values as Values);
  const about = [{ object: 'lead', id: lead }, ...(person ? [{ object: 'person', id: person }] : [])];
  // A letter stands in timelines as what it is.
  const email = (submission.email as { id: string } | null)?.id;
  if (email) await update(ctx, 'email', email, { about }, { trusted: true });
  await update(
    ctx,
    'formSubmission',
    id,
    {
      state: 'accepted',
      lead,
      about: email ? [] : about,
      passedFor: null,
      conflicts: Object.keys(conflicts).length > 0 ? conflicts : null,
    },
    { trusted: true },
  );
  return lead;
}
