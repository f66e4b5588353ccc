/**
 * The door through which leads come in by a form: whoever is known already is not made twice. An open lead of the same
 * person takes what is new, what differs is noted and nothing is written over; people and companies on file are linked.
 */
import {
  asSystem,
  type Candidate,
  type Context,
  candidatesOf,
  type Database,
  type Json,
  markMet,
  meet,
  type ObjectModel,
  rows,
  update,
  type Values,
  write,
} from '../../../engine/index.ts';
import { asTouch, laterTouch, sourceOf } from './touch.ts';

type Runner = NonNullable<Context['tx']> | Database;

/** People and companies on file that a lead may be, by their own rules of duplicates. Statements: two, however many leads. */
export async function onFile(ctx: Context, leads: Values[]): Promise<Map<string, OnFile>> {
  const runner = ctx.tx ?? ctx.db;
  const [person, company] = [ctx.model.objects.get('person')!, ctx.model.objects.get('company')!];
  const people = await sure(ctx, runner, person, leads.map(asPerson), ['email', 'mobile', 'phone']);
  const companies = await sure(ctx, runner, company, leads.map(asCompany), ['domain']);
  return new Map(
    leads.map(({ id }) => {
      const known = people.get(id as string) ?? null;
      const house = companies.get(id as string) ?? null;
      const at = (known?.company as string | null | undefined) ?? (house?.id as string | undefined) ?? null;
      const owner = (known?.owner ?? (at === house?.id ? house?.owner : null) ?? null) as string | null;
      return [id as string, { person: (known?.id as string | undefined) ?? null, company: at, owner }];
    }),
  );
}

export interface OnFile {
  person: string | null;
  company: string | null;
  /** Who has the account. */
  owner: string | null;
}

const asPerson = ({ id, name, email, phone }: Values): Values => ({
  id: id!,
  name: name ?? null,
  email: email ?? null,
  phone: phone ?? null,
  mobile: phone ?? null,
});

const asCompany = ({ id, companyName, email, website }: Values): Values => {
  // Addresses of free mail have no company; the comparison knows them.
  const domain = String(email ?? '').split('@')[1] ?? null;
  return {
    id: id!,
    name: companyName ?? null,
    website: website ?? null,
    domain: domain || (website ?? null),
  };
};

/** The one record that each is the same as, by one of these rules; none where several are. */
async function sure(
  ctx: Context,
  runner: Runner,
  object: ObjectModel,
  records: Values[],
  rules: string[],
): Promise<Map<string, Values>> {
  const found = await candidatesOf(ctx, runner, object, records);
  const held = found.filter(({ rules: by }) => by.some(({ name }) => rules.includes(name)));
  return new Map(
    [...Map.groupBy(held, ({ of }) => of)].flatMap(([of, all]) => {
      const [only] = byRule(all, rules);
      return only ? [[of, only.record] as const] : [];
    }),
  );
}

/** Those that hold by the strongest rule; several of them are nobody in particular. */
function byRule(all: Candidate[], rules: string[]): Candidate[] {
  for (const rule of rules) {
    const some = all.filter(({ rules: by }) => by.some(({ name }) => name === rule));
    if (some.length > 0) return some.length === 1 ? some : [];
  }
  return [];
}

/** What became of a submission. */
export interface Entered {
  lead: string;
  person: string | null;
  /** Field → what the lead says and what was sent, where they differ. */
  conflicts: { [field: string]: { known: Json; sent: Json } };
}

/** Fields that are facts of the visit: later ones replace none, and are no conflict. */
const ofVisit = new Set(['source', 'campaign', 'form', 'firstTouch', 'lastTouch', 'consent', 'owner']);

/** Lets a submission in: to the open lead of the same person, or as a new one. In the context's transaction. */
export async function enter(
  ctx: Context & { tx: NonNullable<Context['tx']> },
  values: Values,
): Promise<Entered> {
  const [met] = await meet(ctx, 'lead', [values]);
  const { operation, known, kept } = met!;
  if (known) {
    const id = known.id as string;
    const person = (known.person as string | null) ?? null;
    await write(ctx, 'lead', [operation], { trusted: true });
    await markMet(ctx, 'lead', [id]);
    await touched(ctx, person, values.lastTouch);
    const differs = Object.entries(kept).filter(([field]) => !ofVisit.has(field));
    return { lead: id, person, conflicts: Object.fromEntries(differs) };
  }
  const id = operation.values.id as string;
  const file = (await onFile(ctx, [{ ...values, id }])).get(id)!;
  const touch = asTouch(values.lastTouch);
  const source = (touch && sourceOf(touch)) ?? values.source ?? null;
  const campaign = values.campaign ?? touch?.campaign ?? null;
  const { person, company } = file;
  const made = { ...values, id, source, campaign, person, company, owner: values.owner ?? null };
  await write(ctx, 'lead', [{ op: 'create', values: made }], { trusted: true });
  await touched(ctx, person, touch);
  return { lead: id, person, conflicts: {} };
}

/** Who is on file and comes again has a latest touch; their first is nobody's to guess. */
async function touched(ctx: Context, person: string | null, touch: Json | undefined): Promise<void> {
  if (person === null || !asTouch(touch)) return;
  const own = asSystem(ctx, 'coming in again');
  const [known] = await rows(own, 'person', {
    filter: { field: 'id', op: 'is', value: person },
    fields: ['lastTouch'],
  });
  const latest = laterTouch(known?.lastTouch, touch);
  if (known && latest !== known.lastTouch)
    await update(own, 'person', person, { lastTouch: latest }, { trusted: true });
}
