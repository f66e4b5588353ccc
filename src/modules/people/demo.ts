/** Customers of Kaffeehaus Supplies, and those it would like to have. */
import { type Context, create, rows, update, write } from '../../engine/index.ts';
import { staffByFirstName } from '../workspace/module.ts';

interface Company {
  name: string;
  sector: string;
  type: string;
  city: string;
  country: string;
  employees: number;
  revenue: string;
  owner: string;
  parent?: string;
}

const company = (
  name: string,
  sector: string,
  type: string,
  city: string,
  country: string,
  employees: number,
  revenue: string,
  owner: string,
  parent?: string,
): Company => ({
  name,
  sector,
  type,
  city,
  country,
  employees,
  revenue,
  owner,
  ...(parent ? { parent } : {}),
});

const companies: Company[] = [
  company('Alpenhof Hotels', 'hospitality', 'customer', 'Salzburg', 'AT', 1240, '88000000', 'Sina'),
  company(
    'Alpenhof Bad Gastein',
    'hospitality',
    'customer',
    'Bad Gastein',
    'AT',
    180,
    '14000000',
    'Sina',
    'Alpenhof Hotels',
  ),
  company(
    'Alpenhof Zell am See',
    'hospitality',
    'customer',
    'Zell am See',
    'AT',
    140,
    '11500000',
    'Sina',
    'Alpenhof Hotels',
  ),
  company('Donau Versicherung', 'finance', 'customer', 'Wien', 'AT', 2100, '640000000', 'Tom'),
  company('Brennwerk Coworking', 'realEstate', 'customer', 'Wien', 'AT', 64, '9200000', 'Tom'),
  company('Café Lindgren', 'hospitality', 'customer', 'Stockholm', 'SE', 22, '1900000', 'Sina'),
  company('Nordlicht Reederei', 'logistics', 'prospect', 'Hamburg', 'DE', 830, '210000000', 'Tom'),
  company('Universität Graz', 'education', 'customer', 'Graz', 'AT', 4400, '260000000', 'Tom'),
  company('Marchetti & Figli', 'retail', 'partner', 'Trieste', 'IT', 37, '5600000', 'Sina'),
  company('Kessler Maschinenbau', 'manufacturing', 'prospect', 'Stuttgart', 'DE', 560, '120000000', 'Tom'),
  company('Bäckerei Öhler', 'retail', 'customer', 'Linz', 'AT', 95, '7400000', 'Leyla'),
  company('Pixelwiese Studios', 'software', 'customer', 'Berlin', 'DE', 48, '6100000', 'Leyla'),
  company('Klinikum Innsbruck', 'medical', 'prospect', 'Innsbruck', 'AT', 3900, '480000000', 'Tom'),
  company('Société Bellecour', 'professional', 'prospect', 'Lyon', 'FR', 310, '45000000', 'Sina'),
  company('Tatra Outdoor', 'retail', 'customer', 'Bratislava', 'SK', 210, '31000000', 'Leyla'),
  company('Zürich Digital', 'technology', 'prospect', 'Zürich', 'CH', 150, '28000000', 'Sina'),
  company('Golden Prague Tours', 'hospitality', 'customer', 'Praha', 'CZ', 74, '8300000', 'Jonas'),
  company('Helios Energie', 'energy', 'prospect', 'München', 'DE', 1750, '900000000', 'Tom'),
  company('Studio Kovács', 'media', 'prospect', 'Budapest', 'HU', 31, '2700000', 'Jonas'),
  company('Rösterei Vollmer', 'manufacturing', 'supplier', 'Bremen', 'DE', 58, '12000000', 'Olga'),
];

