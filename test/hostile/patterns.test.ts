/**
 * Texts made to make regular expressions and searches run away: whatever a field type reads, it reads in a time that
 * grows no faster than the text.
 */
import { expect, test } from 'vitest';
import { type Field, type FieldType, type ParseScope, Refusal } from '../../src/engine/index.ts';
import { fieldTypes } from '../../src/fields/index.ts';
import { unpackable } from './attacks.ts';

const scope: ParseScope = {
  now: new Date('2026-03-16T12:00:00Z'),
  locale: 'de-AT',
  timeZone: 'Europe/Vienna',
  country: 'AT',
  currency: 'EUR',
};

const size = 300_000;
const fill = (part: string) => part.repeat(Math.ceil(size / part.length));

/** Half of it fits what is looked for; the end never does. */
const pumps: Record<string, string> = {
  blanks: `x${fill(' ')}\u00e9`,
  'line ends': `x${fill('\n')}\u00e9x`,
  'blanks and line ends': `x${fill(' \n')}\u00e9x`,
  digits: `${fill('1')}x`,
  'digits and points': `${fill('1.')}x`,
  'digits and commas': `${fill('1,234')}x`,
  'digits and blanks': `${fill('1 ')}x`,
  signs: `${fill('-+')}1`,
  brackets: `${fill('(')}1${fill(')')}x`,
  letters: `${fill('a')}\u00e9!`,
  'letters beyond': unpackable(size),
  'combining marks': `e${fill('\u0301')}`,
  ats: fill('a@'),
  'address in brackets': `${fill('<a@b')}>`,
  dots: `a@${fill('a.')}`,
  hyphens: `a@${fill('a-')}.`,
  quotes: `"${fill('\\ ')}@a.at`,
  backslashes: `"${fill('\\')}`,
  slashes: `https://${fill('/')}`,
  percents: `https://a.at/${fill('%')}`,
  colons: fill('a:'),
  semicolons: fill('a:b;'),
  commas: fill('a, '),
  words: fill('Maria von und zu '),
  dates: fill('2026-01-01 '),
  'times of day': `2026-01-01T${fill('12:')}`,
  zones: `2026-01-01T12:00:00${fill('+01:00')}`,
  periods: fill('P1Y'),
  hours: `${fill('1 h 1 m ')}x`,
  currencies: `EUR ${fill('1')} EUR`,
  json: fill('['),
  hashes: fill('#f'),
  phones: `+43 ${fill('1 ')} ext ${fill('1')}`,
  '0x': fill('0'),
};

function fieldOf(type: FieldType): Field {
  return {
    name: 'value',
    object: 'test',
    label: 'Value',
    type,
    options: type.sampleOptions ?? {},
    columns: [],
    system: false,
    custom: false,
  };
}

/** What may be asked of a text: to be parsed as a value, as a cell, as an operand of a filter. */
function readersOf(type: FieldType): [string, (text: string) => unknown][] {
  const field = fieldOf(type);
  const sample = type.samples[0]?.input;
  const parts =
    typeof sample === 'object' && sample !== null && !Array.isArray(sample) ? Object.keys(sample) : [];
  return [
    ['parse', text => type.parse(text, field, scope)],
    ['parse a list', text => type.parse([text], field, scope)],
    ...parts.map((part): [string, (text: string) => unknown] => [
      `parse ${part}`,
      text => type.parse({ ...(sample as object), [part]: text }, field, scope),
    ]),
    ['parseText', text => type.parseText?.(text, field, scope)],
    ...Object.entries(type.operators).flatMap(([name, { parse }]): [string, (text: string) => unknown][] =>
      parse
        ? [
            [name, text => parse(text, field, scope)],
            [`${name} of a list`, text => parse([text], field, scope)],
          ]
        : [],
    ),
  ];
}

/** Milliseconds for 300,000 letters: a hundred times what reading them takes, far below what a square of them would. */
const longest = 1_500;

test.each(fieldTypes.map(type => [type.name, type] as const))('%s reads any text in time', (_, type) => {
  const slow: string[] = [];
  for (const [reader, read] of readersOf(type))
    for (const [pump, text] of Object.entries(pumps)) {
      const begun = performance.now();
      const value = read(text);
      const took = performance.now() - begun;
      if (took > longest) slow.push(`${reader} of ${pump}: ${Math.round(took)} ms`);
      if (value instanceof Refusal) expect(value.message.length, `${reader} of ${pump}`).toBeLessThan(2_000);
    }
  expect(slow).toEqual([]);
});
