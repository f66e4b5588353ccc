/** Forms on websites through which people turn to a company, and what came in by them. */
import { type Draft, defineObject, type Json, type Problem } from '../../../engine/index.ts';
import {
  boolean,
  choice,
  colour,
  dateTime,
  json,
  language,
  link,
  longText,
  number,
  relatedToMany,
  text,
  url,
  user,
} from '../../../fields/index.ts';
import { wrongTranslations } from './form-words.ts';
import { leadSources } from './lead.ts';
import { passedFor } from './letter.ts';

/** One question of a form. Texts other than the label may be left out. */
export interface Question {
  /** Name of a field of the lead. */
  field: string;
  label?: string;
  help?: string;
  required?: boolean;
  /** Nobody is asked: `value` is set. */
  hidden?: boolean;
  value?: string;
  /** Label by language, where it is said otherwise there: `{ "de": "Firma" }`. */
  labels?: { [language: string]: string };
  /** Help by language. */
  helps?: { [language: string]: string };
}

const usual: Question[] = [
  { field: 'name', required: true },
  { field: 'email', required: true },
  { field: 'companyName' },
  { field: 'description' },
];

export const LeadForm = defineObject('leadForm', {
  label: 'Lead form',
  plural: 'Lead forms',
  icon: 'forms',
  description: 'Questions on a website; who answers them becomes a lead.',
  title: 'name',
  setup: true,
  fields: {
    name: text({ required: true }),
    key: text({
      unique: true,
      searchable: false,
      label: 'Name in the address',
      help: 'Made of the name where left empty: contact-us.',
    }),
    active: boolean({ default: true }),
    heading: text({ searchable: false }),
    intro: longText({ label: 'Introduction' }),
    questions: json({
      required: true,
      default: usual as unknown as Json,
      searchable: false,
      hidden: true,
      help: 'List of { field, label, help, required, hidden, value, labels, helps }, each for a field of the lead.',
    }),
    button: text({ searchable: false, help: 'What stands on the button.' }),
    thanks: longText({ label: 'Thank-you text' }),
    redirect: url({ label: 'Address to go on to' }),
    language: language({ help: 'Empty: that of the visitor’s browser.' }),
    translations: json({
      hidden: true,
      searchable: false,
      help: 'Texts in other languages: { "de": { heading, intro, button, thanks, consent } }.',
    }),
    accent: colour({ label: 'Accent colour' }),
    consent: longText({
      label: 'Consent text',
      help: 'Empty: nothing is asked. It is kept with each answer.',
    }),
    consentRequired: boolean({ default: true, label: 'Consent is needed' }),
    doubleOptIn: boolean({
      default: false,
      label: 'Confirm by e-mail',
      help: 'An answer counts once its sender has opened a link in a letter.',
    }),
    checkMail: boolean({
      default: false,
      label: 'Look up e-mail domains',
      help: 'Addresses whose domain surely takes no mail are refused; the DNS is asked for them.',
    }),
    keepDays: number({
      integer: true,
      min: 1,
      max: 90,
      default: 7,
      label: 'Days until what nobody confirms is removed',
    }),
    websites: longText({
      searchable: false,
      label: 'Websites that may embed it',
      help: 'One address per line: https://www.example.com.',
    }),
    source: choice({ choices: leadSources, default: 'website' }),
    campaign: text(),
    owner: user({ inverse: 'leadForms', help: 'Empty: assignment rules decide.' }),
  },
  list: {
    columns: ['name', 'key', 'active', 'doubleOptIn', 'source', 'campaign', 'updatedAt'],
    sort: ['name'],
  },
  highlights: ['active', 'key', 'doubleOptIn', 'source'],
  derive: ({ record }) => ({ key: keyOf(String(record.key ?? '') || String(record.name ?? '')) }),
  check: draft => [
    ...wrongKey(draft),
    ...wrongQuestions(draft),
    ...wrongWebsites(draft),
    ...wrongTranslations(draft),
  ],
});

/** As it stands in the address: `Contact us` → `contact-us`. */
const keyOf = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);

function wrongKey({ record }: Draft): Problem[] {
  if (/^[a-z0-9][a-z0-9-]{0,79}$/.test(String(record.key))) return [];
  const message = 'The name in the address has small letters, digits and hyphens.';
  return [{ pointer: '/key', code: 'notAKey', message }];
}

/** What visitors do not set: who deals with it, and what became of it. */
const untouchable = new Set(['owner', 'status', 'disqualifiedFor', 'recycledFor', 'comesBackOn']);

/** The questions of a form; what is none is left out. */
export function questionsOf(value: Json): Question[] {
  const list = Array.isArray(value) ? value : [];
  return list.filter(isQuestion) as unknown as Question[];
}

