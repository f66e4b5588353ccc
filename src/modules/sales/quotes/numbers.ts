/** Numbers of documents, without gaps: given in the transaction that needs them, kept with what was given before. */
import { asEngine, type Context, create, rows, sql, tableOf, write } from '../../../engine/index.ts';

/** Series that a workspace has unless it has its own. */
const usual = {
  quote: ['Quotes', 'Q-{year}-{0000}'],
  order: ['Orders', 'O-{year}-{0000}'],
  contract: ['Contracts', 'C-{year}-{0000}'],
} as const;

/**
 * The number of a document: the one it was given before, also where that was taken back, else the next of its series.
 * Others who want one of the same series wait until this transaction ends, so none is given twice and none is lost.
 */
export async function numberOf(ctx: Context, kind: keyof typeof usual, document: string): Promise<string> {
  const own = asEngine(ctx);
  await ctx.tx!.run(
    sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.schema} numbers ${kind}`}, 0))`,
  );
  const known = { filter: { field: 'document', op: 'is', value: document }, fields: ['number'], limit: 1 };
  const [there] = await rows(own, 'documentNumber', known);
  if (there) return there.number as string;
  const [back] = await rows(own, 'documentNumber', { ...known, trash: 'only' });
  if (back) {
    await write(own, 'documentNumber', [{ op: 'restore', id: back.id as string }]);
    return back.number as string;
  }
  const { id: series, format } = await seriesOf(own, kind);
  const year = format.includes('{year}') ? Number(today(ctx).slice(0, 4)) : 0;
  // What is in the trash keeps its number.
  const [last] = await ctx.tx!.run<{ value: number }>(
    sql`select coalesce(max(value), 0)::int as value from ${tableOf(ctx.schema, 'document_number')}
      where series_id = ${series}::uuid and year = ${year}`,
  );
  const value = last!.value + 1;
  const number = format
    .replace('{year}', String(year))
    .replace(/\{(0+)\}/, (_, noughts: string) => String(value).padStart(noughts.length, '0'));
  await create(own, 'documentNumber', { number, series, year, value, document });
  return number;
}

async function seriesOf(ctx: Context, kind: keyof typeof usual): Promise<{ id: string; format: string }> {
  const filter = { field: 'kind', op: 'is', value: kind };
  const [series] = await rows(ctx, 'numberSeries', { filter, fields: ['format'], limit: 1 });
  if (series) return { id: series.id as string, format: series.format as string };
  const [name, format] = usual[kind];
  return { id: await create(ctx, 'numberSeries', { name, kind, format }), format };
}

/** The day where the workspace is. */
export function today(ctx: Context): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ctx.settings.timeZone }).format(ctx.clock.now());
}
