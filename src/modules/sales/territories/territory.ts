/** Who looks after which companies: a tree in each dimension, its rules, its people, and what was given to whom from when to when. */
import { type Draft, defineObject, type Input, type Problem } from '../../../engine/index.ts';
import { choice, date, json, link, links, text, user } from '../../../fields/index.ts';

/** A company is in one territory of each at most. */
export const territoryDimensions = [
  'region',
  'industry',
  { value: 'size', label: 'Company size' },
  { value: 'accounts', label: 'Named accounts' },
] as const;

const validity = {
  from: date({ help: 'First day on which it counts. Empty: since ever.' }),
  until: date({ help: 'Last day on which it counts. Empty: for good.' }),
};

export const Territory = defineObject('territory', {
  label: 'Territory',
  plural: 'Territories',
  path: 'salesTerritories',
  icon: 'map-2',
  description: 'A part of the market that someone looks after.',
  title: 'name',
  setup: true,
  hierarchy: 'parent',
  fields: {
    name: text({ required: true }),
    parent: link('territory', { inverse: 'parts', label: 'Part of' }),
    dimension: choice({
      choices: territoryDimensions,
      default: 'region',
      required: true,
      help: 'A company is in one territory of each dimension at most.',
    }),
    manager: user({ inverse: 'managedTerritories', help: 'Who answers for it.' }),
    rule: json({
      filterOf: 'company',
      searchable: false,
      label: 'Which companies',
      help: 'What the territories above it ask for holds too. Empty: only the named ones.',
    }),
    included: links('company', {
      inverse: 'namedInTerritories',
      label: 'Always in it',
      help: 'Named companies, whatever the rules say.',
    }),
    excluded: links('company', {
      inverse: 'leftOutOfTerritories',
      label: 'Never in it',
      help: 'Left out of it and of those below it, unless named there.',
    }),
    ...validity,
  },
  unique: [['dimension', 'name']],
  needs: ['parent.dimension'],
  list: {
    columns: ['name', 'dimension', 'parent', 'rule', 'manager', 'from', 'until'],
    sort: ['dimension', 'name'],
  },
  highlights: ['dimension', 'parent', 'manager'],
  derive: ({ record, linked, stated }): Input =>
    record.parent && !stated('dimension') ? { dimension: linked['parent.dimension'] ?? null } : {},
  check: draft => [...wrongRule(draft), ...foreign(draft), ...both(draft), ...backwards(draft)],
});

function wrongRule({ record, changes, problemsOf }: Draft): Problem[] {
  const { rule } = record;
  if (!rule || !changes('rule')) return [];
  return problemsOf('company', { filter: rule as never }).map(({ code, message }) => ({
    pointer: '/rule',
    code,
    message,
  }));
}

function foreign({ record, linked }: Draft): Problem[] {
  const above = linked['parent.dimension'];
  if (!record.parent || !above || above === record.dimension) return [];
  return [
    {
      pointer: '/dimension',
      code: 'unclear',
      message: 'A territory has the dimension of the one that it is part of.',
    },
  ];
}

const named = (companies: unknown) =>
  ((companies ?? []) as (string | { id: string })[]).map(each => (typeof each === 'string' ? each : each.id));

function both({ record }: Draft): Problem[] {
  const never = new Set(named(record.excluded));
  if (!named(record.included).some(id => never.has(id))) return [];
  return [
    { pointer: '/excluded', code: 'unclear', message: 'A company is always in a territory, or never.' },
  ];
}

function backwards({ record }: Draft): Problem[] {
  if (!record.from || !record.until || record.from <= record.until) return [];
  return [{ pointer: '/until', code: 'outOfRange', message: 'A period ends on its first day or later.' }];
}

export const TerritoryMember = defineObject('territoryMember', {
  label: 'Member of a territory',
  plural: 'Members of territories',
  path: 'territoryMembers',
  icon: 'user-plus',
  description: 'Someone who works in a territory, as what, and when.',
  title: 'user',
  setup: true,
  reachedThrough: 'territory',
  listed: false,
  fields: {
    territory: link('territory', { required: true, inverse: 'members' }),
    user: user({ required: true, inverse: 'territories' }),
    role: choice({
      choices: ['seller', { value: 'presales', label: 'Technical sales' }, 'service'],
      default: 'seller',
      required: true,
      help: 'Leads go to sellers.',
    }),
    ...validity,
  },
  list: { columns: ['user', 'role', 'from', 'until'], sort: ['createdAt'] },
  check: backwards,
});

export const TerritoryAccount = defineObject('territoryAccount', {
  label: 'Account of a territory',
  plural: 'Accounts of territories',
  path: 'territoryAccounts',
  icon: 'map-pin',
  description: 'That a company is in a territory, from when to when. Applying the territories writes it.',
  title: 'territory',
  reachedThrough: 'company',
  // It follows from rules and is not set by hand: only what has a first day counts, and nobody states one.
  administered: true,
  listed: false,
  fields: {
    company: link('company', { required: true, inverse: 'territories' }),
    territory: link('territory', { required: true, inverse: 'accounts' }),
    dimension: choice({ choices: territoryDimensions, readOnly: true }),
    from: date({ readOnly: true }),
    until: date({ readOnly: true, help: 'Last day. Empty: it lasts.' }),
    why: choice({
      choices: [
        { value: 'named', label: 'Named' },
        { value: 'rule', label: 'By rule' },
      ],
      readOnly: true,
    }),
  },
  list: { columns: ['company', 'territory', 'dimension', 'why', 'from', 'until'], sort: ['-from'] },
});
