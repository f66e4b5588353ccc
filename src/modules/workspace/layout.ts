/** Layouts of record pages: what stands where on the page of an object, for people of a role or for everyone. */
import { type Draft, defineObject, type Json, type Problem } from '../../engine/index.ts';
import { json, link, text } from '../../fields/index.ts';

/** More than these are not seen at a glance. */
const mostInHead = 5;

/** Parts of a page that are no link and no way back along one. */
const ownPanels = ['files', 'hierarchy'];

const places = ['side', 'tab', 'hidden'];

export const Layout = defineObject('layout', {
  label: 'Page layout',
  plural: 'Page layouts',
  path: 'layouts',
  icon: 'layout',
  description: 'What stands where on the pages of records.',
  title: 'object',
  setup: true,
  administered: true,
  listed: false,
  fields: {
    object: text({
      required: true,
      searchable: false,
      label: 'Records',
      help: 'Name of the object whose pages it lays out, such as `deal`.',
    }),
    role: link('role', { help: 'Whose pages. Empty: those of everyone who has no layout of their own.' }),
    head: json({
      searchable: false,
      label: 'Header',
      help: 'Names of up to five fields that stand below the name. Default: those that the object states.',
    }),
    facts: json({
      searchable: false,
      label: 'Sections',
      help: 'List of { title, fields }: names of fields in order. What no section names stands at the end.',
    }),
    hidden: json({ searchable: false, help: 'Names of fields that stand nowhere.' }),
    panels: json({
      searchable: false,
      help: 'List of { panel, place }: a relation, a link, files or hierarchy; side, tab or hidden. Others stand at the end.',
    }),
    scope: text({ readOnly: true, hidden: true, unique: true, searchable: false, label: 'Object and role' }),
  },
  list: { columns: ['object', 'role', 'updatedAt'], sort: ['object'] },
  highlights: ['object', 'role'],
  derive: ({ record }) => ({ scope: `${record.object}:${record.role ?? ''}` }),
  check: problemsOfLayout,
});

/** What the object does not know. Asked when that changes, so that a layout outlives a field it named. */
function problemsOfLayout(draft: Draft): Problem[] {
  const object = draft.record.object as string;
  if (draft.changes('object')) {
    const [wrong] = draft.problemsOf(object, {});
    if (wrong) return [{ ...wrong, pointer: '/object' }];
  }
  const parts = {
    head: problemsOfHead,
    facts: problemsOfFacts,
    hidden: problemsOfHidden,
    panels: problemsOfPanels,
  };
  return Object.entries(parts).flatMap(([name, problemsIn]) => {
    const value = draft.record[name] ?? null;
    const asked = value !== null && (draft.changes('object') || draft.changes(name));
    return asked ? problemsIn(value, draft, object) : [];
  });
}

const notAList = (pointer: string, message: string): Problem[] => [{ pointer, code: 'notAList', message }];

function problemsOfNames(names: Json, draft: Draft, object: string, pointer: string): Problem[] {
  if (!Array.isArray(names) || !names.every(name => typeof name === 'string'))
    return notAList(pointer, 'Give a list of names of fields, such as ["amount", "closeDate"].');
  return names.flatMap((name, index) =>
    draft
      .problemsOf(object, { fields: [name] })
      .map(problem => ({ ...problem, pointer: `${pointer}/${index}` })),
  );
}

function problemsOfHead(head: Json, draft: Draft, object: string): Problem[] {
  if (Array.isArray(head) && head.length > mostInHead)
    return [{ pointer: '/head', code: 'tooMany', message: `The header has room for ${mostInHead} fields.` }];
  return problemsOfNames(head, draft, object, '/head');
}

function problemsOfHidden(hidden: Json, draft: Draft, object: string): Problem[] {
  return problemsOfNames(hidden, draft, object, '/hidden');
}

function problemsOfFacts(facts: Json, draft: Draft, object: string): Problem[] {
  const message =
    'Sections are a list of { title, fields }, such as [{ "title": "Address", "fields": ["address"] }].';
  if (!Array.isArray(facts)) return notAList('/facts', message);
  const seen = new Set<string>();
  return facts.flatMap((section, index): Problem[] => {
    const pointer = `/facts/${index}`;
    if (!isObject(section) || !(section.title == null || isTitle(section.title)))
      return [{ pointer, code: 'notASection', message }];
    const at = `${pointer}/fields`;
    const fields = section.fields ?? null;
    const problems = problemsOfNames(fields, draft, object, at);
    for (const [place, name] of (Array.isArray(fields) ? fields : []).entries()) {
      if (seen.has(name as string))
        problems.push({ pointer: `${at}/${place}`, code: 'twice', message: `${name} has a place already.` });
      seen.add(name as string);
    }
    return problems;
  });
}

function problemsOfPanels(panels: Json, draft: Draft, object: string): Problem[] {
  const message = `Panels are a list of { panel, place }; a place is one of ${places.join(', ')}.`;
  if (!Array.isArray(panels)) return notAList('/panels', message);
  return panels.flatMap((each, index): Problem[] => {
    const pointer = `/panels/${index}`;
    if (!isObject(each) || typeof each.panel !== 'string' || !places.includes(each.place as string))
      return [{ pointer, code: 'notAPanel', message }];
    if (ownPanels.includes(each.panel)) return [];
    return draft
      .problemsOf(object, { filter: { field: each.panel, op: 'notEmpty' } })
      .map(problem => ({ ...problem, pointer: `${pointer}/panel` }));
  });
}

function isTitle(value: Json): boolean {
  return typeof value === 'string' && value.length <= 100;
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
