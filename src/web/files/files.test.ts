import { expect, test } from 'vitest';
import { kindOf, sizeText } from './files.ts';

test.each([
  ['scan.png', 'image/png', 'picture'],
  ['scan', 'image/jpeg', 'picture'],
  ['Offer.PDF', 'application/octet-stream', 'pdf'],
  ['list.csv', 'application/vnd.ms-excel', 'table'],
  ['list.csv', 'text/plain', 'table'],
  ['read.md', 'application/octet-stream', 'markdown'],
  ['a.txt', 'text/plain', 'text'],
  ['page.html', 'text/html', null],
  ['memo.m4a', 'audio/mp4', 'sound'],
  ['film.mp4', 'video/mp4', 'film'],
  ['letter.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', null],
] as const)('%s of type %s is a %s', (name, mediaType, kind) => {
  expect(kindOf({ name, mediaType })).toBe(kind);
});

test('sizes are said as people say them', () => {
  expect([0, 900, 1_500, 12_345_678].map(size => sizeText(size, 'en'))).toEqual([
    '0 byte',
    '900 byte',
    '1.5 kB',
    '12 MB',
  ]);
});
