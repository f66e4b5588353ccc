/** The page on which visitors answer a form; the letter that asks whether it was them; and what is decided by hand. */
import { type Static, Type } from 'typebox';
import {
  asSystem,
  type Context,
  defineJob,
  defineLink,
  definePage,
  defineReport,
  defineVerb,
  defineWatch,
  escaped,
  FarleyError,
  type Field,
  find,
  type Json,
  newId,
  rows,
  speechOf,
  takes,
  update,
  type Values,
  write,
} from '../../../engine/index.ts';
import { FormSubmission, type Question, questionsOf, websitesOf } from './form.ts';
import { type FormText, textOfForm, wordsOfQuestion } from './form-words.ts';
import { Effort, writeTicket } from './spam.ts';
import { letIn, settable, submit } from './submit.ts';

const Text = Type.String();
const MaybeText = Type.Union([Text, Type.Null()]);

const Shown = Type.Object({
  from: Text,
  heading: MaybeText,
  intro: MaybeText,
  button: MaybeText,
  language: MaybeText,
  accent: MaybeText,
  questions: Type.Array(
    Type.Object({
      field: Text,
      label: Text,
      labels: Type.Unsafe<Record<string, string>>(Type.Object({}, { additionalProperties: Text })),
      help: MaybeText,
      kind: Type.String({ description: 'text, email, tel, url, long, choice, yes, number or date.' }),
      required: Type.Boolean(),
      choices: Type.Array(Type.Object({ value: Text, label: Text })),
    }),
  ),
  consent: Type.Union([Type.Object({ text: Text, required: Type.Boolean() }), Type.Null()]),
  ticket: Type.String({ description: 'Sent back with the answers: when the form was shown.' }),
  bits: Type.Integer({
    description:
      'Leading bits of SHA-256(nonce.work) that have to be nought; the nonce is the second part of the ticket.',
  }),
});

export type ShownForm = Static<typeof Shown>;

const effort = new Effort();

async function formOf(ctx: Context, payload: Json): Promise<Values | null> {
  const { key } = payload as { key: string };
  const [form] = await rows(ctx, 'leadForm', { filter: { field: 'key', op: 'is', value: key }, limit: 1 });
  return form?.active === true ? form : null;
}

/** How a question is asked, by what the field takes. */
function kindOf({ name, type, options }: Field & { options: { choices?: unknown } }, field: Field): string {
  if (options.choices) return 'choice';
  const known: Record<string, string> = { email: 'email', phone: 'tel', website: 'url', description: 'long' };
  const shape = type.schema(field) as { type?: string; format?: string };
  const byShape: Record<string, string> = { boolean: 'yes', number: 'number', integer: 'number' };
  return known[name] ?? (shape.format === 'date' ? 'date' : byShape[shape.type ?? '']) ?? 'text';
}

function shownQuestion(ctx: Context, question: Question, language: string): ShownForm['questions'] {
  const lead = ctx.model.objects.get('lead')!;
  const field = lead.fields.get(question.field);
  if (!field || question.hidden || !settable(lead, question.field)) return [];
  const { label: said } = speechOf(language);
  const words = wordsOfQuestion(question, language);
  const choices = ((field.options.choices ?? []) as (string | { value: string; label: string })[]).map(
    each => (typeof each === 'string' ? { value: each, label: each } : each),
  );
  const word = (text: string) => said(text.charAt(0).toUpperCase() + text.slice(1));
  return [
    {
      field: question.field,
      label: words.label ?? said(field.label),
      labels: question.labels ?? {},
      help: words.help,
      kind: kindOf(field, field),
      required: question.required === true,
      choices: choices.map(({ value, label }) => ({ value, label: word(label) })),
    },
  ];
}

/** The form's language, else the visitor's, else that of the workspace. */
const spokenBy = (form: Values, language: string, ctx: Context): string =>
  (form.language as string | null) || language || ctx.settings.locale;

async function shown(
  ctx: Context,
  payload: Json,
  address: string,
  language: string,
): Promise<ShownForm | null> {
  const form = await formOf(ctx, payload);
  if (!form) return null;
  const now = ctx.clock.now().getTime();
  const spoken = spokenBy(form, language, ctx);
  const bits = effort.bitsFor(address, now);
  const text = (name: FormText) => textOfForm(form, name, spoken);
  const consent = text('consent');
  return {
    from: ctx.settings.label,
    heading: text('heading'),
    intro: text('intro'),
    button: text('button'),
    language: (form.language as string | null) || null,
    accent: (form.accent as string | null) || null,
    questions: questionsOf(form.questions!).flatMap(question => shownQuestion(ctx, question, spoken)),
    consent: consent === null ? null : { text: consent, required: form.consentRequired === true },
    ticket: writeTicket(ctx.outside!.seal, form.key as string, { shownAt: now, nonce: newId(), bits }),
    bits,
  };
}

