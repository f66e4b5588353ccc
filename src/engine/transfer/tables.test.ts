/** Every format as tables of rows: small files of our own, and the ones that programs really wrote. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { afterAll, describe, expect, test } from 'vitest';
import { zipOf } from '../../../test/zip.ts';
import { FarleyError } from '../errors.ts';
import type { FileOptions, TableFile } from './table.ts';
import { openTable, openTables } from './tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'farley-tables-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function written(content: string | Buffer): string {
  const path = join(folder, String(++files));
  writeFileSync(path, content);
  return path;
}

/** The tables of a file, each row as an object of the cells that are not empty. */
async function read(content: string | Buffer, name: string, options: FileOptions = {}, locale = 'en') {
  const tables = await openTables(written(content), name, options, locale);
  return Promise.all(tables.map(shown));
}

async function shown(table: TableFile) {
  const rows: Record<string, string>[] = [];
  const numbers: number[] = [];
  for await (const { row, cells } of table.rows()) {
    numbers.push(row);
    rows.push(
      Object.fromEntries(
        table.columns.map((column, at) => [column, cells[at] ?? '']).filter(([, text]) => text),
      ),
    );
  }
  return {
    name: table.name,
    format: table.format,
    columns: table.columns,
    notes: table.notes,
    rows,
    numbers,
  };
}

const csv = 'name;city\nAcme;Graz\nBolt;Wien\n';

describe('archives', () => {
  test('a ZIP is a table per member; what is none is told, what programs add is passed over', async () => {
    const zip = zipOf([
      ['export/companies.csv', csv],
      ['export/people.ndjson', '{"name":"Ada"}\n{"name":"Bob"}\n'],
      ['__MACOSX/export/._companies.csv', 'rubbish'],
      ['.DS_Store', 'rubbish'],
      ['export/scan.pdf', '%PDF-1.7'],
      ['other/companies.csv', csv],
    ]);
    const tables = await read(zip, 'export.zip');
    expect(tables.map(({ name, format, rows }) => [name, format, rows.length])).toEqual([
      ['companies.csv', 'csv', 2],
      ['people.ndjson', 'ndjson', 2],
      ['companies.csv (2)', 'csv', 2],
    ]);
    expect(tables[0]!.notes.join()).toMatch(/scan\.pdf was left out: scan\.pdf is a PDF/);
  });

  test('one of several tables is picked by its name; without one, they are named', async () => {
    const path = written(
      zipOf([
        ['a.csv', csv],
        ['b.csv', csv],
      ]),
    );
    await expect(openTable(path, 'x.zip')).rejects.toThrow('“a.csv”, “b.csv”');
    expect((await openTable(path, 'x.zip', { table: 'b.csv' })).name).toBe('b.csv');
    await expect(openTable(path, 'x.zip', { table: 'c.csv' })).rejects.toThrow('no table called c.csv');
  });

  test('gzip of any format is what it holds', async () => {
    const [table] = await read(gzipSync(iconv.encode(csv, 'utf-16le', { addBOM: true })), 'companies.csv.gz');
    expect(table).toMatchObject({ name: 'companies.csv', columns: ['name', 'city'], numbers: [2, 3] });
  });
});

/** A workbook as Excel writes it, with the parts that matter. */
function workbook(
  sheets: Record<string, string>,
  { strings = '', styles = '', properties = '' } = {},
): Buffer {
  const names = Object.keys(sheets);
  const each = (make: (name: string, at: number) => string) => names.map(make).join('');
  return zipOf([
    ['[Content_Types].xml', '<Types/>'],
    ['_rels/.rels', '<Relationships><Relationship Id="r" Target="xl/workbook.xml"/></Relationships>'],
    [
      'xl/workbook.xml',
      `<workbook xmlns:r="r">${properties}<sheets>${each((name, at) => `<sheet name="${name}" r:id="rId${at}"/>`)}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships>${each((_, at) => `<Relationship Id="rId${at}" Target="worksheets/sheet${at}.xml"/>`)}</Relationships>`,
    ],
    ['xl/sharedStrings.xml', `<sst>${strings}</sst>`],
    ['xl/styles.xml', `<styleSheet>${styles}</styleSheet>`],
    ...names.map((name, at): [string, string] => [
      `xl/worksheets/sheet${at}.xml`,
      `<worksheet><sheetData>${sheets[name]}</sheetData></worksheet>`,
    ]),
  ]);
}

