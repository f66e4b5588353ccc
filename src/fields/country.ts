import { Type } from 'typebox';
import {
  type Field,
  type FieldType,
  fieldOf,
  type ParseScope,
  type Refusal,
  refuse,
} from '../engine/index.ts';
import { counts, emptiness, equality, plainOrder } from './operators.ts';
import { didYouMean, lookupKey } from './reading.ts';

/** ISO 3166-1 alpha-2, and XK, which everyone uses for Kosovo. */
export const countryCodes: readonly string[] =
  `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT
MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW`.split(/\s+/);

const codes = new Set(countryCodes);
const locales = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'da', 'cs', 'tr', 'ja', 'zh', 'ru'];

/** Names that people use and the locale data lack. */
const otherNames: Record<string, string[]> = {
  US: ['USA', 'U.S.A.', 'United States of America', 'America', 'Vereinigte Staaten von Amerika'],
  GB: [
    'UK',
    'U.K.',
    'Great Britain',
    'Britain',
    'England',
    'Scotland',
    'Wales',
    'Northern Ireland',
    'Großbritannien',
  ],
  AE: ['UAE', 'Emirates'],
  KR: ['Korea', 'Republic of Korea', 'Korea, Republic of', 'Korea (South)'],
  KP: ["Korea, Democratic People's Republic of", 'DPRK'],
  RU: ['Russian Federation'],
  CZ: ['Czech Republic', 'Tschechische Republik'],
  TR: ['Turkey'],
  CI: ['Ivory Coast', 'Cote d Ivoire'],
  CD: ['DR Congo', 'Democratic Republic of the Congo', 'Congo, The Democratic Republic of the'],
  CG: ['Republic of the Congo', 'Congo'],
  CV: ['Cape Verde'],
  MK: ['Macedonia'],
  MM: ['Burma', 'Myanmar'],
  SZ: ['Swaziland'],
  TL: ['East Timor'],
  VA: ['Vatican', 'Holy See', 'Holy See (Vatican City State)'],
  VN: ['Viet Nam'],
  IR: ['Iran, Islamic Republic of', 'Islamic Republic of Iran'],
  SY: ['Syrian Arab Republic'],
  LA: ["Lao People's Democratic Republic"],
  MD: ['Moldova, Republic of', 'Republic of Moldova'],
  TZ: ['Tanzania, United Republic of', 'United Republic of Tanzania'],
  BO: ['Bolivia, Plurinational State of', 'Plurinational State of Bolivia'],
  VE: ['Venezuela, Bolivarian Republic of', 'Bolivarian Republic of Venezuela'],
  TW: ['Taiwan, Province of China'],
  HK: ['Hong Kong'],
  MO: ['Macau', 'Macao'],
  PS: ['Palestine', 'Palestine, State of', 'State of Palestine'],
  NL: ['The Netherlands', 'Holland'],
  BN: ['Brunei Darussalam'],
  FM: ['Micronesia, Federated States of'],
  BS: ['The Bahamas'],
  GM: ['The Gambia'],
  XK: ['Kosovo'],
};

let names: Map<string, string> | undefined;

/** Lookup key of a name → code. Made when the first name is read. */
function codeByName(): Map<string, string> {
  if (names) return names;
  names = new Map();
  const add = (name: string, code: string) => {
    const key = lookupKey(name);
    if (!names!.has(key)) names!.set(key, code);
  };
  for (const [code, others] of Object.entries(otherNames)) for (const name of others) add(name, code);
  for (const locale of locales) for (const code of countryCodes) add(countryName(code, locale), code);
  return names;
}

const displays = new Map<string, Intl.DisplayNames>();

/** The name of a country in a language. */
export function countryName(code: string, locale: string): string {
  let display = displays.get(locale);
  if (!display) {
    display = new Intl.DisplayNames(locale, { type: 'region' });
    displays.set(locale, display);
  }
  return display.of(code) ?? code;
}

/** A country by its code or its name in one of many languages; null when there is none of that very name. */
export function findCountry(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.length === 2 && codes.has(trimmed.toUpperCase())) return trimmed.toUpperCase();
  return codeByName().get(lookupKey(trimmed)) ?? null;
}

/** Reads a country; a misspelt name is refused with the one that may be meant, never corrected silently. */
export function parseCountry(input: unknown, label: string): string | Refusal {
  const found = typeof input === 'string' ? findCountry(input) : null;
  if (found) return found;
  const english = countryCodes.map(code => countryName(code, 'en'));
  const near = typeof input === 'string' ? didYouMean(input, english) : null;
  const hint = near ? ` Did you mean ${near} (${findCountry(near)})?` : '';
  return refuse(
    'notACountry',
    `${label} takes a country by its name or two letters, such as Austria or AT.${hint}`,
  );
}

/** Operands in lists are read by the type's own parse. */
function parse(input: unknown, field: Field): string | null | Refusal {
  return typeof input === 'string' && input.trim() === '' ? null : parseCountry(input, field.label);
}

/** In the reader's language where that can be read back, else in English. */
function show(value: string, scope: ParseScope): string {
  const own = countryName(value, scope.locale);
  return findCountry(own) === value ? own : countryName(value, 'en');
}

/** A country by its two letters. */
export const countryType: FieldType<string> = {
  name: 'country',
  label: 'Country',
  help: 'A country of the world.',
  icon: 'flag',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'text' }], put: value => [value] },
  schema: () => Type.String({ pattern: '^[A-Z]{2}$' }),
  inputSchema: () => Type.String(),
  parse,
  format: (value, _field, scope) => show(value, scope),
  operators: { ...equality<string>({ type: 'text', key: value => value }), ...emptiness() },
  sort: plainOrder('text'),
  group: cell => cell(),
  aggregates: counts,
  searchText: value => [countryName(value, 'en')],
  cel: { type: 'string' },
  fact: { kind: 'level' },
  samples: [
    { input: 'at', value: 'AT', text: 'Austria' },
    { input: 'Österreich', value: 'AT', text: 'Austria' },
    { input: 'U.S.A.', value: 'US', text: 'United States' },
    { input: "Côte d'Ivoire", value: 'CI', text: 'Côte d’Ivoire' },
    { input: 'Viet Nam', value: 'VN', text: 'Vietnam' },
  ],
  refused: [
    { input: 'Philipines', code: 'notACountry' },
    { input: 'QQ', code: 'notACountry' },
    { input: 43, code: 'notACountry' },
  ],
};

/** A country: `country: country()`. */
export const country = fieldOf(countryType);
