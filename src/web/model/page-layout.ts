/** What stands where on the page of a record: as an administrator laid it out for a role or for everyone, else as the object says. */
import { createContext, useContext, useMemo } from 'react';
import type { Json, Meta, MetaField, MetaObject } from '../../engine/index.ts';
import { record } from '../../fields/read.tsx';
import { said } from '../../fields/said.ts';
import type { Row } from '../api.ts';
import { rowsOf } from './cache.ts';
import { fieldOf, objectNamed, plainFields, useMeta } from './meta.tsx';
import { type Query, useRecords } from './records.ts';

export type PanelPlace = 'side' | 'tab' | 'hidden';

/** Facts under one heading, in order. */
export interface Section {
  title: string | null;
  fields: string[];
}

export interface PageLayout {
  /** Fields under the name. */
  head: string[];
  facts: Section[];
  /** Fields that stand nowhere. */
  hidden: string[];
  panels: { panel: string; place: PanelPlace }[];
}

/** Beside links and ways back along them: the record's files, and the tree it stands in. */
export type Panel =
  | { name: string; kind: 'link'; label: string; field: MetaField; other: MetaObject }
  | { name: string; kind: 'list'; label: string; field: MetaField; other: MetaObject }
  | { name: string; kind: 'files' }
  | { name: string; kind: 'hierarchy' };

/** More than these are not seen at a glance. */
export const mostInHead = 5;

function linkPanels(meta: Meta, object: MetaObject): Panel[] {
  return object.fields.flatMap((field): Panel[] => {
    const other = objectNamed(meta, field.relation?.to);
    const counts = other && !field.system && !field.relation?.many && !other.setup && other.group !== null;
    return counts ? [{ name: field.name, kind: 'link', label: field.label, field, other }] : [];
  });
}

function listPanels(meta: Meta, object: MetaObject): Panel[] {
  return object.relations.flatMap((relation): Panel[] => {
    const other = objectNamed(meta, relation.object);
    const field = other && fieldOf(other, relation.field);
    // Activities stand in the timeline, but for what is below one of them: subtasks, for instance.
    const elsewhere = other?.timeline && other.name !== object.name;
    if (!other || !field || field.system || elsewhere) return [];
    return [{ name: relation.name, kind: 'list', label: relation.label, field, other }];
  });
}

/** Objects whose records hold files and say what they are about. */
export function fileHolders(meta: Meta): { object: MetaObject; field: MetaField }[] {
  return meta.objects
    .filter(object => object.timeline)
    .flatMap(object => {
      const field = object.fields.find(f => f.relation?.to === 'file' && !f.system);
      return field ? [{ object, field }] : [];
    });
}

/** All that can stand beside the facts and the timeline, in the order in which it stands unless laid out otherwise. */
export function panelsOf(meta: Meta, object: MetaObject): Panel[] {
  return [
    ...linkPanels(meta, object),
    ...(object.hierarchy ? [{ name: 'hierarchy', kind: 'hierarchy' } as const] : []),
    ...listPanels(meta, object),
    ...(!object.timeline && !object.setup && fileHolders(meta).length > 0
      ? [{ name: 'files', kind: 'files' } as const]
      : []),
  ];
}

/** Fields that can stand among the facts. */
function placeable(object: MetaObject): MetaField[] {
  return object.fields.filter(field => !field.system);
}

/** The layout of an object that nobody has laid out. */
export function derivedLayout(meta: Meta, object: MetaObject): PageLayout {
  const facts: Section[] = [];
  for (const field of plainFields(object)) {
    const section = facts.find(({ title }) => title === field.group);
    if (section) section.fields.push(field.name);
    else facts.push({ title: field.group, fields: [field.name] });
  }
  return {
    head: object.highlights,
    facts,
    hidden: placeable(object)
      .filter(field => field.hidden)
      .map(field => field.name),
    panels: panelsOf(meta, object).map(({ name }) => ({ panel: name, place: 'side' })),
  };
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
}

function objects(value: Json | undefined): { [key: string]: Json }[] {
  return Array.isArray(value) ? value.map(record) : [];
}

