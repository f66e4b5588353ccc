/** What becomes of leads: customers, nothing, or something later. */
import { Type } from 'typebox';
import { create, defineVerb, FarleyError, find, rows, update, type Values } from '../../../engine/index.ts';
import { Lead, openStatuses } from './lead.ts';

/** A record to be taken instead of making one. */
function known(link: string, title: string) {
  return Type.Optional(
    Type.Unsafe<string>({
      type: 'string',
      format: 'uuid',
      title,
      description: 'Taken instead of making one.',
      link,
    }),
  );
}

export const convertLead = defineVerb(Lead, {
  name: 'convert',
  label: 'Convert lead',
  icon: 'transform',
  description: 'Makes a person, a company and a deal of the lead. One undo takes all of it back.',
  input: Type.Object({
    deal: Type.Optional(Type.Boolean({ title: 'Open a deal', default: true })),
    dealName: Type.Optional(Type.String({ title: 'Name of the deal' })),
    person: known('person', 'Person there is already'),
    company: known('company', 'Company there is already'),
  }),
  makes: [
    { object: 'person', of: { name: 'name', email: 'email', phone: 'phone' }, instead: 'person' },
    { object: 'company', of: { name: 'companyName', website: 'website' }, instead: 'company' },
  ],
  allow: { field: 'status', is: openStatuses },
  event: { sentence: '{actor} converted {lead}', icon: 'transform' },
  run: async (ctx, leadId, input) => {
    const lead = await find(ctx, 'lead', leadId);
    const owner = idOf(lead.owner);
    const company = input.company
      ? await there('company', input.company)
      : await companyOf(lead.companyName!);
    const { name, email, phone, jobTitle, address, source } = lead;
    const make = () =>
      create(ctx, 'person', {
        name: name!,
        email: email!,
        phone: phone!,
        jobTitle: jobTitle!,
        address: address!,
        source: source!,
        company,
        owner,
      });
    const person = input.person ? await there('person', input.person) : await make();
    const dealName = input.dealName || `${lead.companyName ?? (name as { full: string }).full}`;
    const deal =
      input.deal === false
        ? null
        : await create(ctx, 'deal', {
            name: dealName,
            company,
            contacts: [person],
            amount: lead.estimate ?? null,
            owner,
          });
    await update(ctx, 'lead', leadId, {
      status: 'converted',
      convertedAt: ctx.clock.now().toISOString(),
      person,
      company,
      deal,
    });
    return {
      events: { [leadId]: { lead: (name as { full: string }).full } },
      result: { person, company, deal },
    };

    async function there(object: string, id: string): Promise<string> {
      return (await find(ctx, object, id, { fields: [] })).id as string;
    }

    async function companyOf(title: Values[string]): Promise<string | null> {
      if (!title) return null;
      const [same] = await rows(ctx, 'company', {
        filter: { field: 'name', op: 'is', value: title },
        fields: ['name'],
        limit: 1,
      });
      return same
        ? (same.id as string)
        : create(ctx, 'company', { name: title, website: lead.website ?? null, owner });
    }
  },
});

export const disqualifyLead = defineVerb(Lead, {
  name: 'disqualify',
  label: 'Disqualify lead',
  icon: 'user-off',
  description: 'Sets the lead aside, with the reason.',
  input: Type.Object({
    reason: Type.Union(
      ['budget', 'timing', 'noNeed', 'noAnswer', 'spam', 'duplicate', 'other'].map(value =>
        Type.Literal(value),
      ),
      { title: 'Reason' },
    ),
  }),
  allow: { field: 'status', is: openStatuses },
  event: { sentence: '{actor} disqualified {lead}: {reason}', icon: 'user-off' },
  run: async (ctx, leadId, { reason }) => {
    const lead = await find(ctx, 'lead', leadId, { fields: ['name'] });
    if (!reason) throw new FarleyError('invalidInput', 'A reason is needed.');
    await update(ctx, 'lead', leadId, { status: 'disqualified', disqualifiedFor: reason });
    return {
      events: { [leadId]: { lead: (lead.name as { full: string }).full, reason } },
      result: { id: leadId },
    };
  },
});

function idOf(link: Values[string] | undefined): string | null {
  return (link as { id: string } | null | undefined)?.id ?? null;
}
