import { expect, test } from 'vitest';
import type { MetaObject } from '../../engine/index.ts';
import {
  type Draft,
  decidedBefore,
  doubtful,
  keyOf,
  linksOf,
  matchable,
  missingOf,
  nameless,
  planOf,
  rowsOf,
  type TableDraft,
  tableDraft,
  takesPart,
  wordFor,
} from './draft.ts';

const column = (name: string, target: string, confidence = 0.95) => ({
  column: name,
  target,
  label: target,
  confidence,
  reason: '',
  samples: [],
});

function people(change: Partial<TableDraft> = {}): TableDraft {
  const table = tableDraft({
    file: 'export.zip',
    table: 'people.csv',
    system: null,
    object: 'person',
    label: 'Person',
    confidence: 1,
    reason: '',
    rows: 3,
    sample: [],
    columns: [
      column('First', 'name.given'),
      column('Mail', 'email'),
      column('Firm', 'company', 0.6),
      column('Size', '+size', 0.6),
      column('Made', '-', 0.9),
    ],
    fields: [{ name: 'size', type: 'integer', options: { label: 'Size' } }],
    map: {
      object: 'person',
      match: 'email',
      fields: {
        name: { parts: { given: { column: 'First' } } },
        email: { column: 'Mail' },
        company: { column: 'Firm', link: { missing: 'empty', by: 'title' } },
        size: 'Size',
      },
    },
  });
  return { ...table, ...change };
}

const draft = (...tables: TableDraft[]): Draft => ({
  by: 'ada',
  files: [],
  system: null,
  tables,
  refused: [],
  check: null,
});

test('columns are grouped by how they were proposed, and stay there when they are decided', () => {
  expect(people().groups).toEqual({ First: 'sure', Mail: 'sure', Firm: 'unsure', Size: 'new', Made: 'left' });
  expect([0.95, 0.8, 0.6].map(wordFor)).toEqual(['sure', 'likely', 'look']);
});

test('tables that are left out, unknown or empty of fields take no part', () => {
  const tables = [people(), people({ out: true }), people({ map: null }), people({ map: { fields: {} } })];
  expect(tables.map(takesPart)).toEqual([true, false, false, false]);
  expect(planOf(draft(...tables))).toHaveLength(1);
});

test('a table that is surely none is left out without a question; one that nobody knows is asked about', () => {
  const proposed = (confidence: number) => tableDraft({ ...people(), object: null, map: null, confidence });
  expect([proposed(0.9).out, proposed(0.5).out]).toEqual([true, false]);
  expect(decidedBefore(draft(proposed(0.9)), proposed(0.9))).toBeNull();
});

test('parts of one table are tables of their own, and ordered as such', () => {
  const parts = [people({ part: 'person' }), people({ part: 'company' })];
  expect(new Set(parts.map(keyOf)).size).toBe(2);
  expect(planOf(draft(...parts)).map(({ part }) => part)).toEqual(['person', 'company']);
});

test('a plan without decisions is the proposal, and leaves out what cannot be read', () => {
  const { file, table, map, fields } = people();
  expect(planOf(draft(people()))).toEqual([{ file, table, map: { ...map, unreadable: 'empty' }, fields }]);
});

test('decisions stand in the map: match, mode, empty cells, what people typed, links that lead nowhere', () => {
  const settings = {
    mode: 'create',
    empty: 'clear',
    overwrite: true,
    missing: { company: 'create' },
  } as const;
  const [plan] = planOf(draft(people({ settings: { match: 'size', ...settings } })));
  expect(plan?.map).toMatchObject({ match: 'size', mode: 'create', empty: 'clear', overwrite: true });
  expect(plan?.map).not.toHaveProperty('missing');
  expect(plan?.map.fields?.company).toEqual({ column: 'Firm', link: { by: 'title', create: true } });
  const [refusing] = planOf(draft(people({ settings: { missing: { company: 'fail' } } })));
  expect(refusing?.map.fields?.company).toMatchObject({ link: { by: 'title', missing: 'fail' } });
});

test('links are told with what becomes of those that lead nowhere', () => {
  const [[name, map] = ['', {}]] = linksOf(people().map);
  expect([name, missingOf(map, undefined), missingOf(map, 'fail')]).toEqual(['company', 'empty', 'fail']);
  expect(missingOf({ link: { create: true } }, undefined)).toBe('create');
});

test('rows can meet records by fields that one column gives, and by ids of their system', () => {
  const { map } = people();
  expect(matchable(map)).toEqual(['email', 'size']);
  expect(matchable({ ...map, externalId: { source: 'hubspot', column: 'Id' } })[0]).toBe('externalId');
});

test('a table in which few columns fit is doubtful, until the person has decided about them', () => {
  expect(doubtful(people())).toBe(false);
  const strange = people({
    columns: [column('a', '+a'), column('b', '+b'), column('c', '-'), column('d', 'email')],
  });
  expect(doubtful(strange)).toBe(true);
  expect(doubtful({ ...strange, chosen: ['a', 'b'] })).toBe(false);
});

test('a table without a column for the title is told, unless it only updates', () => {
  const person = { title: 'name', fields: [{ name: 'name', required: true }] } as MetaObject;
  const bare = people({ map: { object: 'person', fields: { email: { column: 'Mail' } } } });
  expect([nameless(people(), person), nameless(bare, person)]).toEqual([false, true]);
  const made = { title: 'name', fields: [{ name: 'name', required: true, fallback: ['email'] }] };
  expect(nameless(bare, made as MetaObject)).toBe(false);
  expect(nameless({ ...bare, settings: { mode: 'update', missing: {} } }, person)).toBe(false);
});

test('rows are summed up where all are counted; tables of one name in two files are two', () => {
  expect([rowsOf([people(), people({ rows: 4 })]), rowsOf([people(), people({ rows: null })])]).toEqual([
    7,
    null,
  ]);
  expect(keyOf(people())).not.toBe(keyOf(people({ file: 'other.zip' })));
});

test('what someone decided of a table outlasts other files coming and going, while its columns are the same', () => {
  const draft = (table: TableDraft): Draft => ({
    by: 'ada',
    files: [],
    system: null,
    tables: [table],
    refused: [],
    check: null,
  });
  const proposed = people();
  expect(decidedBefore(null, proposed)).toBeNull();
  expect(decidedBefore(draft(people()), proposed)).toBeNull();
  const decisions: Partial<TableDraft>[] = [
    { chosen: ['Size'] },
    { out: true },
    { told: true },
    { settings: { missing: {}, mode: 'create' } },
    { settings: { missing: { company: 'create' } } },
  ];
  for (const change of decisions)
    expect(decidedBefore(draft(people(change)), proposed)).toMatchObject(change);
  const chosen = draft(people({ chosen: ['Size'] }));
  expect(decidedBefore(chosen, { ...proposed, table: 'other.csv' })).toBeNull();
  expect(decidedBefore(chosen, { ...proposed, columns: proposed.columns.slice(1) })).toBeNull();
});
