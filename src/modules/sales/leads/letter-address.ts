/** Addresses to which mail servers hand letters, so that whoever writes becomes a lead: what is known of each, and its door. */
import { Type } from 'typebox';
import {
  type Context,
  defineObject,
  definePage,
  defineReport,
  defineVerb,
  FarleyError,
  find,
  type Json,
  may,
  rows,
  takesRaw,
  update,
  type Values,
} from '../../../engine/index.ts';
import { boolean, choice, number, text, user } from '../../../fields/index.ts';
import { leadSources } from './lead.ts';
import { passedFor } from './letter.ts';
import { confirmNotices, letterIn } from './letter-services.ts';
import { receive } from './receive.ts';

export const LeadAddress = defineObject('leadAddress', {
  label: 'Lead address',
  plural: 'Lead addresses',
  icon: 'at',
  description: 'An address to which letters are handed on; who writes becomes a lead.',
  title: 'name',
  setup: true,
  fields: {
    name: text({ required: true }),
    active: boolean({ default: true }),
    source: choice({ choices: leadSources }),
    campaign: text(),
    owner: user({ inverse: 'leadAddresses', help: 'Empty: assignment rules decide.' }),
    forwarded: boolean({
      default: true,
      label: 'Forwarded letters',
      help: 'What colleagues forward is taken as the letter of whoever wrote it first.',
    }),
    lists: boolean({
      default: false,
      label: 'Group address',
      help: 'Letters that come by way of a list count: Google Groups marks all of them so.',
    }),
    edition: number({ integer: true, default: 1, readOnly: true, hidden: true, label: 'Edition of the key' }),
  },
  list: { columns: ['name', 'active', 'source', 'campaign', 'owner', 'updatedAt'], sort: ['name'] },
  highlights: ['active', 'source', 'campaign', 'owner'],
});

/** Bytes of a letter at most; mail servers take as many. */
const most = 25 * 1024 ** 2;

const MaybeText = Type.Union([Type.String(), Type.Null()]);

/** The address that a link is about; none where it was given another key since, or is switched off. */
async function addressOf(ctx: Context, payload: Json): Promise<Values> {
  const { address: id, edition } = payload as { address: string; edition: number };
  const [address] = await rows(ctx, 'leadAddress', { filter: { field: 'id', op: 'is', value: id } });
  if (address?.active === true && address.edition === edition) return address;
  throw new FarleyError('notFound', 'There is nothing to see here any more.');
}

const handIn = (summary: string) =>
  takesRaw({
    summary,
    raw: { mediaType: 'message/rfc822', most },
    answer: Type.Object({
      state: Type.String({
        description:
          'taken, inReview (it might be spam), passedOver, known: it has been here, or confirmed: Amazon SNS may post.',
      }),
      reason: Type.Union([Type.String(), Type.Null()], {
        description: `Why it is passed over: ${passedFor.map(({ value }) => value).join(', ')}.`,
      }),
    }),
    run: async (ctx, payload, bytes, { mediaType }) => {
      const address = await addressOf(ctx, payload);
      const posted = letterIn(bytes, mediaType);
      if ('letter' in posted) return receive(ctx, address, posted.letter);
      await confirmNotices(posted.confirm);
      return { state: 'confirmed', reason: null };
    },
  });

export const letterPage = definePage('letters', {
  summary: 'Where mail servers hand letters in, which become leads',
  shows: Type.Object({ name: Type.String() }),
  show: async (ctx, payload) => ({ name: (await addressOf(ctx, payload)).name as string }),
  takes: {
    send: handIn(
      'hand in a letter as it came, as a form field of SendGrid or Mailgun, or as a notice of Amazon SNS',
    ),
    mime: handIn('the same, at an address as Mailgun asks for where it is to send letters as they came'),
  },
});

export const renewAddress = defineVerb(LeadAddress, {
  name: 'renew',
  label: 'New key',
  icon: 'key',
  description: 'Gives it another address; the old one stops working at once.',
  input: Type.Object({}),
  event: { sentence: '{actor} gave {address} a new key', icon: 'key' },
  run: async (ctx, id) => {
    const { name, edition } = await find(ctx, 'leadAddress', id, { fields: ['name', 'edition'] });
    await update(ctx, 'leadAddress', id, { edition: Number(edition) + 1 });
    return { events: { [id]: { address: name! } }, result: { id } };
  },
});

/** Where letters are handed in, for whoever may change that; and which came last. */
export const letterAddressReport = defineReport('letter-address', {
  label: 'Where letters are handed in',
  description: 'The address to which mail servers post letters that become leads, and the last that came',
  input: Type.Object({ address: Type.String({ format: 'uuid' }) }, { additionalProperties: false }),
  answer: Type.Object({
    address: MaybeText,
    last: Type.Union([
      Type.Object({ id: Type.String(), name: Type.String(), state: Type.String(), at: Type.String() }),
      Type.Null(),
    ]),
  }),
  run: async (ctx, { address: id }) => {
    const { edition } = await find(ctx, 'leadAddress', id, { fields: ['edition'] });
    const [last] = await rows(ctx, 'formSubmission', {
      filter: { field: 'address', op: 'is', value: id },
      fields: ['name', 'state', 'submittedAt'],
      sort: ['-submittedAt'],
      limit: 1,
    }).catch(outOfReach);
    // What lets letters in is a key: readers see none.
    const changes = may(ctx, ctx.model.objects.get('leadAddress')!, 'edit');
    const signed = {
      workspace: ctx.settings.name,
      link: letterPage.name,
      payload: { address: id, edition: edition! },
    };
    return {
      address: changes && ctx.outside ? `${ctx.outside.door(signed)}/send` : null,
      last: last
        ? {
            id: last.id as string,
            name: last.name as string,
            state: last.state as string,
            at: last.submittedAt as string,
          }
        : null,
    };
  },
});

/** Roles that read no submissions learn of none. */
function outOfReach(error: unknown): Values[] {
  if (error instanceof FarleyError && error.code === 'forbidden') return [];
  throw error;
}
