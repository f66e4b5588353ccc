/** How people turn to Kaffeehaus Supplies on its website, who deals with them, and what waits for somebody. */
import { type Context, create, type Json, rows, update, write } from '../../../engine/index.ts';
import { staffByFirstName } from '../../workspace/module.ts';

/** Name, company, e-mail, what they wrote, source of the visit, hours ago, owner, why the other did not get it. */
type Asked = [string, string, string, string, string, number, 'Leyla' | 'Jonas', string];

const asked: Asked[] = [
  [
    'Clara Winkler',
    'Gasthof Winkler',
    'clara@gasthof-winkler.example',
    'We open a second breakfast room in May and need a machine for 80 guests.',
    'google',
    1,
    'Leyla',
    'turn',
  ],
  [
    'Mateo Rossi',
    'Studio Rossi',
    'mateo@studiorossi.example',
    'What does a service plan for one Barista Pro cost?',
    'newsletter',
    20,
    'Jonas',
    'turn',
  ],
  [
    'Hanna Lindqvist',
    'Lindqvist & Co',
    'hanna@lindqvist.example',
    'Can we taste the single origin somewhere in Graz?',
    'google',
    47,
    'Leyla',
    'load',
  ],
];

export async function leadsDemo(ctx: Context) {
  const staff = await staffByFirstName(ctx);
  const users = await rows(ctx, 'user', { fields: ['name'], limit: 200 });
  const names = new Map(users.map(({ id, name }) => [id as string, (name as { full: string }).full]));
  const [contact] = await forms(ctx);
  const rule = await rules(ctx, staff);
  for (const one of asked) await submission(ctx, { one, form: contact!, rule, staff, names });
  await held(ctx, contact!);
  await letters(ctx);
  await create(ctx, 'view', {
    name: 'Leads to contact',
    object: 'lead',
    icon: 'clock',
    filter: { field: 'contactState', op: 'isAnyOf', value: ['waiting', 'soon', 'late'] },
    sort: ['contactBy'],
    columns: ['name', 'companyName', 'contactBy', 'contactState', 'owner', 'source'].map(field => ({
      field,
    })),
    visibility: 'everyone',
    owner: staff.get('Max')!,
  });
  const day = (days: number) =>
    new Date(ctx.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10);
  await create(ctx, 'absence', {
    user: staff.get('Jonas')!,
    from: day(9),
    to: day(16),
    substitute: staff.get('Leyla')!,
    reason: 'Holidays',
  });
}

async function forms(ctx: Context): Promise<string[]> {
  const consent = 'I agree that Kaffeehaus Supplies keeps my answers and writes to me about my request.';
  const { results } = await write(ctx, 'leadForm', [
    {
      op: 'create',
      values: {
        name: 'Contact',
        heading: 'How can we help?',
        intro: 'We answer within two hours on working days.',
        button: 'Ask us',
        thanks: 'Thank you. One of us will call or write to you today.',
        websites: 'https://www.kaffeehaus.example',
        consent,
        questions: [
          { field: 'name', label: 'Your name', required: true },
          { field: 'email', required: true },
          { field: 'companyName', label: 'Hotel, café or office' },
          { field: 'description', label: 'What do you need?', help: 'How many guests, and from when on?' },
        ] as unknown as Json,
      },
    },
    {
      op: 'create',
      values: {
        name: 'Tasting',
        heading: 'Come to a tasting',
        campaign: 'Tastings',
        source: 'event',
        doubleOptIn: true,
        consent,
        questions: [
          { field: 'name', required: true },
          { field: 'email', required: true },
          { field: 'phone', help: 'So that we can reach you on the day.' },
        ] as unknown as Json,
      },
    },
  ]);
  return results.map(({ id }) => id);
}

async function rules(ctx: Context, staff: Map<string, string>): Promise<string> {
  const rule = await create(ctx, 'assignmentRule', {
    name: 'Inside sales',
    method: 'roundRobin',
    limit: 25,
    fallback: staff.get('Max')!,
    contactWithin: 7_200,
  });
  await write(
    ctx,
    'assignmentMember',
    ['Leyla', 'Jonas'].map(name => ({ op: 'create', values: { rule, user: staff.get(name)! } })),
  );
  return rule;
}

interface Cast {
  one: Asked;
  form: string;
  rule: string;
  staff: Map<string, string>;
  /** By id. */
  names: Map<string, string>;
}

async function submission(ctx: Context, { one, form, rule, staff, names }: Cast) {
  const [name, companyName, email, description, source, hours, owner, why] = one;
  const other = owner === 'Leyla' ? 'Jonas' : 'Leyla';
  const at = new Date(ctx.clock.now().getTime() - hours * 3_600_000).toISOString();
  const due = new Date(Date.parse(at) + 7_200_000).toISOString();
  const late = hours > 2;
  const touch = {
    source,
    medium: 'cpc',
    campaign: 'Terrace season',
    page: 'https://www.kaffeehaus.example/contact',
    at,
  };
  const lead = await create(ctx, 'lead', {
    name,
    companyName,
    email,
    description,
    source: 'website',
    campaign: 'Terrace season',
    form,
    owner: staff.get(owner)!,
    firstTouch: touch,
    lastTouch: touch,
    consent: { text: 'I agree that Kaffeehaus Supplies writes to me.', at },
    contactBy: due,
    contactState: late ? 'late' : 'waiting',
  });
  await create(ctx, 'formSubmission', {
    name,
    form,
    lead,
    about: [{ object: 'lead', id: lead }],
    submittedAt: at,
    text: description,
    points: 0,
    touch,
    owner: staff.get(owner)!,
  });
  const [chosen, passedOver] = [staff.get(owner)!, staff.get(other)!];
  const considered = [
    { user: chosen, name: names.get(chosen), why: 'chosen' },
    { user: passedOver, name: names.get(passedOver), why, open: 5, least: 4 },
  ];
  await create(ctx, 'assignment', {
    name: names.get(chosen)!,
    lead,
    chosen,
    how: why === 'load' ? 'load' : 'roundRobin',
    rule,
    decidedAt: at,
    considered: considered as unknown as Json,
  });
  // Hanna was called, if late.
  if (hours > 40)
    await update(ctx, 'lead', lead, { firstContactAt: due, contactState: 'onTime', status: 'working' });
}

/** Letters to the address of sales come in by themselves; what a machine has answered is passed over. */
async function letters(ctx: Context) {
  const address = await create(ctx, 'leadAddress', { name: 'sales@kaffeehaus.example' });
  await create(ctx, 'formSubmission', {
    name: 'Absence of Gasthof Lindner',
    address,
    state: 'passedOver',
    passedFor: 'automatic',
    submittedAt: new Date(ctx.clock.now().getTime() - 5 * 3_600_000).toISOString(),
    text: 'Our office is closed until Monday.',
    points: 0,
  });
}

/** What looks like spam, so that somebody may look. */
async function held(ctx: Context, form: string) {
  await create(ctx, 'formSubmission', {
    name: 'Best SEO Offer',
    form,
    state: 'inReview',
    submittedAt: new Date(ctx.clock.now().getTime() - 3 * 3_600_000).toISOString(),
    text: 'First page guaranteed: http://first.example http://page.example',
    points: 80,
    suspicions: [
      { reason: 'links', points: 40 },
      { reason: 'disposable', points: 40 },
    ],
    values: { name: { full: 'Best SEO Offer' }, email: 'offer@mailinator.com' },
  });
}
