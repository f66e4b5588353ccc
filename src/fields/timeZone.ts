import { Type } from 'typebox';
import { type FieldType, fieldOf, refuse } from '../engine/index.ts';
import { counts, emptiness, equality, plainOrder } from './operators.ts';
import { didYouMean } from './reading.ts';

const zones = Intl.supportedValuesOf('timeZone');
const byKey = new Map(['UTC', ...zones].map(zone => [zone.toLowerCase(), zone]));

/** The zone as it is written in the IANA database; null when it has none of that name. */
function read(text: string): string | null {
  const key = text.trim().replaceAll(' ', '_').toLowerCase();
  const known = byKey.get(key);
  if (known !== undefined) return known;
  // Offsets such as +01:00 are no zones: they know no summer time.
  if (key.length > 60 || !/^[a-z]+\/[a-z_/+-]+$/.test(key)) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: key });
  } catch {
    return null;
  }
  const written = key.replace(
    /(^|[/_-])([a-z])/g,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
  byKey.set(key, written);
  return written;
}

/** A time zone by its IANA name. */
export const timeZoneType: FieldType<string> = {
  name: 'timeZone',
  label: 'Time zone',
  help: 'A time zone, such as Europe/Vienna.',
  icon: 'world-pin',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'text' }], put: value => [value] },
  schema: () => Type.String({ maxLength: 60 }),
  inputSchema: () => Type.String(),
  parse(input, field) {
    if (typeof input === 'string' && input.trim() === '') return null;
    const zone = typeof input === 'string' ? read(input) : null;
    if (zone) return zone;
    const near = typeof input === 'string' ? didYouMean(input, zones) : null;
    const hint = near ? ` Did you mean ${near}?` : '';
    return refuse(
      'notATimeZone',
      `${field.label} takes a time zone by its IANA name, such as Europe/Vienna.${hint}`,
    );
  },
  format: value => value,
  operators: { ...equality<string>({ type: 'text', key: value => value }), ...emptiness() },
  sort: plainOrder('text'),
  group: cell => cell(),
  aggregates: counts,
  cel: { type: 'string' },
  fact: { kind: 'level' },
  samples: [
    { input: 'europe/vienna', value: 'Europe/Vienna', text: 'Europe/Vienna' },
    { input: 'America/New York', value: 'America/New_York', text: 'America/New_York' },
    { input: 'utc', value: 'UTC', text: 'UTC' },
    { input: 'Asia/Kolkata', value: 'Asia/Kolkata', text: 'Asia/Kolkata' },
  ],
  refused: [
    { input: 'Vienna', code: 'notATimeZone' },
    { input: '+01:00', code: 'notATimeZone' },
    { input: 1, code: 'notATimeZone' },
  ],
};

/** A time zone: `timeZone: timeZone()`. */
export const timeZone = fieldOf(timeZoneType);
