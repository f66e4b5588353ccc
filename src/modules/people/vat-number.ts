/**
 * VAT identification numbers, by how they are written. Formats: European Commission, VIES, "VAT identification number
 * structure"; HMRC for GB and XI; Swiss UID register; Norwegian Brønnøysund register. No register is asked.
 */

const digits = (weights: number[], text: string) =>
  weights.reduce((sum, weight, at) => sum + weight * Number(text[at]), 0);

/** Whether the last of nine digits is the check digit of the others, modulo 11. */
const mod11 = (weights: number[]) => (text: string) => {
  const rest = (11 - (digits(weights, text) % 11)) % 11;
  return rest === Number(text[8]);
};
// Published by the registers themselves; of the other states only the format is sure.
const swiss = mod11([5, 4, 3, 2, 7, 6, 5, 4]);
const norwegian = mod11([3, 2, 7, 6, 5, 4, 3, 2]);

/** What follows the prefix, by prefix. */
const formats: Record<string, RegExp> = {
  AT: /^U\d{8}$/,
  BE: /^[01]\d{9}$/,
  BG: /^\d{9,10}$/,
  CH: /^E\d{9}(MWST|TVA|IVA)?$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  EL: /^\d{9}$/,
  ES: /^([A-Z]\d{7}[A-Z\d]|\d{8}[A-Z])$/,
  FI: /^\d{8}$/,
  FR: /^[A-HJ-NP-Z\d]{2}\d{9}$/,
  GB: /^(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^(\d[A-Z\d+*]\d{5}[A-Z]|\d{7}[A-Z]{2})$/,
  IT: /^\d{11}$/,
  LT: /^(\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^[A-Z\d+*]{12}$/,
  NO: /^\d{9}(MVA)?$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{2,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
  XI: /^(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
};

/** The prefix of the numbers of a country; Greece is called by its own name there. */
const prefixOf = (country: string) => (country === 'GR' ? 'EL' : country);

function fits(number: string): boolean {
  const [prefix, rest] = [number.slice(0, 2), number.slice(2)];
  if (!formats[prefix]?.test(rest)) return false;
  if (prefix === 'CH') return swiss(rest.slice(1));
  return prefix !== 'NO' || norwegian(rest);
}

/**
 * As it is kept: capitals without blanks, dots and dashes, with the prefix that the country of the address gives where
 * none was written. What is a number of none of these countries stays as it is.
 */
export function vatNumberOf(text: string, country?: string | null): string {
  const bare = text.toUpperCase().replace(/[\s./\u2010-\u2015-]/g, '');
  const number = bare.replace(/^GR(?=\d{9}$)/, 'EL');
  const prefixed = prefixOf(country ?? '') + number;
  const found = [number, prefixed].find(fits);
  return found ?? (number.slice(0, 2) in formats ? number : text);
}

/** Whether it begins like a number of one of these countries, and is none. */
export function isWrongVatNumber(number: string): boolean {
  return /^[A-Z]{2}[A-Z\d+*]*\d/.test(number) && number.slice(0, 2) in formats && !fits(number);
}

/**
 * Whether a company with this number is in business for the tax of a country abroad: by a number of any of these
 * countries but the seller's own; where the format of theirs is not known, by any number.
 */
export function showsBusiness(
  number: string | null | undefined,
  country: string | null,
  home: string | null,
): boolean {
  if (!number) return false;
  if (fits(number)) return number.slice(0, 2) !== prefixOf(home ?? '');
  return !(prefixOf(country ?? '') in formats);
}
