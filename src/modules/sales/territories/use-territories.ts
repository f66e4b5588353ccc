/** What the page of territories asks for, and how what it shows is applied. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { optionsOf } from '../../../fields/read.tsx';
import { read } from '../../../web/api.ts';
import { fieldOf, formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { useActions } from '../../../web/model/records.ts';
import { useMoney } from '../forecast/use-forecast.ts';
import type { Realignment } from './realignment.ts';

/** It stands with what is counted of deals: it is asked for anew when they change. */
const key = ['records', 'deal', 'groups', { report: 'realignment' }];

export function useRealignment() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => read<Realignment>('/api/reports/realignment', { body: {}, signal }),
  });
}

export function useAskAnew() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: key });
}

/** Applies the territories, where the reader may: null where not. */
export function useApply(data: Realignment | undefined) {
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
        await actions.run(object, first.id, verb.name, verb.label, {});
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
