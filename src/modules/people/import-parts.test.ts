/** Files whose rows are records of several kinds, links that name several records, and what files hold beside records. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createImporting } from '../../../test/importing.ts';
import { rows, undo } from '../../engine/index.ts';

let at: Awaited<ReturnType<typeof createImporting>>;
beforeAll(async () => {
  at = await createImporting('import_parts');
});
afterAll(() => at.close());

type Brought = Awaited<ReturnType<typeof at.bring>>;

const made = ({ reports }: Brought) =>
  Object.fromEntries(reports.map(({ object, created, failed }) => [object, [created, failed]]));
const titles = (links: unknown) => (links as { title: string }[]).map(({ title }) => title).sort();

const combined = `Person - Name*,Person - First name,Person - Last name,Person - Email (Work),Organization - Name*,Organization - Address,Deal - Title,Deal - Value,Activity - Subject*,Activity - Due date,Note - Content*,Product - Name*,Product - Price,Product - Currency
Anna Bell,Anna,Bell,anna@bell.example,Bell Ltd,"Ring 1, 1010 Wien",Machines,1200,Call back,2026-04-05,She likes blue,Mill,100,EUR
Ben Cole,Ben,Cole,ben@bell.example,Bell Ltd,"Ring 1, 1010 Wien",,,,,,,,
,,,,Cole Inc,Weg 2,,,,,,,,
`;

test('a sheet of Pipedrive is people, organizations, deals, activities, notes and products, each linked to the others of its row', async () => {
  const dry = await at.bring({ 'all.csv': combined }, true);
  const real = await at.bring({ 'all.csv': combined });
  const expected = {
    company: [2, 0],
    person: [2, 0],
    deal: [1, 0],
    product: [1, 0],
    task: [1, 0],
    note: [1, 0],
  };
  expect([made(dry), made(real)]).toEqual([expected, expected]);
  expect(real.reports.flatMap(({ unusedColumns }) => unusedColumns)).toEqual([]);
  expect(real.reports.map(({ rows: counted, skipped }) => [counted, skipped])).toEqual([
    [3, 0],
    [2, 0],
    [1, 0],
    [1, 0],
    [1, 0],
    [1, 0],
  ]);
  expect(await at.one('company', 'name', 'Bell Ltd')).toMatchObject({
    address: { street: 'Ring 1', postalCode: '1010', city: 'Wien' },
  });
  const deal = await at.one('deal', 'name', 'Machines');
  expect(deal).toMatchObject({ amount: { amount: '1200.00' }, company: { title: 'Bell Ltd' } });
  expect(titles(deal.contacts)).toEqual(['Anna Bell']);
  expect(titles((await at.one('task', 'subject', 'Call back')).about)).toEqual([
    'Anna Bell',
    'Bell Ltd',
    'Machines',
    'Mill',
  ]);
  expect(titles((await rows(at.ada, 'note'))[0]!.about)).toContain('Bell Ltd');
  const { undone } = await undo(at.ada, real.reports[0]!.changeSet!);
  expect(undone).toBe(8);
});

test('rows that say the same of one record again are counted, whatever became of the first', async () => {
  const text = 'Company name,Employees\nFir,5\nFir,5\nFir,6\nFir,5\n,\n';
  const said = async (map: Record<string, unknown>, csv = text) => {
    const { created, updated, unchanged, skipped, failed } = await at.load('company', csv, {
      match: 'name',
      fields: { name: 'Company name', employees: 'Employees' },
      ...map,
    });
    return { created, updated, unchanged, skipped, failed };
  };
  expect(await said({ mode: 'create' })).toMatchObject({ created: 1, skipped: 3, failed: 1 });
  expect((await at.one('company', 'name', 'Fir')).employees).toBe(5);
  expect(await said({})).toEqual({ created: 0, updated: 2, unchanged: 2, skipped: 0, failed: 1 });
  expect((await at.one('company', 'name', 'Fir')).employees).toBe(5);
  expect(await said({ mode: 'update' }, 'Company name,Employees\nYew,1\nYew,1\n')).toMatchObject({
    skipped: 2,
  });
});

test('a list of deals whose columns only name a person and an organization is one table', async () => {
  const { proposal } = await at.bring(
    { 'deals.csv': 'Deal - Title,Deal - Value,Organization - Name,Person - Name\nMills,5,Oak Ltd,Ida Oak\n' },
    true,
  );
  expect(proposal.tables.map(({ part, object }) => [part, object])).toEqual([[undefined, 'deal']]);
});

test("Odoo's contacts are companies and people, by what is_company says, and people belong to the companies", async () => {
  const text = `External ID,Name,Is a company,Related company,Email,Phone
p.1,Acme Works,True,,,+43 1 5151515
p.2,Bob Acker,False,Acme Works,bob@acme.example,
p.3,Cora Dell,,,cora@dell.example,
`;
  const brought = await at.bring({ 'res.partner.csv': text });
  expect(made(brought)).toEqual({ company: [1, 0], person: [2, 0] });
  expect(await at.one('person', 'email', 'bob@acme.example')).toMatchObject({
    company: { title: 'Acme Works' },
    externalIds: { odoo: 'p.2' },
  });
  expect(made(await at.bring({ 'res.partner.csv': text }))).toEqual({ company: [0, 0], person: [0, 0] });
  const alone = await at.bring(
    { 'res.partner.csv': text.replace('False', 'True').replace('3,Cora Dell,,', '3,Cora Dell,True,') },
    true,
  );
  expect(alone.proposal.tables.map(({ part, object }) => [part, object])).toEqual([[undefined, 'company']]);
});

test('a type of company that is something else is not taken for a kind of record', async () => {
  const { proposal } = await at.bring(
    { 'companies.csv': 'Company name,Company Type,Employees\nAcme,Person,5\nBeta,Reseller,6\n' },
    true,
  );
  expect(proposal.tables.map(({ part, object }) => [part, object])).toEqual([[undefined, 'company']]);
});

test('lines of an address book that name nobody but a firm are companies', async () => {
  const text = `First Name,Last Name,Company,E-mail Address,Business Phone,Business Street
Gil,Ham,Ham & Co,gil@ham.example,,
,,Solo GmbH,,+43 1 5151515,Ring 2
,,,nobody@nowhere.example,,
`;
  const brought = await at.bring({ 'outlook.csv': text });
  expect(made(brought)).toEqual({ company: [1, 0], person: [2, 0] });
  expect((await at.one('person', 'email', 'nobody@nowhere.example')).name).toEqual({
    full: 'nobody@nowhere.example',
  });
  expect(await at.one('company', 'name', 'Solo GmbH')).toMatchObject({
    phone: '+4315151515',
    address: { street: 'Ring 2' },
  });
});

test('contacts without a name have that of their address, activities without a subject say what they are', async () => {
  const brought = await at.bring({
    'subscribers.csv':
      'Email Address,First Name,Last Name,Company,Phone\njo.young@list.example,,,List Ltd,\ninfo@list.example,,,,\n,,,,+43 1 5152535\n,,,Firm of the list,\n',
    'Event.csv':
      'Id,WhoId,Subject,ActivityDateTime,DurationInMinutes,SystemModstamp\n00U7,,,2026-03-01 10:00:00,90,2026-03-01 10:00:00\n',
  });
  expect(made(brought)).toEqual({ company: [1, 0], person: [3, 0], meeting: [1, 0] });
  const named = async (email: string) => (await at.one('person', 'email', email)).name;
  expect(await named('jo.young@list.example')).toEqual({ full: 'Jo Young' });
  expect(await named('info@list.example')).toEqual({ full: 'info@list.example' });
  expect(await at.one('person', 'phone', '+4315152535')).toMatchObject({ name: { full: '+4315152535' } });
  expect(await at.one('company', 'name', 'Firm of the list')).toBeTruthy();
  expect((await at.find('meeting', 'subject', 'Meeting')).length).toBe(1);
  const bare = await at.bring({ 'newsletter.csv': 'Email\nkai.young@list.example\n' });
  expect(made(bare)).toEqual({ person: [1, 0] });
});

test('a contact with an id and without a name is no company', async () => {
  const text =
    'Record ID,First Name,Last Name,Email,Lifecycle Stage,Associated Company\n1,Pia,Quint,,Lead,Quint\n2,,,,Lead,Quint\n';
  const { proposal } = await at.bring({ 'contacts.csv': text }, true);
  expect(proposal.tables.map(({ part, object }) => [part, object])).toEqual([[undefined, 'person']]);
});

test('of several companies in one cell the first is where someone works, the others stand beside it; who is not known is counted', async () => {
  const companies = 'Record ID,Company name,Create Date\n71,Alder,2026-01-01\n72,Birch,2026-01-01\n';
  const contacts = `Record ID,First Name,Last Name,Email,Lifecycle Stage,Associated Company,Associated Company IDs
1,Kim,Lee,kim@alder.example,Lead,Birch;Alder;Gone,72;71;79
2,Lou,May,lou@alder.example,Lead,Alder,71
`;
  const brought = await at.bring({ 'hubspot-companies.csv': companies, 'hubspot-contacts.csv': contacts });
  const kim = await at.one('person', 'email', 'kim@alder.example');
  expect([kim.company, titles(kim.companies)]).toEqual([
    expect.objectContaining({ title: 'Birch' }),
    ['Alder'],
  ]);
  expect(brought.reports[1]!.warnings.map(({ message }) => message)).toEqual([
    'Company: of several the first was taken; 1 was left out.',
  ]);
  expect((await at.one('person', 'email', 'lou@alder.example')).companies).toEqual([]);
});

test('companies that only the contacts name are made by their ids, each with its own name', async () => {
  const contacts = `Record ID,First Name,Last Name,Email,Lifecycle Stage,Associated Company,Associated Company IDs
5,Nia,Orr,nia@pine.example,Lead,Pine;Rowan,81;82
`;
  await at.bring({ 'hubspot-more.csv': contacts });
  const nia = await at.one('person', 'email', 'nia@pine.example');
  expect([nia.company, titles(nia.companies)]).toEqual([
    expect.objectContaining({ title: 'Pine' }),
    ['Rowan'],
  ]);
  expect(await at.one('company', 'name', 'Rowan')).toMatchObject({ externalIds: { hubspot: '82' } });
});

test('half a coordinate costs the point alone, and empty cells are nothing to tell', async () => {
  const text = `Name,Owner,Street,City,Latitude,Longitude
Elder Ltd,,Ring 3,Wien,48.2,
`;
  const { reports } = await at.bring({ 'companies.csv': text });
  expect(reports[0]).toMatchObject({ created: 1, failed: 0 });
  expect(reports[0]!.warnings).toMatchObject([
    { message: expect.stringMatching(/Address.*left out/), count: 1 },
  ]);
  const { address } = await at.one('company', 'name', 'Elder Ltd');
  expect(address).toMatchObject({ street: 'Ring 3', city: 'Wien' });
});

test('a meeting ends when its time is over', async () => {
  const text = `Id,WhoId,Subject,ActivityDateTime,DurationInMinutes,SystemModstamp
00U1,,Visit,2026-03-01 10:00:00,90,2026-03-01 10:00:00
00U2,,Talk,2026-03-01 10:00:00,,2026-03-01 10:00:00
`;
  const { reports } = await at.bring({ 'Event.csv': text });
  expect(reports[0]).toMatchObject({ created: 2, warnings: [] });
  expect(await at.one('meeting', 'subject', 'Visit')).toMatchObject({
    startsAt: '2026-03-01T10:00:00.000Z',
    endsAt: '2026-03-01T11:30:00.000Z',
  });
  expect((await at.one('meeting', 'subject', 'Talk')).endsAt).toBeNull();
  const clock = 'Subject,Start,Duration,Location\nLunch,2026-03-02 12:00,1:15,Café\n';
  await at.bring({ 'meetings.csv': clock });
  expect(await at.one('meeting', 'subject', 'Lunch')).toMatchObject({ endsAt: '2026-03-02T12:15:00.000Z' });
});

test('sheets that explain the others stay out, and say why', async () => {
  const { proposal } = await at.bring(
    {
      'people.csv': 'First Name,Last Name\nUma,Vale\n',
      'Import FAQ.csv': 'Question,Answer\nHow many?,As many as you like.\n',
    },
    true,
  );
  expect(proposal.tables.map(({ table, object }) => [table, object])).toEqual([
    ['people.csv', 'person'],
    ['Import FAQ.csv', null],
  ]);
  expect(proposal.tables[1]!.reason).toContain('explains other tables');
});

test('tables of links add to what is there: to whom someone belongs, who is part of a deal, what an activity is about', async () => {
  const files = {
    'hubspot-companies.csv':
      'Record ID,Company name,Create Date\n901,Ash,2026-01-01\n902,Elm,2026-01-01\n903,Fig,2026-01-01\n',
    'hubspot-contacts.csv':
      'Record ID,First Name,Last Name,Email,Lifecycle Stage\n911,Al,Tie,al@tie.example,Lead\n912,Bo,Tie,bo@tie.example,Lead\n',
    'hubspot-deals.csv':
      'Record ID,Deal Name,Deal Stage,Pipeline,Amount\n921,Ties,Appointment Scheduled,Sales Pipeline,5\n922,Knots,Appointment Scheduled,Other Pipeline,5\n',
    'hubspot-tasks.csv': 'Record ID,Task Title,Due Date,Task Status\n931,Tie it,2026-02-02,Not started\n',
    'contact-to-company.csv':
      'Contact ID,Company ID,Association Label\n911,901,\n911,902,Board member\n911,903,Primary\n912,901,\n912,999,\n919,901,\n',
    'hubspot_deal_contact.csv': 'From Object ID,To Object ID,Label\n921,911,Decision maker\n921,912,\n',
    'associations-3.csv': 'Record ID - Deal,Record ID - Company\n921,902\n921,903\n',
    'task_contacts.csv': 'taskId,contact_id,Association Type ID\n931,911,204\n',
  };
  const { proposal, reports } = await at.bring(files);
  const ties = proposal.tables.filter(({ map }) => map?.mode === 'update');
  expect(ties.map(({ object, table }) => [table, object]).sort()).toEqual([
    ['associations-3.csv', 'deal'],
    ['contact-to-company.csv', 'person'],
    ['hubspot_deal_contact.csv', 'deal'],
    ['task_contacts.csv', 'task'],
  ]);
  const al = await at.one('person', 'email', 'al@tie.example');
  const linked = (links: unknown) =>
    (links as { title: string; role?: string }[]).map(({ title, role }) => [title, role ?? null]).sort();
  expect([al.company, linked(al.companies)]).toMatchObject([
    { title: 'Fig' },
    [
      ['Ash', null],
      ['Elm', 'Board member'],
    ],
  ]);
  expect((await at.one('person', 'email', 'bo@tie.example')).company).toMatchObject({ title: 'Ash' });
  const deal = await at.one('deal', 'name', 'Ties');
  expect(linked(deal.contacts)).toEqual([
    ['Al Tie', 'Decision maker'],
    ['Bo Tie', null],
  ]);
  expect(deal).toMatchObject({ company: { title: 'Elm' }, pipeline: { title: 'Sales Pipeline' } });
  expect((await at.find('stage', 'name', 'Appointment Scheduled')).length).toBe(2);
  expect(titles((await at.one('task', 'subject', 'Tie it')).about)).toEqual(['Al Tie']);
  const told = Object.fromEntries(reports.map(one => [one.table, one]));
  expect(told['contact-to-company.csv']).toMatchObject({ created: 0, skipped: 1, failed: 0 });
  expect(told['associations-3.csv']!.warnings).toMatchObject([
    { message: 'Company: the one that is there stays; another was left out.', count: 1 },
  ]);
  const again = await at.bring(files);
  expect(again.reports.map(({ updated }) => updated)).toEqual(reports.map(() => 0));
  await undo(at.ada, reports[0]!.changeSet!);
  expect(await at.find('person', 'email', 'al@tie.example')).toEqual([]);
});

test('people of such a sheet who are in several rows and have no address are one by name and company, then and later', async () => {
  const sheet = `Person - Name,Person - Email,Organization - Name,Deal - Title,Deal - Value
Ora Reed,,Reed Ltd,First order,5
ORA REED,,Reed Ltd,Second order,6
Ora Reed,,Other Reed Ltd,Third order,7
Ora Reed,,,Fourth order,8
Ora Reed,,,Fifth order,9
Ora Reed,ora@reed.example,Reed Ltd,Sixth order,10
`;
  const first = await at.bring({ 'deals and people.csv': sheet });
  expect(made(first)).toMatchObject({ person: [5, 0], deal: [6, 0] });
  const again = await at.bring({ 'deals and people.csv': sheet });
  expect(made(again)).toMatchObject({ person: [2, 0] });
});
