/** What the scoring page and the part of a record ask for, without anything to see. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { MetaObject } from '../../../engine/index.ts';
import { said } from '../../../fields/said.ts';
import { t } from '../../../kit/words.ts';
import { read } from '../../../web/api.ts';
import { rowsOf } from '../../../web/model/cache.ts';
import { formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { useActions, useRecords } from '../../../web/model/records.ts';
import { readScoring, type ScoringSearch } from './scoring-view.ts';
import type { ScoringOverview, WhyScore } from './why.ts';

/** Which records are looked at, and whether points or what was learned. */
export function useScoringState() {
  const meta = useMeta();
  const navigate = useNavigate();
  const search = readScoring(useSearch({ strict: false }) as Record<string, unknown>);
  const object = objectNamed(meta, search.object ?? 'lead') ?? objectNamed(meta, 'deal');
  return {
    object,
    objects: ['lead', 'deal'].flatMap(name => objectNamed(meta, name) ?? []),
    tab: search.tab ?? 'points',
    change: (patch: ScoringSearch) =>
      void navigate({ to: '.', search: { ...search, ...patch } as never, replace: true }),
  };
}

/** The overview of an object, its card, rules and models, and how to change them. */
export function useScoring(object: MetaObject) {
  const meta = useMeta();
  const client = useQueryClient();
  const actions = useActions();
  const found = useQuery({
    queryKey: ['records', object.name, 'groups', { report: 'scoring' }],
    queryFn: ({ signal }) =>
      read<ScoringOverview>('/api/reports/scoring', { body: { object: object.name }, signal }),
  });
  const card = objectNamed(meta, 'scorecard');
  const rule = objectNamed(meta, 'scoreRule');
  const model = objectNamed(meta, 'scoreModel');
  const id = found.data?.scorecard ?? '';
  const of = { filter: { field: 'scorecard', op: 'is', value: id }, limit: 200 };
  const cards = useRecords(
    card ?? object,
    { filter: { field: 'id', op: 'is', value: id } },
    id !== '' && !!card,
  );
  const rules = useRecords(rule ?? object, { ...of, sort: ['group', 'name'] }, id !== '' && !!rule);
  const models = useRecords(model ?? object, { ...of, sort: ['-trainedAt'] }, id !== '' && !!model);
  return {
    found,
    card: rowsOf(cards.data)[0],
    rules: rowsOf(rules.data),
    models: rowsOf(models.data),
    objects: { card, rule, model },
    actions,
    askAnew: () => client.invalidateQueries({ queryKey: ['records'] }),
  };
}

export type Scoring = ReturnType<typeof useScoring>;

export function useWhy(object: MetaObject, id: string) {
  return useQuery({
    queryKey: ['records', object.name, 'groups', { why: id }],
    queryFn: ({ signal }) =>
      read<WhyScore>('/api/reports/whyScore', { body: { object: object.name, id }, signal }),
    placeholderData: before => before,
  });
}

/** Facts and their values as people call them. */
export function useFactWords(object: MetaObject) {
  const { locale } = formatOf(useMeta());
  const own = object.fields;
  const nameOf = (fact: string, label: string) => {
    if (fact === 'createdHour' || fact === 'createdWeekday' || fact === 'activities')
      return t(`scoring.fact.${fact}`);
    return own.find(({ name }) => name === fact)?.label ?? said(label, object.name);
  };
  const valueWords = (fact: string, value: string) => {
    if (fact === 'createdWeekday')
      return new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(
        new Date(Date.UTC(2024, 0, Number(value))),
      );
    return said(value, object.name);
  };
  return {
    nameOf,
    sentenceOf: ({ fact, label, value, rare }: WhyScore['reasons'][number]) => {
      const name = nameOf(fact, label);
      if (rare) return t('scoring.rare', { fact: name });
      if (value === null) return t('scoring.unknown', { fact: name });
      if (value === 'present') return t('scoring.present', { fact: name });
      return t('scoring.is', { fact: name, value: valueWords(fact, value) });
    },
    points: (points: number) =>
      points.toLocaleString(locale, { maximumFractionDigits: 1, signDisplay: 'exceptZero' }),
    share: (share: number, digits = 0) =>
      share.toLocaleString(locale, { style: 'percent', maximumFractionDigits: digits }),
    list: (names: string[]) => new Intl.ListFormat(locale).format(names),
    number: (value: number, digits = 2) =>
      value.toLocaleString(locale, { maximumFractionDigits: digits, minimumFractionDigits: digits }),
  };
}
