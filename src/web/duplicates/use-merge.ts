/** A merge on its way: which record stays, and whose values it is to have. */

import { useState } from 'react';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { inText } from '../model/language.ts';
import { fieldOf, isEmpty } from '../model/meta.tsx';
import { fail, useActions, written } from '../model/records.ts';
import { type Preview, usePreview } from './pairs.ts';

/** One field of a merge: what each record has, and what is taken. */
export interface MergeLine {
  field: MetaField;
  /** Records whose value is taken; several where lists are united. */
  from: string[];
  /** Whether a person may take another one. */
  choosable: boolean;
  /** Whether it needs to be looked at: the one that stays would get something, or lose the choice. */
  open: boolean;
}

const united = (field: MetaField) => field.relation?.many === true;

/** The fields of a merge, those that differ first. `chosen`: field → id of the record whose value a person took. */
export function linesOf(
  object: MetaObject,
  { records, fields }: Pick<Preview, 'records' | 'fields'>,
  chosen: Record<string, string>,
): MergeLine[] {
  const [survivor] = records;
  const lines = fields.flatMap(({ name, from, differs, editable }): MergeLine[] => {
    const field = fieldOf(object, name);
    if (!field || field.system || from.length === 0 || !survivor) return [];
    const gains = from.some(id => id !== survivor.id);
    const choosable = editable && !united(field) && from.length < 2;
    const own = choosable ? chosen[name] : undefined;
    return [{ field, from: own ? [own] : from, choosable, open: differs || gains }];
  });
  return lines.sort((a, b) => Number(b.open) - Number(a.open));
}

/** What goes to the server: values that are not taken anyway. */
export function valuesOf(
  object: MetaObject,
  { records, fields }: Pick<Preview, 'records' | 'fields'>,
  chosen: Record<string, string>,
): Json {
  const values = fields.flatMap(({ name, from, editable }): [string, Json][] => {
    const id = chosen[name];
    if (!id || !editable || from.includes(id)) return [];
    return [[name, records.find(row => row.id === id)?.[name] ?? null]];
  });
  return written(object, Object.fromEntries(values));
}

/** Which of the records is to stay unless someone says otherwise: the one of which most is known, of equals the oldest. */
export function fullest(records: Row[]): string | undefined {
  const known = (row: Row) => Object.values(row).filter(value => !isEmpty(value)).length;
  return records.toSorted((a, b) => known(b) - known(a) || (a.id < b.id ? -1 : 1))[0]?.id;
}

export function useMerge(object: MetaObject, ids: string[]) {
  const actions = useActions();
  const [stays, setStays] = useState<string | null>(null);
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const sorted = ids.toSorted();
  const first = usePreview(object, sorted);
  const known = first.data?.records.every(row => sorted.includes(row.id)) ? first.data : undefined;
  const survivor =
    stays && ids.includes(stays) ? stays : known ? (fullest(known.records) ?? sorted[0]) : undefined;
  const others = ids.filter(id => id !== survivor);
  // The records are the same whoever stays; whose values are taken is not.
  const ordered = survivor ? [survivor, ...others.toSorted()] : [];
  const turned = usePreview(object, ordered);
  const preview = turned.data?.records[0]?.id === survivor ? turned.data : undefined;

  /** The change set, for taking it back; null where nothing was done, which people have been told. */
  async function merge(): Promise<string | null> {
    if (!preview || !survivor || busy || preview.refused.length > 0) return null;
    setBusy(true);
    try {
      const values = valuesOf(object, preview, chosen);
      const label = t('merge.title', { objects: inText(object.plural) });
      return (await actions.run(object, survivor, 'merge', label, { others, values })).changeSet;
    } catch (error) {
      fail(error);
      return null;
    } finally {
      setBusy(false);
    }
  }

  return {
    survivor,
    preview,
    error: first.error ?? turned.error,
    lines: preview ? linesOf(object, preview, chosen) : [],
    busy,
    /** Columns stay where they are, whoever stays. */
    records: known ? sorted.flatMap(id => known.records.find(row => row.id === id) ?? []) : [],
    keep: setStays,
    take: (field: string, id: string) => setChosen(now => ({ ...now, [field]: id })),
    merge,
  };
}

export type Merge = ReturnType<typeof useMerge>;
