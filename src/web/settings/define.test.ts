import { expect, test } from 'vitest';
import { nameFor, optionFields, optionsFrom } from './define.ts';
import { deviceOf } from './device.ts';

test('names follow from labels, in letters the server takes, and are free', () => {
  expect(nameFor('Contract value', [])).toBe('contractValue');
  expect(nameFor('Größe der Küche', [])).toBe('grosseDerKuche');
  expect(nameFor('2nd owner', [])).toBe('ndOwner');
  expect(nameFor('名前', [])).toBe('own');
  expect(nameFor('Owner', ['owner', 'owner2'])).toBe('owner3');
});

test('lines become choices, empty answers are left out', () => {
  expect(optionsFrom({ choices: 'North\n\n South east ', help: null, label: 'Area' })).toEqual({
    choices: [
      { value: 'north', label: 'North' },
      { value: 'southEast', label: 'South east' },
    ],
    label: 'Area',
  });
});

test('the schema of a type tells what is asked', () => {
  const schema = { properties: { max: { type: 'integer' }, deep: { type: 'object' } } };
  const words = { choices: '', choicesHelp: '', to: '' };
  expect(optionFields(schema, [], words).map(field => field.name)).toEqual(['max']);
  expect(optionFields(null, [], words)).toEqual([]);
});

test('a device is named by its browser and system', () => {
  const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36';
  expect(deviceOf(agent)).toEqual({ name: 'Chrome · Linux', phone: false });
  expect(deviceOf('curl/8').name).toBe('');
});
