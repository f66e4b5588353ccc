/** Leads for later: put aside until a day, and back with whoever is to deal with them then. */
import { Type } from 'typebox';
import {
  defineVerb,
  defineWatch,
  FarleyError,
  find,
  rows,
  speechOf,
  update,
  type Values,
  write,
} from '../../../engine/index.ts';
import { assignLeads, wanted } from './assigning.ts';
import { Lead, openStatuses } from './lead.ts';
import { idOf } from './workers.ts';

const nameOf = (lead: Values) => (lead.name as { full: string }).full;

export const recycleLead = defineVerb(Lead, {
  name: 'recycle',
  label: 'Put lead aside',
  icon: 'rotate',
  description: 'Sets the lead aside until a day, on which the assignment rules give it to someone anew.',
  input: Type.Object({
    until: Type.String({ format: 'date', title: 'Comes back on' }),
    reason: Type.Union(
      ['timing', 'budget', 'noAnswer', 'other'].map(value => Type.Literal(value)),
      { title: 'Reason' },
    ),
  }),
  allow: { field: 'status', is: openStatuses },
  event: { sentence: '{actor} put {lead} aside until {day}: {reason}', icon: 'rotate' },
  run: async (ctx, id, { until, reason }) => {
    const lead = await find(ctx, 'lead', id, { fields: ['name'] });
    if (until <= ctx.clock.now().toISOString().slice(0, 10))
      throw new FarleyError('invalidInput', 'The day on which it comes back lies ahead.');
    await update(ctx, 'lead', id, {
      status: 'recycled',
      comesBackOn: until,
      recycledFor: reason as string,
      contactBy: null,
      contactState: null,
      firstContactAt: null,
    });
    return { events: { [id]: { lead: nameOf(lead), day: until, reason: reason as string } }, result: { id } };
  },
});

export const reopenLead = defineVerb(Lead, {
  name: 'reopen',
  label: 'Reopen lead',
  icon: 'rotate',
  description: 'Takes up again what was set aside or disqualified.',
  input: Type.Object({}),
  allow: { field: 'status', is: ['recycled', 'disqualified'] },
  event: { sentence: '{actor} reopened {lead}', icon: 'rotate' },
  run: async (ctx, id) => {
    const lead = await find(ctx, 'lead', id, { fields: ['name', 'owner'] });
    const status = lead.owner ? 'working' : 'new';
    await update(ctx, 'lead', id, { status, disqualifiedFor: null, comesBackOn: null, recycledFor: null });
    return { events: { [id]: { lead: nameOf(lead) } }, result: { id } };
  },
});

/** At a time; the rest follows with the next look. */
const most = 200;

/** Their day has come: they are new again, go through the rules, and whoever gets them finds a task. */
export const returnLeads = defineWatch('lead-returns', {
  label: 'Leads that come back',
  every: 300,
  run: async ctx => {
    const today = ctx.clock.now().toISOString();
    const back = await rows(ctx, 'lead', {
      filter: {
        and: [
          { field: 'status', op: 'is', value: 'recycled' },
          { field: 'comesBackOn', op: 'lte', value: today.slice(0, 10) },
        ],
      },
      fields: wanted,
      sort: ['comesBackOn', 'id'],
      limit: most,
    });
    if (back.length === 0) return;
    const before = new Map(back.map(({ id, owner }) => [id as string, idOf(owner)]));
    const anew = { status: 'new', comesBackOn: null, owner: null };
    await write(
      ctx,
      'lead',
      back.map(({ id }) => ({ op: 'update' as const, id: id as string, values: anew })),
      { trusted: true },
    );
    const decisions = await assignLeads(ctx, back, new Map());
    // Where no rule says otherwise, they are whose they were.
    const same = decisions.filter(({ rule, lead }) => !rule && before.get(lead.id as string));
    await write(
      ctx,
      'lead',
      same.map(({ lead }) => ({
        op: 'update' as const,
        id: lead.id as string,
        values: { owner: before.get(lead.id as string)! },
      })),
      { trusted: true },
    );
    const { t } = speechOf(ctx.settings.locale);
    await write(
      ctx,
      'task',
      decisions.map(({ lead, rule, chosen }) => ({
        op: 'create' as const,
        values: {
          subject: t('letters.leadBack', { name: nameOf(lead) }),
          dueAt: today,
          about: [{ object: 'lead', id: lead.id! }],
          owner: chosen?.id ?? (rule ? null : before.get(lead.id as string)!) ?? null,
        },
      })),
    );
  },
});
