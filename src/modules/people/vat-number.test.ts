/** What is a VAT number, and how it is kept. */
import { expect, test } from 'vitest';
import { isWrongVatNumber, showsBusiness, vatNumberOf } from './vat-number.ts';

// Numbers that their owners print on their websites, and examples of the registers.
const real = [
  'ATU12345678',
  'BE0203201340',
  'DE143593636',
  'EL094014201',
  'ESA28015865',
  'ESX1234567L',
  'FR40303265045',
  'GB123456789',
  'GBHA501',
  'IE6388047V',
  'IE1234567WA',
  'IT00743110157',
  'NL004495445B01',
  'CHE116281710MWST',
  'NO923609016MVA',
  'SE556012579001',
  'XI123456789',
];

test.each(real)('%s is one, whatever blanks and dashes it has', number => {
  expect(isWrongVatNumber(number)).toBe(false);
  const written = `${number.slice(0, 4).toLowerCase()} ${number.slice(4, 7)}.${number.slice(7)} `;
  expect(vatNumberOf(written)).toBe(number);
  expect(showsBusiness(number, 'DE', 'PT')).toBe(true);
});

test.each([
  'ATU1234567',
  'DE12345678',
  'ES123456789',
  'FRO1303265045',
  'CHE116281711',
  'NO923609017',
  'PL12',
])('%s is none', number => {
  expect(isWrongVatNumber(number)).toBe(true);
  expect(showsBusiness(number, 'DE', 'AT')).toBe(false);
});

test('the country of the address gives letters that were left out; Greece has its own', () => {
  expect(vatNumberOf('143 593 636', 'DE')).toBe('DE143593636');
  expect(vatNumberOf('094014201', 'GR')).toBe('EL094014201');
  expect(vatNumberOf('GR094014201')).toBe('EL094014201');
});

test('numbers of other countries stay as they are, and show business where no format is known', () => {
  expect(vatNumberOf('12-3456789', 'US')).toBe('12-3456789');
  expect(isWrongVatNumber('12-3456789')).toBe(false);
  expect(showsBusiness('12-3456789', 'US', 'AT')).toBe(true);
  expect(showsBusiness('12-3456789', 'DE', 'AT')).toBe(false);
  expect(showsBusiness('ATU12345678', 'DE', 'AT')).toBe(false);
  expect(showsBusiness(null, 'US', 'AT')).toBe(false);
});
