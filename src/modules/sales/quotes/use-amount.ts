import type { Json } from '../../../engine/index.ts';
import { viewOf } from '../../../fields/views.ts';
import { fieldOf, formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';

/** An amount as the field of amounts writes it. */
export function useAmount(currency: string) {
  const meta = useMeta();
  const quote = objectNamed(meta, 'quote');
  const gross = quote && fieldOf(quote, 'gross');
  const format = formatOf(meta);
  return (amount: string) =>
    gross ? viewOf(gross.type).text({ amount, currency } as Json, gross, format) : amount;
}
