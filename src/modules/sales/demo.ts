/** What Kaffeehaus Supplies sells, to whom, and how far it has come. Dates are counted from today. */
import { type Context, create, type Input, rows, update, write } from '../../engine/index.ts';
import { idsByName } from '../people/module.ts';
import { staffByFirstName } from '../workspace/module.ts';
import { contestedDemo } from './deals/demo.ts';
import { dealNames, dealsDemo } from './deals/sample.ts';
import { quotesDemo } from './quotes/demo.ts';

/** Name, code, family, price. */
const products: [string, string, string, string][] = [
  ['Barista One', 'M-100', 'Machines', '2490'],
  ['Barista Pro', 'M-200', 'Machines', '5900'],
  ['Barista Hotel', 'M-400', 'Machines', '12800'],
  ['Grinder Titan', 'G-10', 'Grinders', '890'],
  ['House blend, 10 kg', 'B-01', 'Beans', '185'],
  ['Single origin, 10 kg', 'B-02', 'Beans', '260'],
  ['Service plan', 'S-01', 'Service', '720'],
  ['Barista training, one day', 'S-02', 'Service', '980'],
];

/** Name, company, e-mail, status, source, owner. */
const leads: [string, string, string, string, string, string][] = [
  ['Greta Sommer', 'Hotel Seeblick', 'g.sommer@seeblick.example', 'new', 'website', 'Leyla'],
  ['Amir Hosseini', 'Atelier Nord', 'amir@ateliernord.example', 'working', 'event', 'Jonas'],
  ['Pauline Dubois', 'Librairie Dubois', 'pauline@dubois.example', 'new', 'referral', 'Leyla'],
  ['Sven Åkesson', 'Fjäll Sport', 'sven@fjall.example', 'qualified', 'website', 'Jonas'],
  ['Marta Nowak', 'Kancelaria Nowak', 'm.nowak@nowak.example', 'working', 'outbound', 'Leyla'],
  ['Ibrahim Said', 'Said Catering', 'ibrahim@said.example', 'new', 'advertising', 'Jonas'],
];

/** To a household: without a company. */
async function familyDeal(ctx: Context, contact: string, stage: string) {
  const [person] = await rows(ctx, 'person', {
    filter: { field: 'id', op: 'is', value: contact },
    fields: ['household', 'owner'],
  });
  await create(ctx, 'deal', {
    name: 'Espresso corner at home',
    household: (person!.household as { id: string }).id,
    contacts: [{ id: contact, role: 'Decision maker' }],
    stage,
    amount: euro('4280'),
    owner: (person!.owner as { id: string }).id,
    source: 'referral',
    nextStep: 'Show the Barista One in the shop',
    closeDate: moment(ctx, 21, 12).slice(0, 10),
  });
}

export async function salesDemo(ctx: Context) {
  const [staff, companies, persons] = [
    await staffByFirstName(ctx),
    await idsByName(ctx, 'company'),
    await idsByName(ctx, 'person'),
  ];
  const made = await write(
    ctx,
    'product',
    products.map(([name, code, family, price]) => ({
      op: 'create',
      values: { name, code, family, price: euro(price) },
    })),
  );
  const stages = new Map(
    (await rows(ctx, 'stage', { fields: ['name'] })).map(stage => [stage.name as string, stage.id as string]),
  );
  await guideStages(ctx, stages);
  const sold = await dealsDemo(ctx, { staff, companies, persons, stages });
  await write(
    ctx,
    'dealLine',
    sold.slice(0, 8).map((id, index) => ({
      op: 'create',
      values: { deal: id, product: made.results[index % 3]!.id, quantity: String(2 + index) },
    })),
  );
  for (const [name, companyName, email, status, source, owner] of leads)
    await create(ctx, 'lead', { name, companyName, email, status, source, owner: staff.get(owner)! });
  await familyDeal(ctx, persons.get('Eva Lindner')!, stages.get('Qualified')!);
  await forecastDemo(ctx, staff);
  const named = new Map(dealNames.map((name, index) => [name, sold[index]!]));
  await contestedDemo(ctx, { staff, persons, deals: named });
  await quotesDemo(ctx, { staff, companies, deals: named });
  await activityDemo({ ctx, staff, deals: sold, companies, persons });
}

