import { type Draft, defineObject, type Problem } from '../../../engine/index.ts';
import { choice, date, longText, type Related, rating, relatedToAny, text } from '../../../fields/index.ts';

/** What one party is to another, read from the first: "advises". */
const kinds = [
  'advises',
  { value: 'reportsTo', label: 'Reports to' },
  'influences',
  { value: 'worksWith', label: 'Works with' },
  'owns',
  'supplies',
  { value: 'partnerOf', label: 'Partner of' },
  { value: 'competesWith', label: 'Competes with' },
  { value: 'familyOf', label: 'Family of' },
  { value: 'friendOf', label: 'Friend of' },
  { value: 'atOddsWith', label: 'At odds with' },
] as const;

const parties = ['person', 'company'] as const;

export const Relation = defineObject('relation', {
  label: 'Relation',
  plural: 'Relations',
  icon: 'affiliate',
  description: 'What two people or companies are to each other.',
  title: 'name',
  listed: false,
  fields: {
    name: text({ hidden: true }),
    from: relatedToAny({ label: 'Who', required: true, to: parties }),
    kind: choice({ choices: kinds, required: true, label: 'Relation' }),
    to: relatedToAny({ label: 'To whom', required: true, to: parties }),
    strength: rating({ help: 'How close they are: one star is an acquaintance.' }),
    stance: choice({
      choices: ['supporter', 'neutral', 'sceptic', 'opponent'],
      help: 'How the first stands to what you offer, in this relation.',
    }),
    since: date(),
    until: date(),
    note: longText(),
  },
  fallbacks: { name: { of: ['kind'], make: ({ kind }) => kind as string } },
  list: { columns: ['from', 'kind', 'to', 'strength', 'stance', 'since', 'until'], sort: ['-createdAt'] },
  highlights: ['from', 'kind', 'to'],
  check: withOneself,
});

function withOneself({ record }: Draft): Problem[] {
  const [from, to] = [record.from as Related | null, record.to as Related | null];
  return from && to && from.object === to.object && from.id === to.id
    ? [{ pointer: '/to', code: 'sameRecord', message: 'A relation is between two different records.' }]
    : [];
}
