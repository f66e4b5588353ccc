import { expect, test } from 'vitest';
import { nameOf, noteOf, readShareSearch } from './shared.ts';

test('an address of the share page is read, and what is no text in it is left out', () => {
  expect(readShareSearch({ title: 'A', url: '', text: 7, lost: 'true', other: 'x' })).toEqual({
    title: 'A',
    lost: true,
  });
});

test('a note says title, text and link once each', () => {
  const url = 'https://hotel.example/menu';
  expect(noteOf({ title: 'Menu', text: `Look at this ${url}`, url })).toBe(`Menu\n\nLook at this ${url}`);
  expect(noteOf({ title: ' ', url })).toBe(url);
  expect(noteOf({})).toBe('');
});

test('a record made of it is called by the title, else by the first line that is no link', () => {
  expect(nameOf({ title: ' Felix Rotter ', text: 'Call him' })).toBe('Felix Rotter');
  expect(nameOf({ text: 'https://x.example\nFelix Rotter\nVienna' })).toBe('Felix Rotter');
  expect(nameOf({ text: 'https://x.example' })).toBe('');
  expect(nameOf({ title: 'x'.repeat(300) })).toHaveLength(120);
});
