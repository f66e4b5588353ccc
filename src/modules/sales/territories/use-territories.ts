/** What the page of territories asks for, and how what it shows is applied. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { optionsOf } from '../../../fields/read.tsx';
import { read } from '../../../web/api.ts';
import { today } from '../../../web/model/days.ts';
import { fieldOf, formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { useActions } from '../../../web/model/records.ts';
import { useMoney } from '../forecast/use-forecast.ts';
import type { Realignment } from './realignment.ts';
import { readTerritories } from './territories-view.ts';

/** It stands with what is counted of deals: it is asked for anew when they change. */
const key = ['records', 'deal', 'groups', { report: 'realignment' }];

/** The day that the address names; today where it names none. */
export function useDay() {
  const navigate = useNavigate();
  const { on } = readTerritories(useSearch({ strict: false }) as Record<string, unknown>);
  const now = today(formatOf(useMeta()).timeZone);
  const change = (next: string) =>
    void navigate({ to: '.', search: (next === now ? {} : { on: next }) as never, replace: true });
  return { day: on ?? now, other: on !== undefined && on !== now, change, back: () => change(now) };
}

export type ChosenDay = ReturnType<typeof useDay>;

/** What applying would do on a day. */
export function useRealignment({ day, other }: ChosenDay) {
  const body: Record<string, string> = other ? { on: day } : {};
  return useQuery({
    queryKey: [...key, body],
    queryFn: ({ signal }) => read<Realignment>('/api/reports/realignment', { body, signal }),
    placeholderData: keepPreviousData,
  });
}

export function useAskAnew() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: key });
}

/** Applies the territories, where the reader may: null where not. */
export function useApply(data: Realignment | undefined, { day, other }: ChosenDay) {
  const meta = useMeta();
  const actions = useActions();
  const askAnew = useAskAnew();
  const [busy, setBusy] = useState(false);
  const object = objectNamed(meta, 'territory');
  const verb = object?.verbs.find(({ name }) => name === 'align');
  const first = data?.territories[0];
  if (!object?.can.edit || !verb || !first || data.moved === 0) return null;
  return {
    busy,
    async apply() {
      setBusy(true);
      try {
        await actions.run(object, first.id, verb.name, verb.label, other ? { on: day } : {});
        await askAnew();
      } finally {
        setBusy(false);
      }
    },
  };
}

/** Figures and names as people write them. */
export function useTerritoryWords(data: Realignment) {
  const meta = useMeta();
  const { locale } = formatOf(meta);
  const object = objectNamed(meta, 'territory');
  const field = object && fieldOf(object, 'dimension');
  const options = field ? optionsOf(field) : [];
  const names = new Map(data.territories.map(({ id, name }) => [id, name]));
  return {
    money: useMoney(data.currency),
    number: (value: number, signed = false) =>
      value.toLocaleString(locale, { signDisplay: signed ? 'exceptZero' : 'auto' }),
    nameOf: (id: string | null) => (id === null ? null : (names.get(id) ?? '…')),
    list: (ids: string[]) => new Intl.ListFormat(locale).format(ids.map(id => names.get(id) ?? '…').sort()),
    /** The trees, in the order in which dimensions are offered. */
    dimensions: options.flatMap(({ value, label }) => {
      const territories = data.territories.filter(({ dimension }) => dimension === value);
      return territories.length > 0 ? [{ dimension: value, label, territories }] : [];
    }),
  };
}

export type TerritoryWords = ReturnType<typeof useTerritoryWords>;