function isQuestion(value: Json): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const text = (part: Json | undefined) => part === undefined || part === null || typeof part === 'string';
  const { field, label, help, value: set, labels, helps } = value;
  const named = [labels, helps].every(
    words => typeof words !== 'object' || words === null || Object.values(words).every(text),
  );
  return typeof field === 'string' && !untouchable.has(field) && [label, help, set].every(text) && named;
}

function wrongQuestions({ record, changes, problemsOf }: Draft): Problem[] {
  if (!changes('questions')) return [];
  const questions = questionsOf(record.questions!);
  const names = questions.map(({ field }) => field);
  const message =
    'A form has one to fifty questions, each for another field of the lead that people fill in.';
  const wrong = [{ pointer: '/questions', code: 'notQuestions', message }];
  const list = record.questions;
  if (!Array.isArray(list) || list.length !== questions.length || list.length === 0 || list.length > 50)
    return wrong;
  if (new Set(names).size < names.length) return wrong;
  return problemsOf('lead', { fields: names }).length > 0 ? wrong : [];
}

/** The origins that may show a form in a frame: `https://www.example.com`. */
export function websitesOf(value: Json | undefined): string[] {
  return linesOf(value).flatMap(line => originOf(line) ?? []);
}

const linesOf = (value: Json | undefined) =>
  String(value ?? '')
    .split(/[\s,;]+/)
    .filter(line => line !== '');

function originOf(line: string): string | null {
  if (!URL.canParse(line)) return null;
  const { protocol, origin } = new URL(line);
  return /^https?:$/.test(protocol) && /^[a-z]+:\/\/[\w.:[\]-]+$/.test(origin) ? origin : null;
}

function wrongWebsites({ record }: Draft): Problem[] {
  const wrong = linesOf(record.websites).filter(line => originOf(line) === null);
  const message = 'Websites are addresses such as https://www.example.com, one per line.';
  return wrong.length > 0 ? [{ pointer: '/websites', code: 'notWebsites', message }] : [];
}

export const FormSubmission = defineObject('formSubmission', {
  label: 'Form submission',
  plural: 'Form submissions',
  icon: 'inbox',
  description: 'What someone wrote into a form on a website, or in a letter.',
  title: 'name',
  owner: 'owner',
  timeline: { about: 'about', at: 'submittedAt' },
  fields: {
    name: text({ required: true }),
    form: link('leadForm', { readOnly: true, inverse: 'submissions' }),
    address: link('leadAddress', { readOnly: true, inverse: 'letters', label: 'Lead address' }),
    email: link('email', { readOnly: true, inverse: 'submissions', label: 'Letter' }),
    state: choice({
      choices: [
        'unconfirmed',
        { value: 'inReview', label: 'In review' },
        'accepted',
        'spam',
        { value: 'passedOver', label: 'Passed over' },
      ],
      default: 'accepted',
      readOnly: true,
      index: true,
    }),
    passedFor: choice({ choices: passedFor, readOnly: true, label: 'Passed over as' }),
    lead: link('lead', { readOnly: true, inverse: 'submissions' }),
    about: relatedToMany({ readOnly: true, label: 'About' }),
    submittedAt: dateTime({ readOnly: true, label: 'When', index: true }),
    values: json({ readOnly: true, hidden: true, searchable: false, label: 'Answers' }),
    text: longText({ readOnly: true }),
    points: number({ readOnly: true, integer: true, label: 'Spam points' }),
    mailDomain: choice({
      choices: [{ value: 'takes', label: 'Takes mail' }, 'unknown'],
      readOnly: true,
      label: 'Domain of the address',
      help: 'What the DNS said of it, where the form looks it up.',
    }),
    suspicions: json({ readOnly: true, hidden: true, searchable: false }),
    consent: json({ readOnly: true, hidden: true, searchable: false }),
    touch: json({ readOnly: true, hidden: true, searchable: false, label: 'Where it came from' }),
    conflicts: json({
      readOnly: true,
      hidden: true,
      searchable: false,
      label: 'Differs from what was known',
    }),
    confirmedAt: dateTime({ readOnly: true, label: 'Confirmed' }),
    language: text({ readOnly: true, hidden: true, searchable: false }),
    nonce: text({ readOnly: true, hidden: true, searchable: false, unique: true, label: 'Sent once' }),
    owner: user({ readOnly: true, inverse: 'formSubmissions' }),
  },
  list: {
    columns: ['name', 'form', 'state', 'lead', 'points', 'submittedAt'],
    sort: ['-submittedAt'],
  },
  highlights: ['state', 'form', 'lead', 'submittedAt'],
  attention: [
    {
      name: 'inReview',
      label: 'Might be spam, and nobody has looked',
      when: { field: 'state', op: 'is', value: 'inReview' },
    },
  ],
});