describe('workbooks', () => {
  const strings =
    '<si><t>Name</t></si><si><r><t>Ac</t></r><r><rPr><b/></rPr><t xml:space="preserve">me </t></r><rPh><t>x</t></rPh></si>';
  const styles = `<numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy\\ hh:mm"/><numFmt numFmtId="165" formatCode="00000"/><numFmt numFmtId="166" formatCode="[Red]#,##0.00&quot; days&quot;"/></numFmts>
    <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="20"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs>`;
  const sheet = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Since</t></is></c><c r="D1" t="str"><v>Value</v></c></row>
    <row r="2"/>
    <row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" s="1"><v>45000</v></c><c r="C3" t="b"><v>1</v></c><c r="D3"><f>1/3</f><v>0.30000000000000004</v></c></row>
    <row r="4"><c r="A4" t="str"><f>A3&amp;"x"</f><v>A &amp; B_x000D_</v></c><c r="B4" s="2"><v>45000.4375</v></c><c r="C4" t="e"><v>#N/A</v></c><c r="D4" s="4"><v>1010</v></c></row>
    <row r="5"><c r="A5"><v>436601234567</v></c><c r="B5" s="3"><v>0.75</v></c><c r="D5" s="5"><v>1234.5</v></c></row>`;

  test('cells become texts that field types read', async () => {
    const [table, none] = await read(
      workbook({ People: sheet, Empty: '' }, { strings, styles }),
      'book.xlsx',
    );
    expect(none).toBeUndefined();
    expect(table).toMatchObject({
      name: 'People',
      format: 'xlsx',
      columns: ['Name', 'Since', 'Column 3', 'Value'],
      numbers: [3, 4, 5],
    });
    expect(table!.rows).toEqual([
      { Name: 'Acme ', Since: '2023-03-15', 'Column 3': 'true', Value: '0.3' },
      { Name: 'A & B\r', Since: '2023-03-15T10:30:00', Value: '01010' },
      { Name: '436601234567', Since: '18:00:00', Value: '1234.5' },
    ]);
  });

  test('numbers are written as people of the workspace do; calendars begin in 1904, too', async () => {
    const properties = '<workbookPr date1904="1"/>';
    const [table] = await read(
      workbook({ a: sheet }, { strings, styles, properties }),
      'b.xlsx',
      {},
      'de-AT',
    );
    expect(table!.rows.map(row => row.Value)).toEqual(['0,3', '01010', '1234,5']);
    expect(table!.rows[0]!.Since).toBe('2027-03-16');
  });

  test('every sheet is a table; rows above the header are skipped', async () => {
    const book = workbook({ A: sheet, B: sheet }, { strings, styles });
    const [, second] = await read(book, 'b.xlsx', { skipLines: 1, header: false });
    expect(second).toMatchObject({ name: 'B', columns: ['1', '2', '3', '4'], numbers: [3, 4, 5] });
  });
});

describe('JSON', () => {
  test('a list of objects, nested ones flattened, lists joined, long numbers exact', async () => {
    const text = `[{"id": 12345678901234567890, "name": "A \\"[{,", "tags": ["x", "y"], "address": {"city": "Graz", "geo": {"lat": 47.5}}},
      {"id": 2, "vip": true, "name": null, "list": [{"a": 1}]}]`;
    const [table] = await read(text, 'x.json', {}, 'de');
    expect(table!.columns).toEqual(['id', 'name', 'tags', 'address.city', 'address.geo.lat', 'vip', 'list']);
    expect(table!.rows).toEqual([
      {
        id: '12345678901234567890',
        name: 'A "[{,',
        tags: 'x;y',
        'address.city': 'Graz',
        'address.geo.lat': '47,5',
      },
      { id: '2', vip: 'true', list: '[{"a":1}]' },
    ]);
  });

  test('a document with lists is a table each; one without is a row', async () => {
    const text =
      '{"meta": {"n": [1]}, "people": [{"name": "Ada"}, {"name": "Bob"}], "deals": [{"title": "T"}], "none": []}';
    const tables = await read(text, 'all.json');
    expect(tables.map(({ name, rows }) => [name, rows.length])).toEqual([
      ['people', 2],
      ['deals', 1],
    ]);
    expect((await read('{"name": "Ada", "tags": {"a": "b"}}', 'one.json'))[0]!.rows).toEqual([
      { name: 'Ada', 'tags.a': 'b' },
    ]);
  });

  test('records that blocks of the file cut are whole', async () => {
    const list = Array.from({ length: 20_000 }, (_, n) => ({ n, text: `ü"\\${'x'.repeat(n % 97)}` }));
    for (const [name, text] of [
      ['a.json', JSON.stringify(list)],
      ['a.ndjson', list.map(one => JSON.stringify(one)).join('\n')],
    ] as const) {
      const [table] = await read(text, name);
      expect(table!.rows).toEqual(list.map(({ n, text }) => ({ n: String(n), text })));
    }
  });

  test('what is broken is said', async () => {
    await expect(read('[{"a":1},{"a":]', 'x.json')).rejects.toThrow('no proper JSON');
    await expect(read('[{"a":1},{"a":tru}]', 'x.json')).rejects.toThrow('record 2 cannot be read');
    await expect(read('[]', 'x.json')).rejects.toThrow('holds no rows');
  });
});

describe('vCard', () => {
  test('2.1 with quoted-printable and charsets', async () => {
    const card = [
      'BEGIN:VCARD',
      'VERSION:2.1',
      'N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg;;Dr.',
      'FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:J=C3=B6rg =',
      'M=C3=BCller',
      'TEL;WORK;VOICE:+43 1 58800',
      'TEL;CELL:+43 660 1234567',
      'TEL;WORK;FAX:+43 1 58801',
      'EMAIL;PREF;INTERNET:a@b.at',
      'EMAIL;INTERNET:c@d.at',
      'ADR;HOME;CHARSET=windows-1250;ENCODING=QUOTED-PRINTABLE:;;Star=E1 5;Brno;;60200;CZ',
      'PHOTO;ENCODING=BASE64;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD',
      ' BEGINVCARD',
      '',
      'BDAY:19850412',
      'END:VCARD',
    ].join('\r\n');
    const [table] = await read(card, 'x.vcf');
    expect(table!.rows).toEqual([
      {
        'Formatted name': 'Jörg Müller',
        Prefix: 'Dr.',
        'First name': 'Jörg',
        'Last name': 'Müller',
        Email: 'a@b.at',
        'Email 2': 'c@d.at',
        'Phone (work)': '+43 1 58800',
        'Phone (mobile)': '+43 660 1234567',
        'Phone (work fax)': '+43 1 58801',
        'Street (home)': 'Stará 5',
        'City (home)': 'Brno',
        'Postal code (home)': '60200',
        'Country (home)': 'CZ',
        Birthday: '1985-04-12',
      },
    ]);
    expect(table!.notes).toEqual(['Pictures, sounds and keys of 1 cards were left out.']);
  });

  test('3.0 and 4.0: folds within a letter, escapes, labels of Apple, cards without an end', async () => {
    const folded = Buffer.from('NOTE:Käse\\, Brot\\; and\\nmore');
    const cut = folded.indexOf(0xc3) + 1;
    const cards = Buffer.concat([
      Buffer.from('begin:vcard\nversion:3.0\nN:Doe\\, Jr;Ada\n'),
      Buffer.concat([folded.subarray(0, cut), Buffer.from('\n '), folded.subarray(cut)]),
      Buffer.from(
        '\nitem1.TEL:123\nitem1.X-ABLabel:_$!<Assistant>!$_\nORG:Acme;Sales;North\nCATEGORIES:a,b\\,c\n',
      ),
      Buffer.from(
        'BEGIN:VCARD\nVERSION:4.0\nFN:Bob\nTEL;TYPE="work,cell";VALUE=uri:tel:+1-555\nADR;TYPE=work;LABEL="x: y; z":;;Main St;Town;;1;US\nEND:VCARD\n',
      ),
    ]);
    const [table] = await read(cards, 'x.vcf');
    expect(table!.rows).toEqual([
      {
        'Last name': 'Doe, Jr',
        'First name': 'Ada',
        Note: 'Käse, Brot; and\nmore',
        'Phone (assistant)': '123',
        Organisation: 'Acme',
        Department: 'Sales, North',
        Categories: 'a;b,c',
      },
      {
        'Formatted name': 'Bob',
        'Phone (work mobile)': '+1-555',
        'Street (work)': 'Main St',
        'City (work)': 'Town',
        'Postal code (work)': '1',
        'Country (work)': 'US',
      },
    ]);
  });
});

describe('iCalendar', () => {
  const zone =
    'BEGIN:VTIMEZONE\nTZID:Customised 1\nBEGIN:STANDARD\nDTSTART:19701025T030000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:19700329T020000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE\n';
  const event = (lines: string) => `BEGIN:VEVENT\n${lines}\nEND:VEVENT\n`;
  const calendar = (inner: string) => `BEGIN:VCALENDAR\nVERSION:2.0\n${inner}END:VCALENDAR\n`;

  test.each([
    ['DTSTART;TZID=Europe/Vienna:20260701T100000', '2026-07-01T08:00:00Z'],
    ['DTSTART;TZID=/example.org/Tzfile/America/New_York:20260101T100000', '2026-01-01T15:00:00Z'],
    ['DTSTART;TZID=Customised 1:20260701T100000', '2026-07-01T08:00:00Z'],
    ['DTSTART;TZID="Customised 1":20261201T100000', '2026-12-01T09:00:00Z'],
    ['DTSTART;TZID=Nowhere:20260701T100000', '2026-07-01T10:00:00'],
    ['DTSTART:20260701T100000Z', '2026-07-01T10:00:00Z'],
    ['DTSTART:20260701T100000', '2026-07-01T10:00:00'],
    ['DTSTART;VALUE=DATE:20260701', '2026-07-01'],
  ])('%s is %s', async (line, start) => {
    // The zone stands behind, where some programs put it.
    const [table] = await read(calendar(event(line) + zone), 'x.ics');
    expect(table!.rows[0]!.Start).toBe(start);
  });

  test('ends, days, people, alarms, to-dos', async () => {
    const text = calendar(
      event('SUMMARY:Fair\nDTSTART;VALUE=DATE:20260701\nDTEND;VALUE=DATE:20260704\nUID:1') +
        event(
          'SUMMARY:Call\nDTSTART:20260701T100000Z\nDURATION:PT1H30M\nBEGIN:VALARM\nSUMMARY:Wake\nEND:VALARM\nORGANIZER;CN=Ada:mailto:ada@x.at\nATTENDEE;CN="Bob, B":MAILTO:bob@x.at\nATTENDEE;CN=Room:invalid\nRRULE:FREQ=DAILY',
        ) +
        'BEGIN:VTODO\nSUMMARY:Write\nDUE:20260701\nSTATUS:NEEDS-ACTION\nEND:VTODO\nBEGIN:VJOURNAL\nSUMMARY:x\nEND:VJOURNAL\n',
    );
    const [events, todos] = await read(text, 'x.ics');
    expect(events!.rows).toEqual([
      { Summary: 'Fair', Start: '2026-07-01', End: '2026-07-03', 'All day': 'true', UID: '1' },
      {
        Summary: 'Call',
        Start: '2026-07-01T10:00:00Z',
        End: '2026-07-01T11:30:00Z',
        'All day': 'false',
        Organizer: 'ada@x.at',
        Attendees: 'bob@x.at;Room',
        Recurrence: 'FREQ=DAILY',
      },
    ]);
    expect(todos).toMatchObject({
      name: 'To-dos',
      rows: [{ Summary: 'Write', Due: '2026-07-01', Status: 'NEEDS-ACTION' }],
      notes: ['1 components of the kind VJOURNAL were left out.'],
    });
  });
});

describe('mail', () => {
  const message = [
    'Message-ID: <1@x>',
    'Date: Wed, 1 Jul 2026 10:00:00 +0200',
    'From: =?utf-8?Q?J=C3=B6rg?= <j@x.at>',
    'To: Ada <ada@x.at>, Team: bob@x.at, c@x.at;',
    'Subject: =?iso-8859-1?Q?Gr=FC=DFe?=',
    'In-Reply-To: <0@x>',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<style>x</style><p>Hello &amp; good day</p>',
    '--b',
    'Content-Disposition: attachment; filename="offer.pdf"',
    'Content-Type: application/pdf',
    '',
    'xx',
    '--b--',
    '',
  ].join('\r\n');
  const row = {
    'Message-ID': '<1@x>',
    Date: '2026-07-01T08:00:00.000Z',
    From: 'j@x.at',
    'From name': 'Jörg',
    To: 'ada@x.at;bob@x.at;c@x.at',
    Subject: 'Grüße',
    Text: 'Hello & good day',
    'In-Reply-To': '<0@x>',
    Attachments: 'offer.pdf',
  };

  test('a message is a row', async () => {
    const [table] = await read(message, 'x.eml');
    expect(table).toMatchObject({ format: 'eml', rows: [row] });
    expect(table!.notes).toEqual(['Attachments of 1 messages were left out; their names are told.']);
  });

  test('a mailbox is a row per message; quoted and other lines that begin with From belong to theirs', async () => {
    const plain = 'From: a@x.at\nSubject: two\n\nFrom here to there\n\n>From the start\n\nFrom me\n';
    const text = `From j@x.at Wed Jul  1 10:00:00 2026\n${message}\nFrom a@x.at Wed Jul  1 10:00:01 2026\n${plain}`;
    const [table] = await read(text, 'archive');
    expect(table).toMatchObject({ format: 'mbox', numbers: [2, 3] });
    expect(table!.rows).toEqual([
      row,
      { From: 'a@x.at', Subject: 'two', Text: 'From here to there\n\nFrom the start\n\nFrom me' },
    ]);
  });
});

describe('what a file is, its content tells', () => {
  test.each([
    ['a CSV that is called JSON', 'a,b\n1,2\n', 'x.json', 'csv'],
    ['JSON that is called CSV', '[{"a":1}]', 'x.csv', 'json'],
    ['columns in brackets', '[id],[name]\n1,2\n', 'x.csv', 'csv'],
    ['columns called as heads of messages', 'From,To,Subject\na,b,c\n', 'x.csv', 'csv'],
    ['a card without its ending', 'BEGIN:VCARD\nFN:x\n', 'x', 'vcard'],
    ['a line an object', '{"a":1}\n{"a":2}\n', 'x.txt', 'ndjson'],
  ])('%s', async (_, text, name, format) => {
    expect((await openTable(written(text), name)).format).toBe(format);
  });
});

/** Files that programs really wrote; see SOURCE.md in each folder. */
const data = process.env.FARLEY_TEST_DATA ?? '../shared/data';
const folders = ['files-vcard', 'files-ical', 'files-csv', 'files-email', 'crm-import-templates'];

// Not everyone has the 30 MB of test data: the folder is no part of the repository.
describe.skipIf(!existsSync(join(data, 'files-vcard')))('files from the world', () => {
  test.each(folders)('%s: every file is read to its end, or refused in words', async name => {
    const root = join(data, name);
    const paths = (readdirSync(root, { recursive: true }) as string[])
      .map(path => join(root, path))
      .filter(path => statSync(path).isFile() && !/(SOURCE|README|LICENSE)/i.test(path));
    const refused: string[] = [];
    let rows = 0;
    for (const path of paths) {
      try {
        for (const table of await openTables(path, path.split('/').at(-1)!))
          for await (const { cells } of table.rows()) {
            rows++;
            expect(cells.every(cell => typeof cell === 'string')).toBe(true);
          }
      } catch (error) {
        expect(error, path).toBeInstanceOf(FarleyError);
        refused.push(path.split('/').at(-1)!);
      }
    }
    expect({ name, files: paths.length, rows, refused: refused.sort() }).toMatchSnapshot();
  });

  test('as many cards and messages as there are', async () => {
    const count = async (path: string) => (await shown(await openTable(path, path))).rows.length;
    for (const name of readdirSync(join(data, 'files-vcard')).filter(file => file.endsWith('.vcf'))) {
      const path = join(data, 'files-vcard', name);
      const begun = readFileSync(path, 'latin1').match(/^BEGIN:VCARD/gim)!.length;
      expect([name, await count(path)]).toEqual([name, begun]);
    }
    expect(await count(join(data, 'crm-import-templates/atomic-crm/contacts_500.csv'))).toBe(500);
  });
});
