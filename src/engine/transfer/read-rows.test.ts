/** Files as people and programs really write them. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, describe, expect, test } from 'vitest';
import type { FileOptions } from './table.ts';
import { openTable } from './tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'farley-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
async function read(content: string | Buffer, options: FileOptions = {}, locale = 'en') {
  const path = join(folder, `${++files}.csv`);
  writeFileSync(path, content);
  return readPath(path, options, locale);
}

async function readPath(path: string, options: FileOptions = {}, locale = 'en') {
  const file = await openTable(path, 'some.csv', options, locale);
  const rows = [];
  for await (const { cells } of file.rows()) rows.push(cells);
  const { encoding, dialect, columns } = file;
  return { encoding: encoding!.name, how: encoding!.how, delimiter: dialect!.delimiter, columns, rows };
}

describe('encodings', () => {
  const german = 'Name;Straße\nJörg Müller;Käsgasse 5\nZoë;Hauptstraße\n';
  test.each([
    ['utf-8', 'utf-8', false, german],
    ['utf-8', 'utf-8', true, german],
    ['utf-16le', 'utf-16le', true, german],
    ['utf-16be', 'utf-16be', true, german],
    ['utf-16le', 'utf-16le', false, german],
    ['utf-16be', 'utf-16be', false, german],
    ['windows-1252', 'windows-1252', false, german],
    ['latin1', 'windows-1252', false, german],
    ['shift_jis', 'Shift_JIS', false, '名前;会社\n山田太郎;株式会社テスト\n佐藤花子;東京営業所\n'],
    ['gb18030', 'GB18030', false, '姓名;公司\n张伟;北京科技有限公司\n王芳;上海贸易公司\n'],
    ['big5', 'Big5', false, '姓名;公司\n陳大文;台北貿易公司\n林小姐;高雄工廠\n'],
    ['iso-8859-7', 'ISO-8859-7', false, 'Όνομα;Εταιρεία\nΓιώργος Παπαδόπουλος;Αθήνα\n'],
  ])('%s is found as %s (mark: %s)', async (written, found, mark, text) => {
    const got = await read(iconv.encode(text, written, { addBOM: mark }));
    expect(got.encoding).toBe(found);
    const [columns, ...rows] = text
      .trim()
      .split('\n')
      .map(line => line.split(';'));
    expect(got).toMatchObject({ columns, rows });
  });

  test('a few words are read by the language of the workspace', async () => {
    const czech = 'Jméno,Firma\nJiří Dvořák,Škoda Plzeň\nŽaneta,Košice\n';
    const got = await read(iconv.encode(czech, 'windows-1250'), {}, 'cs-CZ');
    expect(got).toMatchObject({ encoding: 'windows-1250', columns: ['Jméno', 'Firma'] });
  });

  test('a character that is cut by a block of the file is still one character', async () => {
    const text = `a,b\n${'x'.repeat(255 * 1024)}${'é€😀'.repeat(2000)},y\n`;
    for (const shift of ['', 'z', 'zz', 'zzz'])
      expect((await read(shift + text)).rows[0]![0]).toBe(text.slice(4, -3));
  });

  test('accents far down the file are seen', async () => {
    const text = `name\n${'plain\n'.repeat(300_000)}Müller\n`;
    expect((await read(iconv.encode(text, 'windows-1252'))).rows.at(-1)).toEqual(['Müller']);
  });

  test('what is stated counts; what is unknown is refused', async () => {
    const bytes = iconv.encode('имя\nАнна\n', 'koi8-r');
    expect(await read(bytes, { encoding: 'koi8-r' })).toMatchObject({ columns: ['имя'], how: 'stated' });
    await expect(read(bytes, { encoding: 'klingon' })).rejects.toThrow('klingon is not known');
  });
});

describe('delimiters', () => {
  test.each([',', ';', '\t', '|', '^', '~', ':', '\x1f'])('%j is found', async delimiter => {
    const lines = [
      ['name', 'note', 'city'],
      ['Acme', 'says hello', 'Graz'],
      ['Byron', 'nothing', 'Wien'],
    ];
    const got = await read(lines.map(line => line.join(delimiter)).join('\n'));
    expect(got).toMatchObject({ delimiter, columns: lines[0], rows: lines.slice(1) });
  });

  test('commas inside values do not outvote the semicolon between them', async () => {
    const got = await read('name;price\n"Acme, Inc.";1,50\nByron;2,75\n"Cray, Seymour";3,10\n');
    expect(got.rows).toEqual([
      ['Acme, Inc.', '1,50'],
      ['Byron', '2,75'],
      ['Cray, Seymour', '3,10'],
    ]);
  });

  test('the line sep= of Excel is obeyed and left out', async () => {
    expect(await read('sep=|\r\na|b\r\n1|2\r\n')).toMatchObject({ columns: ['a', 'b'], rows: [['1', '2']] });
  });

  test('a single column stays one', async () => {
    expect(await read('name\nAcme\nByron\n')).toMatchObject({
      columns: ['name'],
      rows: [['Acme'], ['Byron']],
    });
  });

  test('empty cells at the start of a row of tabs stay', async () => {
    expect((await read('a\tb\tc\n\t\t3\n')).rows).toEqual([['', '', '3']]);
  });
});

describe('quoting and line ends', () => {
  test('quotes, doubled quotes, delimiters and line ends inside values', async () => {
    const got = await read('a,b\r\n"x ""y"", z","line 1\r\nline 2"\r\n"",""""\r\n');
    expect(got.rows).toEqual([
      ['x "y", z', 'line 1\r\nline 2'],
      ['', '"'],
    ]);
  });

  test('a stray quote is a character', async () => {
    expect((await read('a,b\n5" pipe,x\nO"Brien,y\n')).rows).toEqual([
      ['5" pipe', 'x'],
      ['O"Brien', 'y'],
    ]);
  });

  test('spaces around quotes are no part of the value', async () => {
    expect((await read('a, b\n1, "6,000"\n')).rows).toEqual([['1', '6,000']]);
  });

  test.each(['\n', '\r\n', '\r'])('rows end with %j', async end => {
    expect((await read(['a,b', '1,2', '3,4'].join(end))).rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  test('CRLF and LF mixed, and a lone CR inside a value', async () => {
    expect((await read('a,b\r\n1,2\n3,x\ry\r\n')).rows).toEqual([
      ['1', '2'],
      ['3', 'x\ry'],
    ]);
  });

  test('empty lines are passed over and do not disturb the count of rows', async () => {
    const path = join(folder, 'gaps.csv');
    writeFileSync(path, 'a,b\n\n1,2\n\n\n3,4\n');
    const file = await openTable(path, 'some.csv');
    const rows: number[] = [];
    for await (const { row } of file.rows()) rows.push(row);
    expect(rows).toEqual([3, 6]);
  });

  test('a quote that never closes is named, not swallowed', async () => {
    await expect(read('a,b\n1,"2\n3,4\n')).rejects.toThrow('from row 2 on: a quotation mark');
  });

  test('columns without a name and twice the same name', async () => {
    expect((await read('name,,name\n1,2,3\n')).columns).toEqual(['name', 'Column 2', 'name (2)']);
  });

  test('without a header the columns are counted', async () => {
    expect(await read('1,2\n3,4\n', { header: false })).toMatchObject({
      columns: ['1', '2'],
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
    });
  });

  test('a file that is not there is refused', async () => {
    await expect(openTable(join(folder, 'none.csv'), 'none.csv')).rejects.toMatchObject({
      code: 'invalidInput',
    });
  });

  test('an empty file is refused', async () => {
    await expect(read('')).rejects.toThrow('The file is empty');
    await expect(read('\n\n')).rejects.toThrow('The file is empty');
  });
});

const horrors = join(process.env.FARLEY_TEST_DATA ?? '../shared/data', 'files-csv/messytables-horror');
const absent = !existsSync(horrors);
if (absent) console.warn(`Skipped: real CSV files, because ${horrors} is absent (set FARLEY_TEST_DATA).`);

describe.skipIf(absent)('real files', () => {
  test.each([
    ['characters.csv', 'Big5', ',', 18, 382],
    ['spanish_chars.csv', 'windows-1252', ',', 8, 116],
    ['example.tsv', 'utf-8', '\t', 17, 140],
    ['simple.psv', 'utf-8', '|', 6, 28],
    ['simple.ssv', 'utf-8', ';', 3, 6],
    ['complex.csv', 'utf-8', ',', 4, 3],
    ['long.csv', 'utf-8', ',', 1, 3999],
  ])('%s', async (name, encoding, delimiter, columns, rows) => {
    const got = await readPath(join(horrors, name));
    expect({ encoding: got.encoding, delimiter: got.delimiter }).toEqual({ encoding, delimiter });
    expect([got.columns.length, got.rows.length]).toEqual([columns, rows]);
    expect(JSON.stringify(got.rows)).not.toContain('\ufffd');
  });
});