/** Name, job title, company, e-mail, phone. */
const persons: [string, string, string, string, string][] = [
  [
    'Katharina Moser',
    'Director of purchasing',
    'Alpenhof Hotels',
    'k.moser@alpenhof.example',
    '+43 662 84 55 21',
  ],
  [
    'Johann Pichler',
    'General manager',
    'Alpenhof Bad Gastein',
    'j.pichler@alpenhof.example',
    '+43 6434 20 11',
  ],
  [
    'Elisabeth Huber',
    'Food and beverage manager',
    'Alpenhof Zell am See',
    'e.huber@alpenhof.example',
    '+43 6542 73 00',
  ],
  [
    'Stefan Brandstätter',
    'Head of facilities',
    'Donau Versicherung',
    'brandstaetter@donau-v.example',
    '+43 1 503 11 40',
  ],
  ['Miriam Adler', 'Workplace manager', 'Donau Versicherung', 'adler@donau-v.example', '+43 1 503 11 47'],
  ['Felix Rotter', 'Founder', 'Brennwerk Coworking', 'felix@brennwerk.example', '+43 664 88 20 19'],
  ['Astrid Lindgren Ek', 'Owner', 'Café Lindgren', 'astrid@cafelindgren.example', '+46 8 662 80 00'],
  [
    'Hauke Petersen',
    'Catering ashore',
    'Nordlicht Reederei',
    'petersen@nordlicht.example',
    '+49 40 30 05 12',
  ],
  [
    'Univ.-Prof. Gerda Steiner',
    'Vice rector',
    'Universität Graz',
    'gerda.steiner@uni-graz.example',
    '+43 316 38 02',
  ],
  ['Paolo Marchetti', 'Managing partner', 'Marchetti & Figli', 'paolo@marchetti.example', '+39 040 63 44 10'],
  ['Anja Kessler', 'Managing director', 'Kessler Maschinenbau', 'anja@kessler.example', '+49 711 90 33 21'],
  ['Rudi Öhler', 'Owner', 'Bäckerei Öhler', 'rudi@oehler.example', '+43 732 77 61 50'],
  ['Nguyễn Thị Lan', 'Office lead', 'Pixelwiese Studios', 'lan@pixelwiese.example', '+49 30 24 72 60'],
  [
    'Dr. Markus Tschurtschenthaler',
    'Head of procurement',
    'Klinikum Innsbruck',
    'm.tsch@klinikum.example',
    '+43 512 50 40',
  ],
  [
    'Camille Fournier',
    'Office manager',
    'Société Bellecour',
    'c.fournier@bellecour.example',
    '+33 4 72 10 30 30',
  ],
  ['Zuzana Horváthová', 'Store operations', 'Tatra Outdoor', 'zuzana@tatra.example', '+421 2 59 20 11 22'],
  ['Luca Meier', 'Chief of staff', 'Zürich Digital', 'luca.meier@zhdigital.example', '+41 44 268 10 10'],
  ['Tomáš Dvořák', 'Partner', 'Golden Prague Tours', 'dvorak@goldenprague.example', '+420 224 21 22 23'],
  [
    'Sabine von Aretin',
    'Head of site services',
    'Helios Energie',
    'sabine.aretin@helios.example',
    '+49 89 12 54 88',
  ],
  ['Bence Kovács', 'Creative director', 'Studio Kovács', 'bence@kovacs.example', '+36 1 318 10 10'],
  ['Heike Vollmer', 'Master roaster', 'Rösterei Vollmer', 'heike@vollmer.example', '+49 421 70 55 30'],
];

export async function peopleDemo(ctx: Context) {
  const staff = await staffByFirstName(ctx);
  const ids = new Map<string, string>();
  for (const { city, country, revenue, owner, parent, ...facts } of companies) {
    const domain = `${facts.name
      .toLowerCase()
      .normalize('NFD')
      .replace(/[^a-z]+/g, '')}.example`;
    const values = {
      ...facts,
      domain,
      website: `https://${domain}`,
      revenue: { amount: revenue, currency: 'EUR' },
      address: { city, country },
      owner: staff.get(owner)!,
      parent: parent ? ids.get(parent)! : null,
    };
    ids.set(facts.name, await create(ctx, 'company', values));
  }
  const operations = persons.map(([name, jobTitle, at, email, phone]) => {
    const { owner } = companies.find(each => each.name === at)!;
    const lifecycle =
      companies.find(each => each.name === at)!.type === 'customer' ? 'customer' : 'opportunity';
    return {
      op: 'create' as const,
      values: { name, jobTitle, email, phone, company: ids.get(at)!, owner: staff.get(owner)!, lifecycle },
    };
  });
  await write(ctx, 'person', operations);
  await householdDemo(ctx, staff.get('Leyla')!);
}

/** A customer who is a family, and no company. */
async function householdDemo(ctx: Context, owner: string) {
  const household = await create(ctx, 'household', {
    name: 'Familie Lindner',
    phone: '+43 1 479 33 12',
    address: { street: 'Gersthofer Straße 41', postalCode: '1180', city: 'Wien', country: 'AT' },
    owner,
  });
  const shared = { household, owner, lifecycle: 'opportunity', source: 'referral' };
  const eva = await create(ctx, 'person', {
    name: 'Eva Lindner',
    email: 'eva@lindner.example',
    mobile: '+43 664 512 90 33',
    householdRole: 'parent',
    ...shared,
  });
  await create(ctx, 'person', { name: 'Paul Lindner', householdRole: 'parent', ...shared });
  await update(ctx, 'household', household, { mainContact: eva });
}

/** Ids of companies or people of the demo by their names. */
export async function idsByName(
  ctx: Context,
  object: 'company' | 'person' | 'household',
): Promise<Map<string, string>> {
  const records = await rows(ctx, object, { fields: ['name'], limit: 500 });
  return new Map(
    records.map(({ name, id }) => [
      typeof name === 'string' ? name : (name as { full: string }).full,
      id as string,
    ]),
  );
}
