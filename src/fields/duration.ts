import { Type } from 'typebox';
import { type Field, type FieldType, fieldOf, type Refusal, refuse } from '../engine/index.ts';
import { arithmetic, comparison, counts, emptiness, equality, plainOrder } from './operators.ts';
import { longestNumeral } from './reading.ts';

const iso =
  /^P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;
const clock = /^(\d+):([0-5]\d)(?::([0-5]\d))?$/;
const words =
  /(\d+(?:[.,]\d+)?)\s*(weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|min|m|seconds?|secs?|sec|s)(?![a-z])/gi;
const seconds: Record<string, number> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 };

function secondsOf(text: string): number | null {
  if (text.length > longestNumeral) return null;
  const parts = iso.exec(text);
  if (parts && /\d/.test(text))
    return ['w', 'd', 'h', 'm', 's'].reduce(
      (sum, unit, i) => sum + Number(parts[i + 1] ?? 0) * seconds[unit]!,
      0,
    );
  const time = clock.exec(text);
  if (time) return Number(time[1]) * 3600 + Number(time[2]) * 60 + Number(time[3] ?? 0);
  let sum = 0;
  const rest = text.replace(words, (_, count: string, unit: string) => {
    sum += Number(count.replace(',', '.')) * seconds[unit.charAt(0).toLowerCase()]!;
    return '';
  });
  return rest.replace(/\band\b|,/g, '').trim() === '' && rest !== text ? sum : null;
}

function parse(input: unknown, field: Field): number | Refusal {
  const numeral = typeof input === 'string' && /^\d+(\.\d+)?$/.test(input.trim()) ? Number(input) : input;
  const value = typeof numeral === 'string' ? secondsOf(numeral.trim()) : numeral;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > 1e12)
    return refuse(
      'notADuration',
      `${field.label} takes a length of time, such as 1h 30m, PT90M, 1:30 or 5400 (seconds).`,
    );
  return value === 0 ? 0 : Math.round(value * 1000) / 1000;
}

/** `5400` → `1h 30m`. */
function show(value: number): string {
  const parts: string[] = [];
  let rest = value;
  for (const unit of ['d', 'h', 'm'] as const) {
    const count = Math.floor(rest / seconds[unit]!);
    if (count) parts.push(`${count}${unit}`);
    rest = Math.round((rest - count * seconds[unit]!) * 1000) / 1000;
  }
  if (rest || parts.length === 0) parts.push(`${rest}s`);
  return parts.join(' ');
}

const comparable = { type: 'double precision', key: (value: number) => value };

/** A length of time, in seconds. */
export const durationType: FieldType<number> = {
  name: 'duration',
  label: 'Duration',
  help: 'A length of time, such as 1h 30m.',
  icon: 'hourglass',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'double precision' }], put: value => [value] },
  schema: () => Type.Number({ minimum: 0, description: 'Seconds' }),
  inputSchema: () => Type.Union([Type.Number({ minimum: 0 }), Type.String()]),
  parse,
  format: show,
  operators: { ...equality(comparable), ...comparison(comparable), ...emptiness() },
  sort: plainOrder('double precision'),
  group: cell => cell(),
  aggregates: { ...arithmetic, ...counts },
  cel: { type: 'double' },
  samples: [
    { input: '1h 30m', value: 5400, text: '1h 30m' },
    { input: 'PT90M', value: 5400, text: '1h 30m' },
    { input: '2 days, 4 hours and 0.5 s', value: 187_200.5, text: '2d 4h 0.5s' },
    { input: '1:05', value: 3900, text: '1h 5m' },
    { input: 0, value: 0, text: '0s' },
  ],
  refused: [
    { input: 'P1M', code: 'notADuration' },
    { input: 'a while', code: 'notADuration' },
    { input: -5, code: 'notADuration' },
    { input: '1h blue', code: 'notADuration' },
  ],
};

/** A length of time in seconds: `talkTime: duration()`. */
export const duration = fieldOf(durationType);