/** What the sellers are to win in this quarter, what Max makes of it, and what a euro is worth where people reckon in others. */
async function forecastDemo(ctx: Context, staff: Map<string, string>) {
  const now = ctx.clock.now();
  const [year, first] = [now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3) * 3];
  const on = (month: number, date: number) =>
    new Date(Date.UTC(year, month, date)).toISOString().slice(0, 10);
  const quarter = { from: on(first, 1), to: on(first + 3, 0) };
  const { currency } = ctx.settings;
  if (currency !== 'EUR')
    await create(ctx, 'exchangeRate', {
      currency: 'EUR',
      validFrom: on(-36, 1),
      worth: { amount: '1.1', currency },
    });
  const quotas = [
    ['Sina', '180000'],
    ['Tom', '120000'],
    ['Leyla', '60000'],
    ['Jonas', '60000'],
  ] as const;
  await write(
    ctx,
    'quota',
    quotas.map(([name, amount]) => ({
      op: 'create',
      values: {
        ...quarter,
        user: staff.get(name)!,
        name: `Q${first / 3 + 1} ${year}`,
        amount: euro(amount),
      },
    })),
  );
  await create(ctx, 'forecastAdjustment', {
    ...quarter,
    user: staff.get('Sina')!,
    category: 'commit',
    amount: euro('-12000'),
    reason: 'Their board meets in the new quarter only',
  });
}

/** Who and what the activities are about, by name. */
interface Cast {
  ctx: Context;
  staff: Map<string, string>;
  deals: string[];
  companies: Map<string, string>;
  persons: Map<string, string>;
}

/** References for `about`: a deal by its place in the list above, companies and people by name. */
function about(
  { deals: made, companies, persons }: Cast,
  deal: number | null,
  company?: string,
  person?: string,
) {
  return [
    ...(deal === null ? [] : [{ object: 'deal', id: made[deal]! }]),
    ...(company ? [{ object: 'company', id: companies.get(company)! }] : []),
    ...(person ? [{ object: 'person', id: persons.get(person)! }] : []),
  ];
}

/** What was said and what is to be done. */
async function activityDemo(cast: Cast) {
  const sets = { note: notes(cast), task: tasks(cast), call: calls(cast), meeting: meetings(cast) };
  for (const [object, records] of Object.entries(sets)) {
    await write(
      cast.ctx,
      object,
      records.map(values => ({ op: 'create', values })),
    );
  }
}

function notes(cast: Cast): Input[] {
  const by = (name: string) => cast.staff.get(name)!;
  return [
    {
      body: 'Katharina wants one contract for all houses, with the service terms in an annex. Legal is fine with three years.',
      about: about(cast, 0, 'Alpenhof Hotels', 'Katharina Moser'),
      owner: by('Sina'),
      pinned: true,
    },
    {
      body: 'Johann likes the copper panels. His sister runs the spa: ask about tea.',
      about: about(cast, 1, 'Alpenhof Bad Gastein', 'Johann Pichler'),
      owner: by('Sina'),
    },
    {
      body: 'Floors 3 and 7 have no water connection where the kitchen is planned.',
      about: about(cast, 3, 'Donau Versicherung'),
      owner: by('Tom'),
    },
    {
      body: 'Prefers to be called in the morning. Speaks German and a little Italian.',
      about: about(cast, null, undefined, 'Felix Rotter'),
      owner: by('Tom'),
    },
  ];
}