const Short = Type.Optional(Type.String({ maxLength: 2_000 }));

const SentForm = Type.Object(
  {
    values: Type.Unsafe<Record<string, string>>(
      Type.Object({}, { additionalProperties: Type.String({ maxLength: 5_000 }), maxProperties: 50 }),
    ),
    consent: Type.Optional(Type.Boolean()),
    ticket: Short,
    work: Type.Optional(Type.String({ maxLength: 12 })),
    trap: Short,
    page: Short,
    referrer: Short,
    language: Type.Optional(Type.String({ maxLength: 35 })),
  },
  { additionalProperties: false },
);

const Answer = Type.Object({
  state: Type.String({ description: 'taken, or confirm: a letter asks first.' }),
  thanks: MaybeText,
  redirect: MaybeText,
});

export const formPage = definePage('form', {
  summary: 'A form, for visitors of a website',
  known: {
    path: 'f',
    websites: async (ctx, payload) => websitesOf((await formOf(ctx, payload))?.websites),
  },
  shows: Shown,
  show: (ctx, payload, { address }) => shown(ctx, payload, address, ''),
  takes: {
    ask: takes({
      summary: 'its questions in a language; nothing is kept',
      input: Type.Object(
        { language: Type.Optional(Type.String({ maxLength: 35 })) },
        { additionalProperties: false },
      ),
      answer: Shown,
      run: async (ctx, payload, { language }, { address }) =>
        found(await shown(ctx, payload, address, language ?? '')),
    }),
    send: takes({
      summary: 'send the answers',
      input: SentForm,
      answer: Answer,
      run: async (ctx, payload, sent, visit) => {
        const form = found(await formOf(ctx, payload));
        const { state } = await submit(ctx, form, sent, visit);
        return {
          state,
          thanks: textOfForm(form, 'thanks', spokenBy(form, sent.language ?? '', ctx)),
          redirect: form.redirect as string | null,
        };
      },
    }),
  },
});

/** Where a form is, and what puts it into another website. */
export const formLinkReport = defineReport('form-link', {
  label: 'Address of a form',
  description: 'The address at which visitors answer it, and the code that shows it on another website',
  input: Type.Object({ form: Type.String({ format: 'uuid' }) }, { additionalProperties: false }),
  answer: Type.Object({ address: MaybeText, embed: MaybeText }),
  run: async (ctx, { form: id }) => {
    const { key, name } = await find(ctx, 'leadForm', id, { fields: ['key', 'name'] });
    if (!ctx.outside) return { address: null, embed: null };
    const { url } = ctx.outside;
    const form = `${ctx.settings.name}.${String(key)}`;
    const title = escaped(String(name));
    return {
      address: `${url}/f/${form}`,
      embed: `<script src="${url}/embed.js" data-form="${form}" data-title="${title}" async></script>`,
    };
  },
});

function found<T>(value: T | null): T {
  if (value === null) throw new FarleyError('notFound', 'There is nothing to see here any more.');
  return value;
}

export const mailConfirmation = defineJob('mailConfirmation', {
  label: 'Asking senders of forms whether it was them',
  run: async (ctx, { submission: id }, report) => {
    const own = asSystem(ctx, 'confirming a form');
    const submission = await find(own, 'formSubmission', id as string);
    const to = (submission.values as Values).email as string;
    const { mail, link } = ctx.outside ?? {};
    if (!mail || !link) {
      report.skipped(String(submission.name), 'There is no mail server.');
      return;
    }
    const { t, language, direction } = speechOf(
      (submission.language as string | null) ?? ctx.settings.locale,
    );
    const from = ctx.settings.label;
    const address = link({
      workspace: ctx.settings.name,
      link: 'confirm-form',
      payload: { submission: id! },
    });
    const subject = t('letters.confirm.subject', { from });
    const words = t('letters.confirm.text', { from });
    const otherwise = t('letters.confirm.otherwise');
    await mail.send({
      to,
      subject,
      text: [words, address, otherwise].join('\n\n'),
      html: `<!doctype html><html lang="${language}" dir="${direction}"><body dir="${direction}"><p>${escaped(words)}</p><p><a href="${escaped(address)}">${escaped(t('letters.confirm.button'))}</a></p><p>${escaped(otherwise)}</p></body></html>`,
      id: id as string,
    });
    report.done(1);
  },
});

