/** What of a file is shown in a page: only what runs nothing, parts of it, and how texts begin. */
import { expect, test } from 'vitest';
import { rangeOf, shownAs, shownHeaders, textPreview } from './preview.ts';

test.each([
  ['image/png', 'a', 'image/png'],
  ['IMAGE/JPEG', 'a.txt', 'image/jpeg'],
  ['application/octet-stream', 'Offer.PDF', 'application/pdf'],
  [null, 'film.mp4', 'video/mp4'],
  ['text/html', 'page.html', null],
  ['text/html', 'page', null],
  ['application/xhtml+xml', 'x.xhtml', null],
  ['text/xml', 'x.xml', null],
  ['application/javascript', 'x.js', null],
  ['application/zip', 'x.docx', null],
  ['', 'png', null],
])('%s called %s is shown as %s', (mediaType, name, type) => {
  expect(shownAs(mediaType, name)).toBe(type);
});

test('nothing that is shown may run a script or be guessed to be something else', () => {
  for (const type of ['image/png', 'image/svg+xml', 'application/pdf', 'video/mp4']) {
    const headers = shownHeaders(type);
    expect(headers['content-type']).toBe(type);
    expect(headers['x-content-type-options']).toBe('nosniff');
    const policy = headers['content-security-policy']!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/script|unsafe-eval/);
    const framed = type === 'application/pdf';
    expect(policy).toContain(framed ? "frame-ancestors 'self'" : "frame-ancestors 'none'");
    if (!framed) expect(policy).toContain('sandbox;');
  }
});

test.each([
  [undefined, null],
  ['bytes=0-', { start: 0, end: 99 }],
  ['bytes=10-19', { start: 10, end: 19 }],
  ['bytes=90-500', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-', null],
  ['bytes=0-1,5-6', null],
] as const)('the part %s of a hundred bytes', (header, part) => {
  expect(rangeOf(header, 100)).toEqual(part);
});

test('a part that the file does not have is refused', () => {
  for (const header of ['bytes=100-', 'bytes=9-3', 'bytes=200-300'])
    expect(() => rangeOf(header, 100)).toThrow(/not in it/);
});

const look = (bytes: Buffer, name: string, cut = false) => textPreview(bytes, { name, cut, locale: 'de' });

test('texts are read in whatever encoding they are', async () => {
  expect(await look(Buffer.from('# Grüße\n'), 'a.md')).toEqual({ text: '# Grüße\n', cut: false });
  expect((await look(Buffer.from('Gr\xfc\xdfe aus Wien, sch\xf6ne\n', 'latin1'), 'a.txt')).text).toBe(
    'Grüße aus Wien, schöne\n',
  );
  expect((await look(Buffer.from('\ufeffÄ', 'utf16le'), 'a.txt')).text).toBe('Ä');
  expect(await look(Buffer.alloc(0), 'a.txt')).toEqual({ text: '', cut: false });
});

test('a text that goes on ends with a whole line, so that no letter is cut in two', async () => {
  const bytes = Buffer.from('one\ntwo ü').subarray(0, -1);
  expect(await look(bytes, 'a.txt', true)).toEqual({ text: 'one\n', cut: true });
});

test('tables have rows; one whose quote was cut off is a text', async () => {
  expect((await look(Buffer.from('Name;Ort\n"A; B";Wien\n'), 'a.csv')).rows).toEqual([
    ['Name', 'Ort'],
    ['A; B', 'Wien'],
  ]);
  expect((await look(Buffer.from('a,b\n"open,1\n'), 'a.csv')).rows).toBeUndefined();
});

test('what is no text is refused', async () => {
  const bytes = Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 7, 0, 0, 0]);
  await expect(look(bytes, 'x.docx')).rejects.toMatchObject({ code: 'unsupportedMedia' });
});
