/** Saved views: a way to look at the list of an object, kept under a name, for oneself, the team or everyone. */
import { type Draft, defineObject, type Filter, type Json, type Problem } from '../../engine/index.ts';
import { boolean, choice, json, link, number, text, user } from '../../fields/index.ts';

/** Narrower a column cannot be read, wider it is a page. Pixels. */
const widths = { least: 40, most: 1200 };

export const View = defineObject('view', {
  label: 'View',
  plural: 'Views',
  icon: 'bookmark',
  description: 'A list as someone wants to see it: its filter, order, columns and layout under a name.',
  title: 'name',
  setup: true,
  personal: { audience: 'visibility' },
  owner: 'owner',
  fields: {
    name: text({ required: true, searchable: false }),
    object: text({
      required: true,
      searchable: false,
      index: true,
      label: 'List',
      help: 'Name of the object whose records it shows, such as `deal`.',
    }),
    icon: text({
      searchable: false,
      hidden: true,
      help: 'Name of a Tabler icon. Default: that of the list.',
    }),
    layout: choice({
      choices: [
        'table',
        'board',
        'calendar',
        { value: 'split', label: 'List and record' },
        'chart',
        { value: 'schedule', label: 'Timeline' },
        'map',
      ],
      default: 'table',
      required: true,
    }),
    arrangement: json({
      searchable: false,
      hidden: true,
      help: 'How the layout is arranged, such as { "by": "closeDate" }: fields by name, and its own words.',
    }),
    columns: json({
      searchable: false,
      help: 'List of { field, width, total }, width in pixels, total an aggregate such as sum. Default: the columns of the list.',
    }),
    filter: json({ searchable: false, help: 'As in the API, such as {"field": "name", "op": "notEmpty"}.' }),
    sort: json({ searchable: false, help: 'Names of fields, `-` before a descending one.' }),
    group: text({
      searchable: false,
      hidden: true,
      help: 'Name of the field by which rows are grouped, with a period where it is a date: closeDate:month.',
    }),
    density: choice({ choices: ['compact', 'normal', 'comfortable'], label: 'Row height' }),
    visibility: choice({
      choices: [
        { value: 'private', label: 'Only me' },
        { value: 'team', label: 'My team' },
        { value: 'everyone', label: 'Everyone' },
      ],
      default: 'private',
      required: true,
      label: 'Who sees it',
    }),
    owner: user(),
    position: number({ integer: true, hidden: true, help: 'Its place among the views of the list.' }),
    pinned: boolean({ default: false, required: true, help: 'Stands in the navigation.' }),
    defaultFor: link('role', {
      administered: true,
      help: 'The list opens with it for people of this role. It has to be for everyone.',
    }),
  },
  list: {
    columns: ['name', 'object', 'layout', 'visibility', 'owner', 'pinned'],
    sort: ['object', 'position', 'name'],
  },
  highlights: ['object', 'visibility', 'owner'],
  check: draft => [...problemsOfShape(draft), ...problemsOfContent(draft)],
});

function problemsOfShape({ record }: Draft): Problem[] {
  if (record.defaultFor === null || record.visibility === 'everyone') return [];
  const message = 'Only a view for everyone can be what a list opens with. Share it with everyone first.';
  return [{ pointer: '/defaultFor', code: 'notForEveryone', message }];
}

/** What the list it is for does not know. Asked when that changes, so that a view outlives a field it named. */
function problemsOfContent(draft: Draft): Problem[] {
  const { record } = draft;
  const object = record.object as string;
  const changed = (name: string) => draft.changes('object') || draft.changes(name);
  if (draft.changes('object')) {
    const [wrong] = draft.problemsOf(object, {});
    if (wrong) return [{ ...wrong, pointer: '/object' }];
  }
  return [
    ...(changed('filter') ? problemsOfFilter(draft, object) : []),
    ...(changed('sort') ? problemsOfSort(draft, object) : []),
    ...(changed('columns') ? problemsOfColumns(draft, object) : []),
    ...(changed('arrangement') ? problemsOfArrangement(draft, object) : []),
    ...(changed('group') && record.group !== null
      ? at('/group', draft.problemsOf(object, { fields: [fieldOf(record.group as string)] }))
      : []),
  ];
}

function at(pointer: string, problems: Problem[]): Problem[] {
  return problems.map(problem => ({ ...problem, pointer }));
}

function problemsOfFilter({ record, problemsOf }: Draft, object: string): Problem[] {
  return record.filter === null ? [] : problemsOf(object, { filter: record.filter as Filter });
}

function problemsOfSort({ record, problemsOf }: Draft, object: string): Problem[] {
  if (record.sort === null) return [];
  if (!isList(record.sort) || !record.sort.every(isText))
    return [{ pointer: '/sort', code: 'notAList', message: 'The order is a list of names of fields.' }];
  return record.sort.flatMap((name, index) => at(`/sort/${index}`, problemsOf(object, { sort: [name] })));
}

function problemsOfColumns({ record, problemsOf }: Draft, object: string): Problem[] {
  if (record.columns === null) return [];
  const message = `Columns are a list of { field, width, total }; a width is ${widths.least} to ${widths.most} pixels.`;
  if (!isList(record.columns)) return [{ pointer: '/columns', code: 'notAList', message }];
  return record.columns.flatMap((column, index): Problem[] => {
    const pointer = `/columns/${index}`;
    if (!isColumn(column)) return [{ pointer, code: 'notAColumn', message }];
    return at(`${pointer}/field`, problemsOf(object, { fields: [column.field] }));
  });
}

/** Parts of an arrangement that name a field. */
const arrangedBy = ['by', 'end', 'colour'];

function problemsOfArrangement({ record, problemsOf }: Draft, object: string): Problem[] {
  const { arrangement = null } = record;
  if (arrangement === null) return [];
  const message = 'How a layout is arranged is an object of texts, such as { "by": "closeDate" }.';
  if (typeof arrangement !== 'object' || isList(arrangement) || !Object.values(arrangement).every(isText))
    return [{ pointer: '/arrangement', code: 'notAnArrangement', message }];
  return arrangedBy.flatMap(part => {
    const name = arrangement[part];
    return typeof name === 'string'
      ? at(`/arrangement/${part}`, problemsOf(object, { fields: [fieldOf(name)] }))
      : [];
  });
}

/** The field of `closeDate:month`. */
function fieldOf(group: string): string {
  return group.split(':')[0]!;
}

function isList(value: Json | undefined): value is Json[] {
  return Array.isArray(value);
}

function isText(value: Json): value is string {
  return typeof value === 'string';
}

function isColumn(value: Json): value is { field: string; width?: number } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { field, width = null, total = null } = value;
  const fits = typeof width === 'number' && width >= widths.least && width <= widths.most;
  return isText(field ?? null) && (width === null || fits) && (total === null || isText(total));
}
