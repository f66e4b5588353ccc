/** What targets count of saved views: their records, or the sum of a field of them, as far as each reader sees them. */
import { type Context, FarleyError, type Filter, rows, type Values } from '../../../engine/index.ts';
import { rowsOf, totalOf } from './metrics.ts';

export interface ByView {
  view: { id: string; object: string; filter: Filter | null; day: string | null };
  unit: 'money' | 'number';
  value: string;
}

const firstOf = (names: Values[string] | undefined) => ((names ?? []) as string[])[0];
const idOf = (link: Values[string] | undefined) => (link as { id: string } | null | undefined)?.id ?? null;

/**
 * Each target that has a view, with what it comes to; without those whose view the reader does not see. One statement for the
 * views, and one for each of them and what is counted of it.
 */
export async function countedByView(reader: Context, targets: Values[]): Promise<Map<string, ByView>> {
  const asked = targets.filter(({ view }) => view !== null);
  const ids = [...new Set(asked.map(({ view }) => idOf(view)!))];
  if (ids.length === 0) return new Map();
  const found = await rows(reader, 'view', {
    filter: { field: 'id', op: 'isAnyOf', value: ids },
    fields: ['object', 'filter'],
    limit: 1_000,
  });
  const views = new Map(found.map(view => [view.id as string, view]));
  const told = new Map<string, ByView>();
  const countedOf = ({ view, sum, day }: Values) => JSON.stringify([idOf(view), firstOf(sum), firstOf(day)]);
  for (const some of Map.groupBy(asked, countedOf).values()) {
    const [{ view, sum, day }] = some as [Values];
    const kept = views.get(idOf(view)!);
    if (kept)
      for (const [id, one] of await sumsOf(reader, kept, firstOf(sum), firstOf(day), some)) told.set(id, one);
  }
  return told;
}

async function sumsOf(
  reader: Context,
  view: Values,
  value: string | undefined,
  on: string | undefined,
  targets: Values[],
): Promise<[id: string, ByView][]> {
  const [object, filter] = [view.object as string, view.filter as Filter | null];
  const shown = { id: view.id as string, object, filter, day: on ?? null };
  const field = reader.model.objects.get(object)?.fields.get(value ?? '');
  const unit = field?.type.worth ? 'money' : 'number';
  const metric = {
    ...({ object, unit } as const),
    ...(filter ? { filter } : {}),
    ...(value ? { value } : {}),
    ...(on ? { on } : {}),
  };
  const daysOf = ({ from, to }: Values) => ({ from: from as string, to: to as string });
  const periods = [...new Map(targets.map(each => [`${each.from} ${each.to}`, daysOf(each)])).values()];
  const found = await rowsOf(reader, metric, periods).catch(error => {
    // Fields and lists go, and are not everybody's: what cannot be counted is nothing, and the other targets are told.
    if (error instanceof FarleyError) return [];
    throw error;
  });
  const sums = new Map(found.map(row => [`${row.since} ${row.until}`, row.value]));
  return targets.map(each => {
    const told = totalOf(new Map([[null, sums.get(`${each.from} ${each.to}`) ?? '0']]), null);
    return [each.id as string, { view: shown, unit, value: value ? told : String(Number(told)) }];
  });
}
