/** Lines of a quote while they are being written, without anything to see. What they come to is asked of the server. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Json, MetaObject } from '../../../engine/index.ts';
import { record, reference, str } from '../../../fields/read.tsx';
import { ApiError, type Page, type Row, read } from '../../../web/api.ts';
import { useActions } from '../../../web/model/records.ts';
import type { Draft, DraftInput, LineInput } from './pricing.ts';

export type Line = LineInput;

const pause = 300;

/** A value a moment after it was last changed. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

const money = (value: Json | undefined) => {
  const { amount, currency } = record(value);
  return amount ? { amount: str(amount), currency: str(currency) } : null;
};
const numeric = (value: Json | undefined) => (typeof value === 'number' ? value : null);

function lineOf(row: Row): Line {
  return {
    key: row.id,
    product: reference(row.product)?.id ?? null,
    name: str(row.name),
    section: str(row.section) || null,
    quantity: str(row.quantity) || '1',
    unit: str(row.unit) || null,
    price: money(row.price),
    discountPercent: numeric(row.discountPercent),
    discountAmount: money(row.discountAmount),
    interval: (str(row.interval) || 'once') as 'once',
    taxClass: (str(row.taxClass) || 'standard') as 'standard',
    optional: row.optional === true,
    chosen: row.chosen === true,
    adjustable: row.adjustable === true,
    parent: reference(row.parent)?.id ?? null,
  };
}

/** A line as the customer accepted it: with what was chosen, where they had a choice. */
function asChosen(line: Line, choices: Json | undefined): Line {
  const { chosen, quantity } = record(record(choices)[line.key]);
  return {
    ...line,
    chosen: line.optional && typeof chosen === 'boolean' ? chosen : (line.chosen ?? false),
    quantity: (line.adjustable && str(quantity)) || line.quantity,
  };
}

const linesOf = (stored: Page | undefined, quote: Row) =>
  (stored?.data ?? []).map(each => asChosen(lineOf(each), quote.chosen));

function termsOf(row: Row): Omit<DraftInput, 'lines'> {
  return {
    // What one does not see is left as it is.
    ...(row.company === undefined ? {} : { company: reference(row.company)?.id ?? null }),
    ...(row.contact === undefined ? {} : { contact: reference(row.contact)?.id ?? null }),
    currency: str(row.currency) || null,
    priceBook: reference(row.priceBook)?.id ?? null,
    prices: (str(row.prices) || 'net') as 'net',
    rounding: (str(row.rounding) || 'halfUp') as 'halfUp',
    taxBy: (str(row.taxBy) || 'document') as 'document',
    discountPercent: numeric(row.discountPercent),
    discountAmount: money(row.discountAmount),
  };
}

/** Of whom prices are asked, and by which book if one was chosen. */
function customerOf({ company = null, contact = null, priceBook = null }: DraftInput) {
  return { company, contact, priceBook };
}

/** The records of one kind that belong to a quote, in order. */
export function useOfQuote(path: string, object: string, quote: string | null, sort: string[]) {
  const body: Json = { filter: { field: 'quote', op: 'is', value: quote }, sort, limit: 1_000 };
  return useQuery({
    queryKey: ['records', object, 'groups', body],
    queryFn: ({ signal }) => read<Page>(`/api/${path}/search`, { body, signal }),
    enabled: quote !== null,
  });
}

/** What may be done to lines. */
function editing(shown: Line[], setLines: (lines: Line[]) => void, made: { current: number }) {
  return {
    change: (key: string, patch: Partial<Line>) =>
      setLines(shown.map(line => (line.key === key ? { ...line, ...patch } : line))),
    /** Answers the key of the new line. */
    add(product: { id: string; title: string } | null): string {
      const key = `new-${++made.current}`;
      const line: Line = { key, product: product?.id ?? null, name: product?.title ?? '', quantity: '1' };
      setLines([...shown, { ...line, section: shown.at(-1)?.section ?? null }]);
      return key;
    },
    remove: (key: string) => setLines(shown.filter(line => line.key !== key && line.parent !== key)),
    move(key: string, by: 1 | -1) {
      const at = shown.findIndex(line => line.key === key);
      const to = at + by;
      if (at < 0 || to < 0 || to >= shown.length) return;
      setLines(shown.with(at, shown[to]!).with(to, shown[at]!));
    },
  };
}

/** What a draft comes to, once it has stood still for a moment. */
function usePriced(input: DraftInput, enabled: boolean) {
  const asked = useSettled(input);
  return useQuery({
    queryKey: ['records', 'quoteLine', 'groups', { price: asked }],
    queryFn: ({ signal }) =>
      read<Draft>('/api/reports/price-quote', { body: asked as unknown as Json, signal }),
    placeholderData: keepPreviousData,
    enabled,
    retry: false,
  });
}

export type Builder = ReturnType<typeof useBuilder>;

export function useBuilder(object: MetaObject, row: Row) {
  const actions = useActions();
  const stored = useOfQuote('quoteLines', 'quoteLine', row.id, ['position', 'id']);
  const [lines, setLines] = useState<Line[] | null>(null);
  const [discount, setDiscount] = useState<number | null | undefined>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const made = useRef(0);
  const kept = useMemo(() => linesOf(stored.data, row), [stored.data, row]);
  const shown = lines ?? kept;
  const input = useMemo<DraftInput>(
    () => ({
      ...termsOf(row),
      ...(discount === undefined ? {} : { discountPercent: discount }),
      lines: shown.map(line => ({ ...line, quantity: line.quantity || '0' })),
    }),
    [row, discount, shown],
  );
  const priced = usePriced(input, stored.isSuccess);
  return {
    stored,
    lines: shown,
    priced: priced.data,
    customer: customerOf(input),
    wrong: problem ?? (priced.error instanceof ApiError ? priced.error.message : undefined),
    discount: discount === undefined ? numeric(row.discountPercent) : discount,
    dirty: lines !== null || discount !== undefined,
    busy,
    ...editing(shown, setLines, made),
    setDiscount,
    discard() {
      setLines(null);
      setDiscount(undefined);
      setProblem(undefined);
    },
    async save(label: string) {
      setBusy(true);
      setProblem(undefined);
      try {
        await actions.run(object, row.id, 'write', label, input as unknown as Json);
        await stored.refetch();
        setLines(null);
        setDiscount(undefined);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        setProblem(error.message);
      } finally {
        setBusy(false);
      }
    },
  };
}
