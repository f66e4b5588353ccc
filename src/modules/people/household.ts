import { defineObject, lacking } from '../../engine/index.ts';
import { address, email, link, links, longText, phone, text, user } from '../../fields/index.ts';

/** Where customers are people and not organisations: who lives and decides together. Its deals are summed up on its page. */
export const Household = defineObject('household', {
  label: 'Household',
  plural: 'Households',
  icon: 'home-heart',
  description: 'People who live together and decide together.',
  title: 'name',
  group: 'Customers',
  owner: 'owner',
  key: 'h',
  fields: {
    name: text({ required: true }),
    mainContact: link('person', { help: 'Whom to talk to first.' }),
    phone: phone(),
    email: email(),
    owner: user({ inverse: 'households' }),
    address: address({ group: 'Address' }),
    description: longText(),
    tags: links('tag', { inverse: 'households' }),
  },
  gathers: [
    { object: 'person', by: ['household'] },
    { object: 'deal', by: ['household', 'contacts.household'] },
  ],
  duplicates: [
    {
      name: 'phone',
      label: 'Similar name and same phone',
      mode: 'review',
      same: { name: 'organisation', phone: 'digits' },
    },
  ],
  quality: [
    lacking('address', 20),
    lacking('owner', 10),
    {
      name: 'noMembers',
      label: 'Nobody known there',
      kind: 'completeness',
      when: { field: 'members', op: 'empty' },
      costs: 20,
    },
  ],
  list: { columns: ['name', 'mainContact', 'phone', 'address', 'owner', 'updatedAt'], sort: ['name'] },
  highlights: ['mainContact', 'phone', 'address', 'owner'],
});