function tasks(cast: Cast): Input[] {
  const by = (name: string) => cast.staff.get(name)!;
  const due = (days: number, hour: number) => moment(cast.ctx, days, hour);
  return [
    {
      subject: 'Send the revised service terms',
      dueAt: due(1, 9),
      priority: 'high',
      about: about(cast, 0),
      owner: by('Sina'),
    },
    { subject: 'Book the site visit', dueAt: due(2, 10), about: about(cast, 3), owner: by('Tom') },
    {
      subject: 'Answer the open questions of the tender',
      dueAt: due(5, 12),
      priority: 'urgent',
      about: about(cast, 8),
      owner: by('Tom'),
    },
    {
      subject: 'Ask for the signed contract',
      dueAt: due(-1, 15),
      about: about(cast, 15),
      owner: by('Leyla'),
    },
    {
      subject: 'Thank Rudi for the order',
      dueAt: due(-5, 9),
      status: 'done',
      about: about(cast, 11),
      owner: by('Leyla'),
    },
  ];
}

function calls(cast: Cast): Input[] {
  return [
    {
      subject: 'Discount for a three-year term',
      direction: 'inbound',
      outcome: 'connected',
      startedAt: moment(cast.ctx, -2, 10),
      duration: 840,
      about: about(cast, 0, undefined, 'Katharina Moser'),
      owner: cast.staff.get('Sina')!,
      notes: 'She asked for 8 %. I offered 5 % and free training.',
    },
    {
      subject: 'First call',
      direction: 'outbound',
      outcome: 'voicemail',
      startedAt: moment(cast.ctx, -4, 16),
      about: about(cast, 10, undefined, 'Anja Kessler'),
      owner: cast.staff.get('Tom')!,
    },
  ];
}

function meetings(cast: Cast): Input[] {
  const person = (name: string) => cast.persons.get(name)!;
  return [
    {
      subject: 'Tasting in Salzburg',
      startsAt: moment(cast.ctx, -8, 10),
      endsAt: moment(cast.ctx, -8, 12),
      place: 'Alpenhof, Salzburg',
      attendees: [person('Katharina Moser')],
      held: true,
      about: about(cast, 0, 'Alpenhof Hotels'),
      owner: cast.staff.get('Sina')!,
    },
    {
      subject: 'Site visit',
      startsAt: moment(cast.ctx, 3, 9),
      endsAt: moment(cast.ctx, 3, 11),
      place: 'Schottenring 15, Wien',
      attendees: [person('Stefan Brandstätter')],
      about: about(cast, 3, 'Donau Versicherung'),
      owner: cast.staff.get('Tom')!,
    },
  ];
}

/** What the team has agreed on, so that the way of a deal shows it. */
async function guideStages(ctx: Context, stages: Map<string, string>) {
  const [pipeline] = await rows(ctx, 'pipeline', { fields: [], limit: 1 });
  if (pipeline) await update(ctx, 'pipeline', pipeline.id as string, { nextStepRule: 'warn' });
  const agreed: Record<string, Input> = {
    Qualified: {
      guidance:
        'Find out **who decides**, by when they need it, and what happens if they do nothing.\n\n* Budget is named, not guessed\n* We know who else is asked',
      maxDays: 21,
    },
    Proposal: {
      guidance:
        'Go through the proposal together, never by mail alone. Ask at the end: *what would keep you from saying yes?*',
      requires: ['amount', 'closeDate', 'contacts'],
      maxDays: 30,
    },
    Negotiation: {
      guidance: 'Give something only for something: a longer term, a reference, an earlier start.',
      requires: ['nextStep'],
      maxDays: 30,
    },
  };
  await write(
    ctx,
    'stage',
    Object.entries(agreed).map(([name, values]) => ({ op: 'update', id: stages.get(name)!, values })),
  );
}

const euro = (amount: string) => ({ amount, currency: 'EUR' });

function moment(ctx: Context, days: number, hour: number): string {
  const date = new Date(ctx.clock.now().getTime() + days * 86_400_000);
  date.setUTCHours(hour, 0, 0, 0);
  return date.toISOString();
}