/** A stored layout as it looks today: what is gone or not for this reader is left out, what is new stands at the end. */
export function laidOut(meta: Meta, object: MetaObject, stored: Row): PageLayout {
  const usual = derivedLayout(meta, object);
  const known = new Set(placeable(object).map(field => field.name));
  const placed = new Set<string>();
  const sections = objects(stored.facts).map(section => ({
    title: typeof section.title === 'string' && section.title !== '' ? section.title : null,
    fields: texts(section.fields).filter(name => known.has(name) && !placed.has(name) && placed.add(name)),
  }));
  const hidden = texts(stored.hidden).filter(name => known.has(name) && !placed.has(name));
  const named = stored.facts === null ? [] : [...placed, ...hidden];
  const panels = objects(stored.panels).flatMap(({ panel, place }) =>
    usual.panels.some(each => each.panel === panel) && isPlace(place)
      ? [{ panel: String(panel), place }]
      : [],
  );
  return {
    head: stored.head === null ? usual.head : texts(stored.head).filter(name => fieldOf(object, name)),
    facts: stored.facts === null ? usual.facts : withNew(sections, usual.facts, new Set(named)),
    hidden: [...hidden, ...usual.hidden.filter(name => !named.includes(name))],
    panels: [...panels, ...usual.panels.filter(({ panel }) => !panels.some(each => each.panel === panel))],
  };
}

/** Fields that came later: at the end, under the heading they bring. */
function withNew(sections: Section[], usual: Section[], named: Set<string>): Section[] {
  const result = sections.map(section => ({ ...section, fields: [...section.fields] }));
  for (const { title, fields } of usual) {
    const late = fields.filter(name => !named.has(name));
    if (late.length === 0) continue;
    const last = result.at(-1);
    if (last && last.title === title) last.fields.push(...late);
    else result.push({ title, fields: late });
  }
  return result;
}

function isPlace(value: Json | undefined): value is PanelPlace {
  return value === 'side' || value === 'tab' || value === 'hidden';
}

/** The name of the role that a stored layout is for, as `include` spells the link out; null for everyone. */
export function roleOf(stored: Row): string | null {
  const role = stored.role ?? null;
  return role !== null && typeof role === 'object' && !Array.isArray(role) ? String(role.name) : null;
}

/** The stored layout for a role: its own, else that of everyone, else none. */
export function storedFor(stored: Row[], object: string, role: string): Row | null {
  const all = stored.filter(row => row.object === object);
  return all.find(row => roleOf(row) === role) ?? all.find(row => roleOf(row) === null) ?? null;
}

/** All layouts: few, and every page reads the same answer. */
const query: Query = { include: ['role'], limit: 1_000 };

/** Layouts as they are stored; `pending` until they are known. */
export function useLayouts(): { layouts: Row[]; pending: boolean } {
  const meta = useMeta();
  const kind = objectNamed(meta, 'layout');
  const found = useRecords(kind ?? (meta.objects[0] as MetaObject), query, kind !== undefined);
  const layouts = useMemo(() => (kind ? rowsOf(found.data) : []), [kind, found.data]);
  return { layouts, pending: kind !== undefined && found.isPending };
}

/** With headings in the reader's language, where they are words of ours: they were kept as whoever laid it out read them. */
function readable(layout: PageLayout): PageLayout {
  return {
    ...layout,
    facts: layout.facts.map(section => ({ ...section, title: section.title && said(section.title) })),
  };
}

/** A layout that is only tried. */
export const TriedLayout = createContext<PageLayout | null>(null);

/** How the pages of an object look for who is here, by the layouts there are. */
export function layoutFor(meta: Meta, object: MetaObject, layouts: Row[]): PageLayout {
  const stored = storedFor(layouts, object.name, meta.me.role);
  return stored ? readable(laidOut(meta, object, stored)) : derivedLayout(meta, object);
}

export function useLayout(object: MetaObject): PageLayout {
  const meta = useMeta();
  const { layouts } = useLayouts();
  const tried = useContext(TriedLayout);
  return useMemo(() => tried ?? layoutFor(meta, object, layouts), [layouts, meta, object, tried]);
}

/** The panels that stand at a place, in the order of the layout. */
export function panelsAt(meta: Meta, object: MetaObject, layout: PageLayout, place: PanelPlace): Panel[] {
  const all = panelsOf(meta, object);
  return layout.panels.flatMap(each => {
    const panel = all.find(({ name }) => name === each.panel);
    return panel && each.place === place ? [panel] : [];
  });
}

/** Fields in the order of a layout; those it hides come last. */
export function inOrder(layout: PageLayout, fields: MetaField[]): MetaField[] {
  const order = [...layout.facts.flatMap(section => section.fields), ...layout.hidden];
  const place = (field: MetaField) => {
    const at = order.indexOf(field.name);
    return at < 0 ? order.length : at;
  };
  return fields.toSorted((a, b) => place(a) - place(b));
}

// What is done to a layout. Each answers a new one.

/** Where a fact goes: before the field `before` of a section, or to its end. */
export interface FactPlace {
  section: number;
  before: string | null;
}

