/** What an import does with the rows of a file, from the first to the bad ones, and how it is undone. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createImporting } from '../../../test/importing.ts';
import { rows as list } from '../records/read.ts';
import { undo } from '../records/undo.ts';
import { create } from '../records/write.ts';
import { reportText } from './findings.ts';
import { importFile } from './import.ts';
import { type ImportMap, readImportMap } from './map.ts';

const { world, ada, folder, fileOf, find, load, one, close } = await createImporting('import');
afterAll(close);

const titleOf = (link: unknown) => (link as { title: string } | null)?.title ?? null;

describe('without a map', () => {
  test('columns are matched to fields by name, label and part', async () => {
    const report = await load(
      'person',
      'First name,Last Name,E-mail,JOB TITLE,City,Shoe size\nAnna,Bell,anna@bell.example,Buyer,Graz,38\n',
    );
    expect(report).toMatchObject({ rows: 1, created: 1, failed: 0, unusedColumns: ['Shoe size'] });
    const anna = await one('person', 'email', 'anna@bell.example');
    expect(anna).toMatchObject({
      name: { given: 'Anna', family: 'Bell' },
      jobTitle: 'Buyer',
      address: { city: 'Graz' },
    });
  });

  test('a link is found by the title of its record, whatever the case', async () => {
    await create(ada, 'company', { name: 'Müller & Söhne' });
    const report = await load('person', 'Name,Company\nBert Huber,MÜLLER & SÖHNE\n');
    expect(report).toMatchObject({
      created: 1,
      warnings: [{ count: 1, message: expect.stringContaining('was taken for') }],
    });
    expect(titleOf((await one('person', 'name', 'Bert Huber')).company)).toBe('Müller & Söhne');
  });

  test('a file with no column of ours is refused as a whole', async () => {
    await expect(load('company', 'x,y\n1,2\n')).rejects.toThrow(
      'No column of the file is named like a field',
    );
  });
});

describe('values', () => {
  test('whose amount is empty beside a currency are none, and cost no row', async () => {
    const fields = { name: 'name', revenue: { parts: { amount: 'sales', currency: 'unit' } } };
    const report = await load('company', 'name;sales;unit\nDraco;;EUR\nCygnus;7;USD\nVela;x;EUR\n', {
      fields,
    });
    expect(report).toMatchObject({ created: 2, failed: 1 });
    expect((await one('company', 'name', 'Draco')).revenue).toBeNull();
    expect((await one('company', 'name', 'Cygnus')).revenue).toEqual({ amount: '7.00', currency: 'USD' });
  });

  test('are composed, cut, translated, given a default, and read as numbers and dates', async () => {
    const map: ImportMap = {
      fields: {
        name: { template: '{brand} {place|(no place)}' },
        sector: { column: 'branch', translate: { technolgy: 'technology', '-': null }, default: 'other' },
        revenue: { column: 'sales', number: { decimal: ',', multiply: 1000 }, currency: 'USD' },
        customerSince: { column: 'since', date: 'D.M.YY' },
        address: { parts: { city: 'place', country: { constant: 'AT' } } },
        type: { constant: 'customer' },
      },
    };
    const report = await load(
      'company',
      'brand;place;branch;sales;since\nOrion;Wels;technolgy;1.234,567;3.4.19\nLyra;;-;;\n',
      map,
    );
    expect(report).toMatchObject({ created: 2, failed: 0 });
    expect(report.warnings).toContainEqual({
      message: 'Industry: "technolgy" was read as "technology".',
      count: 1,
      examples: [{ row: 2, value: 'technolgy' }],
    });
    expect(await one('company', 'name', 'Orion Wels')).toMatchObject({
      sector: 'technology',
      revenue: { amount: '1234567.00', currency: 'USD' },
      customerSince: '2019-04-03',
      address: { city: 'Wels', country: 'AT' },
      type: 'customer',
    });
    expect(await one('company', 'name', 'Lyra (no place)')).toMatchObject({
      sector: 'other',
      revenue: null,
      address: null,
    });
  });

  test('a composite is cut at a sign', async () => {
    const map = { fields: { name: { column: 'who', split: { by: ', ', into: ['family', 'given'] } } } };
    await load('person', 'who\n"van Dyk, Piet"\n', map);
    expect(await one('person', 'name', 'Piet van Dyk')).toMatchObject({
      name: { family: 'van Dyk', given: 'Piet' },
    });
  });

  test('an empty cell leaves a value as it is, or clears it where asked', async () => {
    await create(ada, 'company', { name: 'Vega', domain: 'vega.example', phone: '+43 1 234567' });
    const fields = { name: 'name', domain: 'domain' };
    await load('company', 'name,domain\nVega,\n', { fields, match: 'name' });
    expect(await one('company', 'name', 'Vega')).toMatchObject({ domain: 'vega.example' });
    await load('company', 'name,domain\nVega,\n', { fields, match: 'name', empty: 'clear', overwrite: true });
    expect(await one('company', 'name', 'Vega')).toMatchObject({ domain: null, phone: expect.anything() });
  });
});

describe('bad rows', () => {
  test('never stop the import; they are handed back as they were, with the reason', async () => {
    const failures = join(folder, 'failures.csv');
    const content =
      'Name;Email;Company\nCarl;carl@example.org;\n"D; ""Dora""";not an address;\nEmil;emil@example.org;Nowhere Ltd\nFritz;f@example.org;;too;many\n;no address;\n';
    const report = await load('person', content, {}, { failures });
    expect(report).toMatchObject({ rows: 5, created: 1, failed: 4 });
    expect(readFileSync(failures, 'utf8').split('\n')).toEqual([
      'Name;Email;Company;_row;_problem',
      expect.stringMatching(/^"D; ""Dora""";not an address;;3;Email takes an e-mail address/),
      'Emil;emil@example.org;Nowhere Ltd;4;"There is no company called ""Nowhere Ltd""."',
      expect.stringMatching(/^Fritz;f@example.org;;5;The row has 5 cells.*;too;many$/),
      expect.stringMatching(/^;no address;;6;Email takes an e-mail address/),
      '',
    ]);
    expect(reportText(report)).toContain('There is no company called "Nowhere Ltd". (row 4)');
  });

  test('what was handed back can be corrected and imported again', async () => {
    const report = await load(
      'person',
      'Name;Email;_row;_problem\nGerda;gerda@example.org;3;E-mail takes …\n',
    );
    expect(report).toMatchObject({ created: 1, unusedColumns: [] });
  });

  test('those of other formats come back as CSV, which can be corrected and imported', async () => {
    const failures = join(folder, 'json-failures.csv');
    const content = '{"Name":"Vega","Website":"vega.test"}\n{"Name":"Mizar","Website":"no website"}\n';
    const report = await load('company', content, {}, { failures, name: 'companies.ndjson' });
    expect(report).toMatchObject({ format: 'ndjson', delimiter: null, created: 1, failed: 1 });
    expect(reportText(report)).toContain('companies.ndjson: 2 rows (ndjson)');
    const [head, row] = readFileSync(failures, 'utf8').split('\n');
    expect(head).toBe('Name,Website,_row,_problem');
    expect(row).toMatch(/^Mizar,no website,3,/);
    await load('company', readFileSync(failures, 'utf8').replace('no website', 'mizar.test'));
    expect((await one('company', 'name', 'Mizar')).website).toBe('https://mizar.test');
  });

  test('no file is made where no row failed', async () => {
    const failures = join(folder, 'none.csv');
    await load('company', 'Name\nAltair\n', {}, { failures });
    expect(existsSync(failures)).toBe(false);
  });

  test('a value that another record has already fails alone', async () => {
    await create(ada, 'product', { name: 'Grinder', code: 'G1' });
    const report = await load(
      'product',
      'Name,Code\nGrinder two,G2\nGrinder three,G1\nGrinder four,G4\nGrinder five,G4\n',
    );
    expect(report).toMatchObject({ created: 2, failed: 2 });
  });
});

describe('links', () => {
  test('what is missing is made once, with further values, where asked', async () => {
    const map: ImportMap = {
      fields: {
        name: 'Name',
        company: {
          column: 'Firm',
          link: { create: true, values: { sector: { column: 'Branch' }, type: { constant: 'prospect' } } },
        },
      },
    };
    const content =
      'Name,Firm,Branch\nHans,Rigel GmbH,retail\nIda,rigel gmbh,finance\nJan,Rigel GmbH,\nKai,Deneb,medical\n';
    const report = await load('person', content, map, { batchSize: 2 });
    expect(report).toMatchObject({ created: 4, linked: { company: 2 } });
    expect(await one('company', 'name', 'Rigel GmbH')).toMatchObject({ sector: 'retail', type: 'prospect' });
    expect(titleOf((await one('person', 'name', 'Ida')).company)).toBe('Rigel GmbH');
  });

  test('are found by e-mail, by any field, by external id; several per row', async () => {
    await create(ada, 'company', { name: 'Spica', domain: 'spica.example', externalIds: { erp: 'C-7' } });
    await create(ada, 'person', { name: 'Lena Boss', email: 'lena@spica.example' });
    const map: ImportMap = {
      fields: {
        name: 'name',
        reportsTo: { column: 'boss', link: { by: 'email' } },
        company: { column: 'erp', link: { by: 'externalId', source: 'erp' } },
        owner: { column: 'seller' },
        companies: { column: 'boards', link: { separator: '|' } },
      },
    };
    const content =
      'name,boss,erp,seller,boards\nMia,LENA@spica.example,C-7,Sina Gruber,Rigel GmbH | Deneb\n';
    expect(await load('person', content, map)).toMatchObject({ created: 1, failed: 0 });
    const mia = await one('person', 'name', 'Mia');
    expect([mia.reportsTo, mia.company, mia.owner].map(titleOf)).toEqual([
      'Lena Boss',
      'Spica',
      'Sina Gruber',
    ]);
    expect((mia.companies as unknown[]).map(titleOf)).toEqual(['Rigel GmbH', 'Deneb']);
  });

  test('may lead to rows further down in the same file', async () => {
    const content =
      'Name,Parent\nPollux Austria,Pollux Holding\nPollux Graz,Pollux Austria\nPollux Holding,\n';
    const report = await load('company', content, {}, { batchSize: 1 });
    expect(report).toMatchObject({ created: 3, failed: 0 });
    expect(titleOf((await one('company', 'name', 'Pollux Austria')).parent)).toBe('Pollux Holding');
    expect(titleOf((await one('company', 'name', 'Pollux Graz')).parent)).toBe('Pollux Austria');
  });

  test('a stage is looked for, and made, in the pipeline that is meant', async () => {
    await create(ada, 'pipeline', { name: 'Renewals' });
    const map: ImportMap = {
      fields: {
        name: 'name',
        stage: { column: 'stage', link: { create: true, where: { pipeline: 'Renewals' } } },
      },
    };
    await load('deal', 'name,stage\nCastor renewal,Negotiation\n', map);
    const deal = await one('deal', 'name', 'Castor renewal');
    expect([titleOf(deal.pipeline), titleOf(deal.stage)]).toEqual(['Renewals', 'Negotiation']);
  });

  test('to something that several records are called, is not guessed', async () => {
    for (let n = 0; n < 2; n++) await create(ada, 'company', { name: 'Twin' });
    const map: ImportMap = {
      fields: { name: 'name', company: { column: 'company', link: { create: true } } },
    };
    const report = await load('person', 'name,company\nNora,Twin\n', map);
    expect(report).toMatchObject({
      failed: 1,
      failures: [{ message: 'There are several companies called "Twin".' }],
    });
  });

  test('that lead nowhere are left empty with a warning where asked', async () => {
    const map: ImportMap = {
      fields: { name: 'name', company: { column: 'company', link: { missing: 'empty' } } },
    };
    const report = await load('person', 'name,company\nOtto,Nobody Inc\n', map);
    expect(report).toMatchObject({
      created: 1,
      warnings: [{ message: expect.stringContaining('was left empty') }],
    });
  });
});

describe('records that exist', () => {
  test('are met by external id; importing again changes nothing', async () => {
    const map: ImportMap = {
      externalId: { source: 'old', column: 'nr' },
      fields: { name: 'name', domain: 'web' },
    };
    const content = 'nr,name,web\n1,Capella,capella.example\n2,Mira,\n';
    expect(await load('company', content, map)).toMatchObject({ created: 2 });
    expect(await load('company', content, map)).toMatchObject({ created: 0, unchanged: 2, changeSet: null });
    const changed = await load('company', content.replace('Mira', 'Mira AG'), map);
    expect(changed).toMatchObject({ updated: 1, unchanged: 1 });
    expect(await one('company', 'name', 'Mira AG')).toMatchObject({ externalIds: { old: '2' } });
  });

  test('keep their other external ids', async () => {
    await create(ada, 'company', { name: 'Bellatrix', externalIds: { erp: 'E9' } });
    const map: ImportMap = {
      match: 'name',
      externalId: { source: 'old', column: 'nr' },
      fields: { name: 'name' },
    };
    await load('company', 'nr,name\n77,Bellatrix\n', map);
    expect(await one('company', 'name', 'Bellatrix')).toMatchObject({
      externalIds: { erp: 'E9', old: '77' },
    });
  });

  test('twice the same record in a file makes one, the later row counts', async () => {
    const report = await load(
      'person',
      'name,email\nPia,pia@example.org\nPia Neu,PIA@example.org\n',
      {},
      { match: 'email' },
    );
    expect(report).toMatchObject({ created: 1, updated: 1 });
    await one('person', 'name', 'Pia Neu');
  });

  test('are left alone, or alone are changed, by the mode', async () => {
    await create(ada, 'company', { name: 'Sirius', domain: 'old.example' });
    const map: ImportMap = { match: 'name', fields: { name: 'name', domain: 'domain' }, overwrite: true };
    const content = 'name,domain\nSirius,new.example\nProcyon,procyon.example\n';
    expect(await load('company', content, { ...map, mode: 'create' })).toMatchObject({
      created: 1,
      skipped: 1,
    });
    expect(await load('company', `${content}Adhara,\n`, { ...map, mode: 'update' })).toMatchObject({
      updated: 1,
      unchanged: 1,
      skipped: 1,
    });
  });
});

test('rows are left out by what a column says', async () => {
  const map: ImportMap = {
    fields: { name: 'Name' },
    rows: [
      { column: 'IsDeleted', isNot: ['true', '1'] },
      { column: 'Kind', is: ['customer'] },
    ],
  };
  const content =
    'Name,IsDeleted,Kind\nRow kept,false,Customer\nRow gone,TRUE,Customer\nRow other,,partner\n';
  expect(await load('company', content, map)).toMatchObject({
    rows: 3,
    created: 1,
    skipped: 2,
    unusedColumns: [],
    warnings: [
      { message: 'The row is left out by what IsDeleted says.', examples: [{ row: 3, value: 'TRUE' }] },
      { message: 'The row is left out by what Kind says.' },
    ],
  });
});

describe('the import as a whole', () => {
  const content = `name,company\n${Array.from({ length: 50 }, (_, n) => `Person ${n},Firm ${n % 7}\n`).join('')}bad,,,\n,x\n`;
  const map: ImportMap = { fields: { name: 'name', company: { column: 'company', link: { create: true } } } };
  const people = async () =>
    (
      await list(ada, 'person', {
        filter: { field: 'company.name', op: 'startsWith', value: 'Firm ' },
        limit: 1_000,
      })
    ).length;

  test('a dry run tells all and writes nothing', async () => {
    const report = await load('person', content, map, { dryRun: true, batchSize: 10 });
    expect(report).toMatchObject({
      dryRun: true,
      rows: 52,
      created: 51,
      failed: 1,
      linked: { company: 8 },
      changeSet: null,
    });
    expect(await people()).toBe(0);
    expect(await find('company', 'name', 'Firm 1')).toEqual([]);
  });

  test('is one change set, and undone as one, with what it made by the way', async () => {
    const seen: number[] = [];
    const report = await load('person', content, map, {
      batchSize: 10,
      report: ({ rows }) => seen.push(rows),
    });
    expect([seen.length, seen.at(-1)]).toEqual([6, 52]);
    expect(await people()).toBe(50);
    await undo(ada, report.changeSet!);
    expect(await people()).toBe(0);
    expect(await find('company', 'name', 'Firm 1')).toEqual([]);
  });

  test('ends after the running batches when it is stopped', async () => {
    const stop = new AbortController();
    const report = await load('person', content, map, {
      batchSize: 10,
      signal: stop.signal,
      report: () => stop.abort(),
    });
    expect(report.rows).toBeLessThan(52);
  });

  test('someone without the right is refused', async () => {
    await expect(load('company', 'Name\nX\n', {}, {}, world.rita)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('a map that does not fit is refused with all that is wrong', async () => {
    const wrong = {
      fields: { nam: 'name', domain: 'web', parent: { column: 'name', link: { by: 'nothing' } } },
      match: 'phone',
    };
    const error = await load('company', 'name\nX\n', wrong).catch(e => e);
    expect(error.problems.map((problem: { pointer: string }) => problem.pointer)).toEqual([
      '/fields/nam',
      '/fields/domain',
      '/fields/parent/link/by',
      '/match',
    ]);
    expect(() => readImportMap({ fields: { name: { colum: 'x' } } })).toThrow(
      'The import map cannot be used',
    );
  });
});

test('a value that cannot be read refuses its row, or is left out and told, but never one that is needed', async () => {
  const text =
    'name,employees,email domain\nReadable,12,a.example\nUnreadable,many,b.example\n,3,c.example\n';
  const map: ImportMap = { fields: { name: 'name', employees: 'employees' }, ignore: ['email domain'] };
  const strict = await importFile(world.ada, { path: fileOf(text), object: 'company', map });
  expect([strict.created, strict.failed]).toEqual([1, 2]);
  const lenient = await importFile(world.ada, {
    path: fileOf(text.replaceAll('eadable', 'ead')),
    object: 'company',
    map: { ...map, unreadable: 'empty' },
  });
  expect([lenient.created, lenient.failed]).toEqual([2, 1]);
  expect(lenient.warnings.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/It was left out/),
  );
  expect(lenient.failures.map(({ message }) => message)).toEqual([expect.stringMatching(/needed/)]);
});

test('so does a value that its object finds malformed; a row refused for more than that stays refused', async () => {
  const text = 'name,number,parent\nWell,ATU12345675,\nIll,ATU1,\n,ATU1,\n';
  const fields: ImportMap['fields'] = { name: 'name', vatNumber: 'number' };
  const path = fileOf(text);
  const strict = await importFile(world.ada, {
    path,
    object: 'company',
    map: { fields, ignore: ['parent'] },
  });
  expect([strict.created, strict.failed]).toEqual([1, 2]);
  const map: ImportMap = { fields, ignore: ['parent'], unreadable: 'empty', match: 'name' };
  const lenient = await importFile(world.ada, { path, object: 'company', map });
  expect([lenient.created, lenient.unchanged, lenient.failed]).toEqual([1, 1, 1]);
  expect(lenient.warnings).toContainEqual(
    expect.objectContaining({ message: expect.stringMatching(/no VAT number.*It was left out/) }),
  );
  const again = await importFile(world.ada, { path, object: 'company', map });
  expect([again.created, again.unchanged, again.failed]).toEqual([0, 2, 1]);
});

test('what is refused for another reason than its form stays refused, though its field could be empty', async () => {
  const text = 'name,code,due\nScale,W-1,month\nOther scale,W-1,month\nThird scale,W-3,sometimes\n';
  const map: ImportMap = { fields: { name: 'name', code: 'code', interval: 'due' }, unreadable: 'empty' };
  const products = await importFile(world.ada, { path: fileOf(text), object: 'product', map });
  expect([products.created, products.failed]).toEqual([2, 1]);
  expect(products.failures.map(({ message }) => message)).toEqual(['Another product has this code already.']);
  expect(products.warnings.map(({ message }) => message)).toEqual([expect.stringMatching(/It was left out/)]);
  const meetings = await importFile(world.ada, {
    path: fileOf('subject,from,to\nTalk,2026-03-16T10:00:00Z,2026-03-16T09:00:00Z\n'),
    object: 'meeting',
    map: { fields: { subject: 'subject', startsAt: 'from', endsAt: 'to' }, unreadable: 'empty' },
  });
  expect([meetings.created, meetings.failed]).toEqual([0, 1]);
  expect(meetings.failures[0]!.message).toMatch(/ends after it starts/);
});
