/** What a chart shows: a value per group, its share, its name, and what there is to say of it. Pure. */
import type { Json, MetaObject } from '../../engine/index.ts';
import { record } from '../../fields/read.tsx';
import type { Format } from '../../fields/view.ts';
import { step } from '../model/days.ts';
import type { Filter } from '../model/filter.ts';
import {
  filterOfGroup,
  type Grouping,
  type RowGroup,
  type Total,
  textOfTotal,
  titleOfGroup,
} from '../model/groups.ts';
import { measureFields } from '../model/layouts.ts';

/** `amount:sum`; null for how many there are. */
export function measureOf(object: MetaObject, text: string | undefined): Total | null {
  const [name, op] = (text ?? '').split(':');
  const found = measureFields(object).find(measure => measure.field.name === name && measure.op.name === op);
  return found ? { field: found.field, op: found.op.name } : null;
}

export function labelOfMeasure(measure: Total): string {
  return `${measure.field.label}: ${measure.field.aggregates.find(({ name }) => name === measure.op)?.label}`;
}

export interface Mark {
  key: string;
  title: string;
  /** The title where room is scarce. */
  short: string;
  value: number;
  /** The value as people read it. */
  text: string;
  /** Part of the whole; null where values do not add up. */
  share: number | null;
  /** The records behind it; null where a mark stands for several groups. */
  filter: Filter | null;
  group: Json;
}

/** Of amounts in several currencies only those of one can be drawn: the usual one, or the first. */
function drawn(value: Json, currency: string): Json {
  if (!Array.isArray(value)) return value;
  return value.find(item => record(item).currency === currency) ?? value[0] ?? null;
}

function numberOf(value: Json): number {
  const found = Number(record(value).amount ?? value ?? 0);
  return Number.isFinite(found) ? found : 0;
}

/** Months without records are months all the same; a chart of more stretches than this stays with those that have some. */
const mostStretches = 120;

function filled(grouping: Grouping, groups: RowGroup[], format: Format): RowGroup[] {
  const { bucket } = grouping;
  const dated = groups.filter(group => group.value !== null);
  const [first, last] = [dated[0], dated.at(-1)];
  if (!bucket || !first || !last) return groups;
  const known = new Map(dated.map(group => [String(group.value).slice(0, 10), group]));
  const days: string[] = [];
  const end = String(last.value).slice(0, 10);
  for (let day = String(first.value).slice(0, 10); day <= end; day = step(day, bucket, 1)) {
    days.push(day);
    if (days.length > mostStretches) return groups;
  }
  const all = days.map(
    day =>
      known.get(day) ?? {
        key: day,
        value: day,
        title: titleOfGroup(grouping, day, format),
        filter: filterOfGroup(grouping, day),
        count: 0,
        values: [],
      },
  );
  return [...all, ...groups.filter(group => group.value === null)];
}

/** The marks of a chart, in the order of their groups; values without an order of their own by size. */
export function marksOf(
  grouping: Grouping,
  groups: RowGroup[],
  measure: Total | null,
  { format, ordered, none }: { format: Format; ordered: boolean; none: string },
): { marks: Mark[]; mixed: boolean } {
  const all = filled(grouping, groups, format);
  const adds = measure === null || measure.op === 'sum' || measure.op === 'total';
  const valueIn = (group: RowGroup) =>
    measure ? drawn(group.values[0] ?? null, format.currency) : group.count;
  const total = all.reduce((sum, group) => sum + numberOf(valueIn(group)), 0);
  const marks = all.map((group): Mark => {
    const value = valueIn(group);
    const number = numberOf(value);
    return {
      key: group.key,
      title: group.title || none,
      short: shortTitle(grouping, group, format) || group.title || none,
      value: number,
      text: (measure ? textOfTotal(measure, value, format) : number.toLocaleString(format.locale)) || '0',
      share: adds && total > 0 ? number / total : null,
      filter: filterOfGroup(grouping, group.value, true),
      group: group.value,
    };
  });
  if (!ordered && !grouping.bucket)
    marks.sort((a, b) => Number(a.group === null) - Number(b.group === null) || b.value - a.value);
  return { marks, mixed: measure !== null && groups.some(group => Array.isArray(group.values[0])) };
}

/** "Sep 2026", "16 Nov": names of stretches below an axis. */
function shortTitle({ bucket }: Grouping, { value }: RowGroup, { locale }: Format): string {
  if (value === null || !bucket || bucket === 'quarter' || bucket === 'year') return '';
  const parts: Intl.DateTimeFormatOptions =
    bucket === 'month' ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' };
  return new Intl.DateTimeFormat(locale, { ...parts, timeZone: 'UTC' }).format(
    new Date(String(value).slice(0, 10)),
  );
}

/** The mark with the greatest value, where it says something. */
export function leading(marks: Mark[]): Mark | null {
  const top = [...marks].sort((a, b) => b.value - a.value)[0];
  return top && marks.length > 1 && top.value > 0 ? top : null;
}

/** A round number at or above the greatest value: where the scale ends. */
export function scaleOf(marks: Pick<Mark, 'value'>[]): number {
  const top = Math.max(0, ...marks.map(mark => mark.value));
  if (top === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(top));
  return ([1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].find(step => step * power >= top) ?? 10) * power;
}

/** Segments of a donut beside the one for all others. */
const mostSegments = 5;

/** The greatest marks, and one for the rest. */
export function segmentsOf(marks: Mark[], others: string, textOf: (value: number) => string): Mark[] {
  const sorted = marks.filter(mark => mark.value > 0).sort((a, b) => b.value - a.value);
  if (sorted.length <= mostSegments + 1) return sorted;
  const rest = sorted.slice(mostSegments);
  const value = rest.reduce((sum, mark) => sum + mark.value, 0);
  const share = rest.reduce((sum, mark) => sum + (mark.share ?? 0), 0);
  const other = {
    key: 'others',
    title: others,
    short: others,
    value,
    text: textOf(value),
    share,
    filter: null,
    group: null,
  };
  return [...sorted.slice(0, mostSegments), other];
}

/** The path of a ring's segment from one part of the whole to another, around the origin. */
export function segmentPath(from: number, to: number, outer: number, inner: number): string {
  // A full ring begins where it ends; drawn just short of it.
  const end = to - from >= 1 ? from + 0.9999 : to;
  const at = (part: number, radius: number) => {
    const angle = part * 2 * Math.PI - Math.PI / 2;
    return `${(radius * Math.cos(angle)).toFixed(3)} ${(radius * Math.sin(angle)).toFixed(3)}`;
  };
  const large = end - from > 0.5 ? 1 : 0;
  return `M ${at(from, outer)} A ${outer} ${outer} 0 ${large} 1 ${at(end, outer)} L ${at(end, inner)} A ${inner} ${inner} 0 ${large} 0 ${at(from, inner)} Z`;
}

/** The text of a value that several marks add up to. */
export function textOfSum(measure: Total | null, like: Json, value: number, format: Format): string {
  if (!measure) return value.toLocaleString(format.locale);
  const { currency } = record(like);
  return textOfTotal(measure, currency === undefined ? value : { amount: String(value), currency }, format);
}

export function percent(share: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}
