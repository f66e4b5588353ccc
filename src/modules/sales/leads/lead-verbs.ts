/** What becomes of leads: customers, nothing, or something later. */
import { Type } from 'typebox';
import {
  asSystem,
  type Context,
  create,
  defineVerb,
  FarleyError,
  find,
  rows,
  update,
  type Values,
} from '../../../engine/index.ts';
import { Email } from '../../activities/module.ts';
import { enter, onFile } from './door.ts';
import { Lead, openStatuses } from './lead.ts';
import { laterTouch } from './touch.ts';

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
    const { person, company } = await customerOf(ctx, lead, input);
    const { full } = lead.name as { full: string };
    const dealName = input.dealName || `${lead.companyName ?? full}`;
    const deal =
      input.deal === false
        ? null
        : await create(ctx, 'deal', {
            name: dealName,
            company,
            contacts: [person],
            amount: lead.estimate ?? null,
            source: lead.source === 'import' ? 'other' : (lead.source ?? null),
            campaign: lead.campaign ?? null,
            owner,
          });
    await keepOrigin(ctx, lead, person, deal);
    await update(ctx, 'lead', leadId, {
      status: 'converted',
      convertedAt: ctx.clock.now().toISOString(),
      person,
      company,
      deal,
    });
    return {
      events: { [leadId]: { lead: full } },
      result: { person, company, deal },
    };
  },
});

/** The person and the company of a lead: those that were named, those on file, or new ones. */
async function customerOf(ctx: Context, lead: Values, input: { person?: string; company?: string }) {
  const file = (await onFile(asSystem(ctx, 'converting a lead'), [lead])).get(lead.id as string)!;
  const company = input.company
    ? await there(ctx, 'company', input.company)
    : ((await inReach(ctx, 'company', idOf(lead.company) ?? file.company)) ?? (await companyOf(ctx, lead)));
  const person = input.person
    ? await there(ctx, 'person', input.person)
    : ((await inReach(ctx, 'person', idOf(lead.person) ?? file.person)) ?? (await make()));
  return { person, company };

  function make(): Promise<string> {
    const { name, email, phone, jobTitle, address, source } = lead;
    return create(ctx, 'person', {
      name: name!,
      email: email!,
      phone: phone!,
      jobTitle: jobTitle!,
      address: address!,
      source: source!,
      company,
      owner: idOf(lead.owner),
    });
  }
}

async function there(ctx: Context, object: string, id: string): Promise<string> {
  return (await find(ctx, object, id, { fields: [] })).id as string;
}

/** What is on file and may be seen; else nothing. */
async function inReach(ctx: Context, object: string, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const [known] = await rows(ctx, object, { filter: { field: 'id', op: 'is', value: id }, fields: [] });
  return (known?.id as string | undefined) ?? null;
}

async function companyOf(ctx: Context, { companyName, website, owner }: Values): Promise<string | null> {
  if (!companyName) return null;
  const [same] = await rows(ctx, 'company', {
    filter: { field: 'name', op: 'is', value: companyName },
    fields: ['name'],
    limit: 1,
  });
  return same
    ? (same.id as string)
    : create(ctx, 'company', { name: companyName, website: website ?? null, owner: idOf(owner) });
}

/** Where the lead came from and what was agreed to stay known of the person and the deal; what they say already stays. */
async function keepOrigin(ctx: Context, lead: Values, person: string, deal: string | null) {
  const own = asSystem(ctx, 'converting a lead');
  const before = await find(own, 'person', person, {
    fields: ['firstTouch', 'lastTouch', 'consent', 'source'],
  });
  await update(
    own,
    'person',
    person,
    {
      firstTouch: before.firstTouch ?? lead.firstTouch ?? null,
      lastTouch: laterTouch(before.lastTouch, lead.lastTouch),
      consent: lead.consent ?? before.consent ?? null,
      source: before.source ?? lead.source ?? null,
    },
    { trusted: true },
  );
  if (deal) await update(own, 'deal', deal, { firstTouch: lead.firstTouch ?? null }, { trusted: true });
}

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

/** Characters of a message that a lead keeps; the whole stands beside it. */
const mostSaid = 5_000;

export const leadOfEmail = defineVerb(Email, {
  name: 'makeLead',
  label: 'Make a lead',
  icon: 'target-arrow',
  description: 'Takes the sender in as a lead, or adds the message to the open lead of the same person.',
  input: Type.Object({}),
  allow: { field: 'sender', isNot: [null] },
  event: { sentence: '{actor} took the sender of {email} in as a lead', icon: 'target-arrow' },
  run: async (ctx, id) => {
    const { subject, sender, senderName, sentAt, text, about } = await find(ctx, 'email', id);
    const touch = { channel: 'email', at: (sentAt ?? ctx.clock.now().toISOString()) as string };
    const entered = await enter(
      { ...ctx, tx: ctx.tx! },
      {
        ...(senderName ? { name: senderName } : {}),
        email: sender as string,
        description: String(text ?? '').slice(0, mostSaid) || null,
        firstTouch: touch,
        lastTouch: touch,
        // Whoever makes a lead by hand has it.
        owner: ctx.actor.userId,
      },
    );
    const known = (about ?? []) as { object: string; id: string }[];
    const others = known.filter(each => each.id !== entered.lead).map(({ object, id }) => ({ object, id }));
    await update(ctx, 'email', id, { about: [...others, { object: 'lead', id: entered.lead }] });
    return { events: { [id]: { email: subject ?? sender! } }, result: { id, ...entered } };
  },
});
