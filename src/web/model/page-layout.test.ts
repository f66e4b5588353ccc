import { expect, test } from 'vitest';
import type { Meta, MetaField, MetaObject } from '../../engine/index.ts';
import type { Row } from '../api.ts';
import {
  addSection,
  derivedLayout,
  dropSection,
  hideFact,
  inOrder,
  laidOut,
  moveFact,
  moveHead,
  movePanel,
  placePanel,
  shiftFact,
  shiftPanel,
  storedFor,
  storedValues,
  toggleHead,
} from './page-layout.ts';

const field = (name: string, more: Partial<MetaField> = {}) =>
  ({ name, label: name, group: null, hidden: false, system: false, relation: null, ...more }) as MetaField;

const company = {
  name: 'company',
  title: 'name',
  group: 'Customers',
  setup: false,
  timeline: null,
  hierarchy: 'parent',
  highlights: ['sector', 'owner'],
  fields: [
    field('name'),
    field('sector'),
    field('owner'),
    field('address', { group: 'Address' }),
    field('parent', { relation: { to: 'company', many: false, inverse: 'subsidiaries' } }),
    field('ticker', { hidden: true }),
    field('createdAt', { system: true }),
  ],
  relations: [
    { name: 'deals', label: 'Deals', object: 'deal', field: 'company' },
    { name: 'people', label: 'People', object: 'person', field: 'company' },
  ],
} as unknown as MetaObject;
const other = (name: string) =>
  ({ ...company, name, fields: [field('company')], relations: [], hierarchy: null }) as MetaObject;
const meta = {
  objects: [company, other('deal'), other('person')],
  me: { role: 'member' },
} as unknown as Meta;

const derived = derivedLayout(meta, company);
const stored = (more: object): Row =>
  ({
    id: '1',
    version: 1,
    object: 'company',
    role: null,
    head: null,
    facts: null,
    hidden: null,
    panels: null,
    ...more,
  }) as Row;
const names = (layout: typeof derived) => layout.facts.map(({ title, fields }) => [title, fields.join(' ')]);

test('without a layout the page is as the object says', () => {
  expect(derived.head).toEqual(['sector', 'owner']);
  expect(names(derived)).toEqual([
    [null, 'name sector owner parent'],
    ['Address', 'address'],
  ]);
  expect(derived.hidden).toEqual(['ticker']);
  expect(derived.panels.map(({ panel }) => panel)).toEqual(['parent', 'hierarchy', 'deals', 'people']);
});

test('what is stored comes back, without what is gone, and what is new stands at the end', () => {
  const layout = laidOut(
    meta,
    company,
    stored({
      head: ['owner', 'gone'],
      facts: [
        { title: 'First', fields: ['owner', 'gone', 'name', 'owner'] },
        { title: '', fields: ['ticker'] },
      ],
      hidden: ['sector', 'gone'],
      panels: [
        { panel: 'people', place: 'tab' },
        { panel: 'unicorns', place: 'side' },
        { panel: 'deals', place: 'nowhere' },
      ],
    }),
  );
  expect(layout.head).toEqual(['owner']);
  expect(names(layout)).toEqual([
    ['First', 'owner name'],
    [null, 'ticker parent'],
    ['Address', 'address'],
  ]);
  expect(layout.hidden).toEqual(['sector']);
  expect(layout.panels.map(({ panel, place }) => `${panel} ${place}`)).toEqual([
    'people tab',
    'parent side',
    'hierarchy side',
    'deals side',
  ]);
});

test('what a layout does not state stays as the object says; a whole one survives being kept', () => {
  expect(laidOut(meta, company, stored({}))).toEqual(derived);
  expect(laidOut(meta, company, stored(storedValues(derived)))).toEqual(derived);
});

test('the layout of one’s role comes before that of everyone', () => {
  const everyone = stored({});
  const members = stored({ id: '2', role: { id: 'r', name: 'member' } });
  expect(storedFor([everyone, members], 'company', 'member')).toBe(members);
  expect(storedFor([everyone, members], 'company', 'reader')).toBe(everyone);
  expect(storedFor([members], 'company', 'reader')).toBeNull();
  expect(storedFor([everyone], 'deal', 'member')).toBeNull();
});

test('facts move within their section, over its edge, into others and out of sight', () => {
  const facts = (layout: typeof derived) => names(layout).map(([, fields]) => fields);
  expect(facts(moveFact(derived, 'owner', { section: 0, before: 'name' }))[0]).toBe(
    'owner name sector parent',
  );
  expect(facts(moveFact(derived, 'name', { section: 1, before: null }))).toEqual([
    'sector owner parent',
    'address name',
  ]);
  expect(facts(shiftFact(derived, 'name', 1))[0]).toBe('sector name owner parent');
  expect(facts(shiftFact(derived, 'owner', 1))[0]).toBe('name sector parent owner');
  expect(facts(shiftFact(derived, 'parent', 1))).toEqual(['name sector owner', 'parent address']);
  expect(facts(shiftFact(derived, 'address', -1))).toEqual(['name sector owner parent address', '']);
  expect(shiftFact(derived, 'name', -1)).toBe(derived);
  const hidden = hideFact(derived, 'sector');
  expect([facts(hidden)[0], hidden.hidden]).toEqual(['name owner parent', ['ticker', 'sector']]);
  expect(facts(moveFact(hidden, 'sector', { section: 0, before: null }))[0]).toBe('name owner parent sector');
});

test('sections come and go, and take no field with them', () => {
  const more = moveFact(addSection(derived, 'New'), 'owner', { section: 2, before: null });
  expect(names(dropSection(more, 2))).toEqual([
    [null, 'name sector parent'],
    ['Address', 'address owner'],
  ]);
  expect(names(dropSection(derived, 0))).toEqual([['Address', 'name sector owner parent address']]);
  expect((storedValues(addSection(derived, 'Empty')).facts as unknown[]).length).toBe(2);
});

test('the header has room for five', () => {
  const five = ['name', 'address', 'parent'].reduce(toggleHead, derived);
  expect(five.head).toHaveLength(5);
  expect(toggleHead(five, 'ticker')).toBe(five);
  expect(moveHead(five, 'ticker', null)).toBe(five);
  expect(moveHead(five, 'parent', 'sector').head[0]).toBe('parent');
  expect(toggleHead(five, 'owner').head).not.toContain('owner');
});

test('panels move, and change their place', () => {
  const order = (layout: typeof derived) => layout.panels.map(({ panel }) => panel).join(' ');
  expect(order(movePanel(derived, 'people', 'parent'))).toBe('people parent hierarchy deals');
  expect(order(shiftPanel(derived, 'people', -1))).toBe('parent hierarchy people deals');
  expect(shiftPanel(derived, 'people', 1)).toBe(derived);
  expect(placePanel(derived, 'deals', 'tab').panels[2]).toEqual({ panel: 'deals', place: 'tab' });
});

test('forms follow the order of the facts', () => {
  const moved = moveFact(derived, 'owner', { section: 0, before: 'name' });
  expect(
    inOrder(moved, company.fields)
      .map(({ name }) => name)
      .slice(0, 3),
  ).toEqual(['owner', 'name', 'sector']);
});
