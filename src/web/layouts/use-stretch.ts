/** A stretch of days on the screen, and the records that fall into it. */
import { useEffect, useMemo } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { optionsOf, reference } from '../../fields/read.tsx';
import { tintNamed, tintOf } from '../../kit/tint.ts';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { beginOf, today } from '../model/days.ts';
import { both, type Filter } from '../model/filter.ts';
import { colourFields, momentFields, momentOf } from '../model/layouts.ts';
import { formatOf, useMeta } from '../model/meta.tsx';
import { useRecords } from '../model/records.ts';
import type { ListModel } from '../records/use-list.ts';

/** Records shown at once, at most: more is no picture but a list. */
export const mostShown = 2_000;

/** What every layout is given: whose records, and which. */
export interface LayoutProps {
  object: MetaObject;
  list: ListModel;
}

/** From the first day to the one after the last. */
export interface Stretch {
  from: string;
  to: string;
}

/** What the layout is arranged by, as far as the list says; else the first that can be. */
export function useArranged(object: MetaObject, list: ListModel) {
  const meta = useMeta();
  const { arrangement, at } = list.state;
  return useMemo(() => {
    const moments = momentFields(object);
    const format = formatOf(meta);
    const colours = colourFields(object);
    return {
      by: moments.find(field => field.name === arrangement.by) ?? moments[0],
      end: moments.find(field => field.name === arrangement.end),
      colour: colours.find(field => field.name === arrangement.colour) ?? colours[0],
      format,
      now: today(format.timeZone),
      at: at ?? today(format.timeZone),
    };
  }, [object, arrangement, at, meta]);
}

/** An operand for a day: moments begin where the reader is. */
export function operandOf(field: MetaField, day: string, timeZone: string): string {
  return momentOf(field) === 'time' ? beginOf(day, timeZone) : day;
}

/** Records of which the field falls into the stretch. */
export function within(field: MetaField, { from, to }: Stretch, timeZone: string): Filter {
  return {
    and: [
      { field: field.name, op: 'gte', value: operandOf(field, from, timeZone) },
      { field: field.name, op: 'lt', value: operandOf(field, to, timeZone) },
    ],
  };
}

/** All rows of the stretch, page by page, up to `mostShown`. */
export function useStretch(
  object: MetaObject,
  list: ListModel,
  filter: Filter,
  by: Pick<MetaField, 'name'>,
  fields: string[],
) {
  const found = useRecords(object, {
    filter: both(filter, list.filter),
    q: list.q,
    sort: [by.name],
    fields: [...new Set([object.title, ...fields])],
    limit: 500,
  });
  const rows = useMemo(() => rowsOf(found.data), [found.data]);
  const { hasNextPage, isFetching, fetchNextPage } = found;
  useEffect(() => {
    if (hasNextPage && !isFetching && rows.length < mostShown) void fetchNextPage();
  }, [hasNextPage, isFetching, rows.length, fetchNextPage]);
  return { found, rows, more: hasNextPage && rows.length >= mostShown };
}

/** The tint of a record: the colour of its choice, or one that is the same for it on every page. */
export function hueOf(row: Row, field: MetaField | undefined) {
  const value = field && (reference(row[field.name])?.id ?? '');
  if (!field || !value) return 'grey' as const;
  const colour = optionsOf(field).find(option => option.value === value)?.colour;
  return colour ? tintNamed(colour) : tintOf(value);
}

/** A new record on a day; one with a time begins at nine. */
export function valueOn(by: MetaField, day: string, timeZone: string): string {
  if (momentOf(by) === 'day') return day;
  return new Date(Date.parse(beginOf(day, timeZone)) + 9 * 3_600_000).toISOString();
}