async function unconfirmed(ctx: Context, payload: Json): Promise<Values | null> {
  const { submission: id } = payload as { submission: string };
  const [submission] = await rows(ctx, 'formSubmission', { filter: { field: 'id', op: 'is', value: id } });
  return submission?.state === 'unconfirmed' ? submission : null;
}

/** In the letter: the sender says that it was them, and what they sent comes in. */
export const confirmForm = defineLink('confirm-form', {
  ask: async (ctx, payload) => {
    const submission = await unconfirmed(ctx, payload);
    if (!submission) return null;
    const { t, locale } = speechOf((submission.language as string | null) ?? ctx.settings.locale);
    const question = t('letters.confirm.question', { from: ctx.settings.label });
    return { question, button: t('letters.confirm.button'), locale };
  },
  run: async (ctx, payload) => {
    const { submission: id } = payload as { submission: string };
    const done = await ctx.db.transaction(async tx => {
      const inside = { ...ctx, tx, changeSet: newId() };
      const submission = await unconfirmed(inside, payload);
      if (!submission) return null;
      const at = ctx.clock.now().toISOString();
      const values = submission.values as Values;
      const consent = values.consent ? { ...(values.consent as Values), confirmedAt: at } : null;
      await update(
        inside,
        'formSubmission',
        id,
        { confirmedAt: at, consent, values: { ...values, consent } },
        { trusted: true },
      );
      await letIn(inside, id);
      return submission;
    });
    const { t } = speechOf((done?.language as string | null | undefined) ?? ctx.settings.locale);
    return t('letters.confirm.done');
  },
});

/** At a time; the rest follows with the next look. */
const most = 500;

/** What nobody confirmed goes to the trash, after as many days as its form says. */
export const forgetUnconfirmed = defineWatch('unconfirmed-forms', {
  label: 'Forms that nobody confirmed',
  every: 3_600,
  run: async (ctx, _changes, skipped) => {
    const forms = await rows(ctx, 'leadForm', { fields: ['keepDays'], limit: 1_000 });
    for (const { id, keepDays } of forms) {
      const before = new Date(ctx.clock.now().getTime() - Number(keepDays ?? 7) * 86_400_000).toISOString();
      const gone = await rows(ctx, 'formSubmission', {
        filter: {
          and: [
            { field: 'form', op: 'is', value: id! },
            { field: 'state', op: 'is', value: 'unconfirmed' },
            { field: 'submittedAt', op: 'lt', value: before },
          ],
        },
        fields: [],
        limit: most,
      });
      if (gone.length === 0) continue;
      await write(
        ctx,
        'formSubmission',
        gone.map(each => ({ op: 'delete' as const, id: each.id as string })),
      );
      skipped(`${gone.length} form submissions`, 'Their senders have not confirmed them.');
    }
  },
});

export const admitSubmission = defineVerb(FormSubmission, {
  name: 'admit',
  label: 'Not spam',
  icon: 'check',
  description: 'Lets what was held back in, as a lead.',
  input: Type.Object({}),
  allow: { field: 'state', is: ['inReview', 'spam', 'unconfirmed', 'passedOver'] },
  event: { sentence: '{actor} let {submission} in', icon: 'check' },
  run: async (ctx, id) => {
    const { name } = await find(ctx, 'formSubmission', id, { fields: ['name'] });
    const own = asSystem(ctx, 'form submission');
    const lead = await letIn({ ...own, tx: ctx.tx! }, id);
    return { events: { [id]: { submission: name! } }, result: { id, lead } };
  },
});

export const rejectSubmission = defineVerb(FormSubmission, {
  name: 'reject',
  label: 'Spam',
  icon: 'ban',
  description: 'Sets it aside; nobody is told of it.',
  input: Type.Object({}),
  allow: { field: 'state', is: ['inReview', 'unconfirmed'] },
  event: { sentence: '{actor} called {submission} spam', icon: 'ban' },
  run: async (ctx, id) => {
    const { name } = await find(ctx, 'formSubmission', id, { fields: ['name'] });
    await update(ctx, 'formSubmission', id, { state: 'spam' });
    return { events: { [id]: { submission: name! } }, result: { id } };
  },
});