function withoutFact(layout: PageLayout, name: string): PageLayout {
  return {
    ...layout,
    facts: layout.facts.map(section => ({
      ...section,
      fields: section.fields.filter(field => field !== name),
    })),
    hidden: layout.hidden.filter(field => field !== name),
  };
}

export function moveFact(layout: PageLayout, name: string, to: FactPlace): PageLayout {
  if (to.before === name) return layout;
  const rest = withoutFact(layout, name);
  const facts = rest.facts.map((section, index) => {
    if (index !== to.section) return section;
    const at = to.before === null ? -1 : section.fields.indexOf(to.before);
    return { ...section, fields: section.fields.toSpliced(at < 0 ? section.fields.length : at, 0, name) };
  });
  return { ...rest, facts };
}

/** One up or down, over the edge of its section into the next one. */
export function shiftFact(layout: PageLayout, name: string, by: 1 | -1): PageLayout {
  const section = layout.facts.findIndex(({ fields }) => fields.includes(name));
  const fields = layout.facts[section]?.fields ?? [];
  const at = fields.indexOf(name) + by;
  if (at >= 0 && at < fields.length)
    return moveFact(layout, name, { section, before: fields[by === 1 ? at + 1 : at] ?? null });
  const next = layout.facts[section + by];
  if (!next) return layout;
  return moveFact(layout, name, {
    section: section + by,
    before: by === 1 ? (next.fields[0] ?? null) : null,
  });
}

export function hideFact(layout: PageLayout, name: string): PageLayout {
  const rest = withoutFact(layout, name);
  return { ...rest, hidden: [...rest.hidden, name] };
}

/** Puts a field into the header, or takes it out; there is room for five. */
export function toggleHead(layout: PageLayout, name: string): PageLayout {
  if (layout.head.includes(name)) return { ...layout, head: layout.head.filter(field => field !== name) };
  return layout.head.length < mostInHead ? { ...layout, head: [...layout.head, name] } : layout;
}

/** Puts a field of the header before another one, or at the end. */
export function moveHead(layout: PageLayout, name: string, before: string | null): PageLayout {
  if (before === name) return layout;
  const rest = layout.head.filter(field => field !== name);
  if (rest.length >= mostInHead) return layout;
  const at = before === null ? rest.length : rest.indexOf(before);
  return { ...layout, head: rest.toSpliced(at < 0 ? rest.length : at, 0, name) };
}

export function addSection(layout: PageLayout, title: string): PageLayout {
  return { ...layout, facts: [...layout.facts, { title, fields: [] }] };
}

export function renameSection(layout: PageLayout, index: number, title: string): PageLayout {
  const facts = layout.facts.map((section, at) =>
    at === index ? { ...section, title: title || null } : section,
  );
  return { ...layout, facts };
}

/** Its fields go to the section above, or below where there is none. */
export function dropSection(layout: PageLayout, index: number): PageLayout {
  if (layout.facts.length < 2) return layout;
  const gone = layout.facts[index]?.fields ?? [];
  const heir = index === 0 ? 1 : index - 1;
  const facts = layout.facts.map((section, at) =>
    at === heir
      ? { ...section, fields: index === 0 ? [...gone, ...section.fields] : [...section.fields, ...gone] }
      : section,
  );
  return { ...layout, facts: facts.toSpliced(index, 1) };
}

/** Puts a panel before another one, or at the end. */
export function movePanel(layout: PageLayout, name: string, before: string | null): PageLayout {
  const moved = layout.panels.find(({ panel }) => panel === name);
  if (!moved || before === name) return layout;
  const rest = layout.panels.filter(panel => panel !== moved);
  const at = before === null ? rest.length : rest.findIndex(({ panel }) => panel === before);
  return { ...layout, panels: rest.toSpliced(at < 0 ? rest.length : at, 0, moved) };
}

export function shiftPanel(layout: PageLayout, name: string, by: 1 | -1): PageLayout {
  const at = layout.panels.findIndex(({ panel }) => panel === name);
  const to = at + by;
  const moved = layout.panels[at];
  if (!moved || to < 0 || to >= layout.panels.length) return layout;
  return { ...layout, panels: layout.panels.toSpliced(at, 1).toSpliced(to, 0, moved) };
}

export function placePanel(layout: PageLayout, name: string, place: PanelPlace): PageLayout {
  return {
    ...layout,
    panels: layout.panels.map(each => (each.panel === name ? { ...each, place } : each)),
  };
}

/** A layout as it is kept. Sections without a field go. */
export function storedValues({ head, facts, hidden, panels }: PageLayout): Record<string, Json> {
  return {
    head,
    facts: facts.filter(({ fields }) => fields.length > 0).map(section => ({ ...section })),
    hidden,
    panels: panels.map(panel => ({ ...panel })),
  };
}
