/** Who is told how a quote fares: its approvers that it waits for them, its owner what they and the customer have decided. */
import { allRows, type Context, defineWatch, type WatchedChange } from '../../../engine/index.ts';
import { deliver, type Notice } from '../../notifications/module.ts';
import { idOf } from './pricing.ts';

export const quoteNews = defineWatch('quoteNews', {
  label: 'News of quotes',
  run: async (ctx, changes, skipped) => {
    const news = changes.filter(({ undoes, kind }) => undoes === null && kind === 'updated');
    const notices = [...(await toApprovers(ctx, news)), ...(await toOwners(ctx, news))];
    await deliver(
      ctx,
      notices.filter(({ to, actor }) => to !== actor),
      skipped,
    );
  },
});

const among = (field: string, ids: Iterable<string>) => ({ field, op: 'isAnyOf', value: [...new Set(ids)] });

function noticeOf({ actor, at, changeSet }: WatchedChange, kind: string, to: string, id: string): Notice {
  return { to, kind, object: 'quote', id, source: null, actor, at, changeSet };
}

/** What has become of a quote, as a kind of notification; null for what its owner need not be told. */
function outcomeOf({ fields }: WatchedChange): string | null {
  if (fields.seenAt && fields.seenAt[0] === null) return 'opened';
  const [before, after] = fields.status ?? [null, null];
  if (after === 'accepted' || after === 'declined') return after;
  if (before !== 'inApproval') return null;
  return after === 'approved' ? 'approved' : after === 'draft' ? 'rejected' : null;
}

async function toOwners(ctx: Context, changes: WatchedChange[]): Promise<Notice[]> {
  const told = changes.flatMap(change => {
    const kind = change.object === 'quote' ? outcomeOf(change) : null;
    return kind ? [{ change, kind }] : [];
  });
  if (told.length === 0) return [];
  const ids = told.map(({ change }) => change.id);
  const quotes = await allRows(ctx, 'quote', { filter: among('id', ids), fields: ['owner'] });
  const owners = new Map(quotes.map(({ id, owner }) => [id as string, idOf(owner)]));
  return told.flatMap(({ change, kind }) => {
    const to = owners.get(change.id);
    return to ? [noticeOf(change, kind, to, change.id)] : [];
  });
}

/** Approvers and their delegates are told once their level is asked: when the quote is submitted, or the level below is through. */
async function toApprovers(ctx: Context, changes: WatchedChange[]): Promise<Notice[]> {
  const asked = changes.filter(
    ({ object, fields }) => object === 'quote' && fields.status?.[1] === 'inApproval',
  );
  const decided = changes.filter(
    ({ object, fields }) => object === 'approval' && fields.decision?.[1] === 'approved',
  );
  const ids = decided.map(({ id }) => id);
  const through = ids.length
    ? await allRows(ctx, 'approval', { filter: among('id', ids), fields: ['quote', 'level'] })
    : [];
  const quotes = [...asked.map(({ id }) => id), ...through.flatMap(({ quote }) => idOf(quote) ?? [])];
  if (quotes.length === 0) return [];
  const filter = { and: [among('quote', quotes), { field: 'decision', op: 'is', value: 'pending' }] };
  const open = await allRows(ctx, 'approval', {
    filter,
    fields: ['quote', 'level', 'approver', 'rule'],
    sort: ['level'],
  });
  const rules = open.flatMap(({ rule }) => idOf(rule) ?? []);
  const standIns = rules.length
    ? await allRows(ctx, 'approvalRule', { filter: among('id', rules), fields: ['delegate'] })
    : [];
  const delegates = new Map(standIns.map(rule => [rule.id, idOf(rule.delegate)]));
  const pending = Map.groupBy(open, ({ quote }) => idOf(quote)!);
  const tell = (change: WatchedChange, quote: string, above: number) => {
    const [first, ...others] = pending.get(quote) ?? [];
    const level = first?.level as number | undefined;
    if (!first || level === undefined || level <= above) return [];
    const now = [first, ...others.filter(each => each.level === level)];
    const people = now.flatMap(each => [idOf(each.approver), delegates.get(idOf(each.rule) ?? '') ?? null]);
    return [...new Set(people)].flatMap(to => (to ? [noticeOf(change, 'approval', to, quote)] : []));
  };
  const levels = new Map(through.map(row => [row.id as string, row]));
  return [
    ...asked.flatMap(change => tell(change, change.id, -1)),
    ...decided.flatMap(change => {
      const row = levels.get(change.id);
      return row ? tell(change, idOf(row.quote)!, row.level as number) : [];
    }),
  ];
}
