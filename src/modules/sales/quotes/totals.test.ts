/** Totals follow whatever changes a quote, and quotes that were sent elsewhere have theirs, and a document. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createImporting } from '../../../../test/importing.ts';
import { fileStore } from '../../../engine/files/store.ts';
import { type Context, carryOut, create, find, sql, step, undo, update } from '../../../engine/index.ts';
import { linesOf } from './draft.ts';
import { acceptedTotals, quoteTotals } from './totals.ts';

let given: Awaited<ReturnType<typeof createImporting>>;
let system: Context;

beforeAll(async () => {
  given = await createImporting('totals');
  system = { ...given.world.system, files: fileStore(`${given.folder}/files`) };
  await step(system, quoteTotals);
  await create(given.ada, 'taxRate', { name: 'VAT', country: 'AT', rate: 20 });
});
afterAll(() => given.close());

const settled = async (id: string) => {
  while (await step(system, quoteTotals));
  return find(given.ada, 'quote', id);
};

test('a draft follows changes of its discount, its taxes and its customer; without lines it keeps what it says', async () => {
  const { ada } = given;
  const quote = await create(ada, 'quote', { name: 'Machines' });
  const lines = [{ key: 'a', name: 'Machine', quantity: '1', price: { amount: '120', currency: 'EUR' } }];
  await carryOut(ada, 'quote', 'write', quote, { lines });
  expect((await settled(quote)).gross).toMatchObject({ amount: '144.00' });
  const changeSet = await ada.db.transaction(async tx => {
    const inside = { ...ada, tx, changeSet: '019a0000-0000-7000-8000-00000000aaaa' };
    await update(inside, 'quote', quote, { discountPercent: 50 });
    return inside.changeSet;
  });
  expect((await settled(quote)).gross).toMatchObject({ amount: '72.00' });
  await undo(ada, changeSet);
  expect((await settled(quote)).gross).toMatchObject({ amount: '144.00' });
  await update(ada, 'quote', quote, { prices: 'gross' });
  expect(await settled(quote)).toMatchObject({ net: { amount: '100.00' }, gross: { amount: '120.00' } });
  const abroad = await create(ada, 'company', { name: 'Kessler', address: { country: 'DE' } });
  await update(ada, 'quote', quote, { company: abroad });
  expect(await settled(quote)).toMatchObject({ tax: { amount: '0.00' }, gross: { amount: '120.00' } });
});

test('a line whose quantity is taken away is refused, and says so', async () => {
  const { ada } = given;
  const quote = await create(ada, 'quote', { name: 'Machines' });
  const line = await create(ada, 'quoteLine', { quote, name: 'Machine', price: '120 EUR' });
  await expect(update(ada, 'quoteLine', line, { quantity: null })).rejects.toMatchObject({
    code: 'invalidInput',
    problems: [{ pointer: '/quantity' }],
  });
});

test('quotes of another system keep their status and totals, or get those of their lines, and a document', async () => {
  const stamp = '0,2024-02-15 10:20:30';
  const ids = [1, 2, 3, 4].map(n => `0Q0bm00000AAAA${n}AAP`);
  const known = [
    'Sent with totals,Presented,99,90',
    'Sent without,Presented,,',
    'Still a draft,Draft,,',
    'Signed,Accepted,,',
  ];
  const quotes = known.map((row, at) => `${ids[at]},${stamp},0000000${at + 1},${row}`);
  const lines = ids.map((id, at) => `0QLbm00000AAAA${at}AAP,${stamp},${id},Machine ${at},2,50,10,20`);
  const { reports } = await given.bring({
    'Quote.csv': `Id,IsDeleted,SystemModstamp,QuoteNumber,Name,Status,GrandTotal,TotalPrice\n${quotes.join('\n')}\n`,
    'QuoteLineItem.csv': `Id,IsDeleted,SystemModstamp,QuoteId,Product Name,Quantity,UnitPrice,Discount,Tax Rate\n${lines.join('\n')}\n`,
  });
  expect(reports.map(({ created, failures }) => [created, failures])).toEqual([
    [4, []],
    [4, []],
  ]);
  while (await step(system, quoteTotals));
  const told = async (name: string) => {
    const { status, net, gross, pdf, number } = await given.one('quote', 'name', name);
    const amount = (money: unknown) => (money as { amount: string } | null)?.amount ?? null;
    return [number, status, amount(net), amount(gross), pdf !== null];
  };
  expect(await told('Sent with totals')).toEqual(['00000001', 'sent', '90.00', '99.00', true]);
  expect(await told('Sent without')).toEqual(['00000002', 'sent', '90.00', '108.00', true]);
  expect(await told('Still a draft')).toEqual(['00000003', 'draft', '90.00', '108.00', false]);
  expect(await told('Signed')).toEqual(['00000004', 'accepted', '90.00', '108.00', true]);
  const sent = await given.one('quote', 'name', 'Sent without');
  const [line] = await linesOf(given.ada, sent.id as string);
  await expect(update(given.ada, 'quoteLine', line!.id as string, { quantity: '3' })).rejects.toMatchObject({
    code: 'invalidInput',
  });
});

test('what was accepted is kept beside what was sent, goes with an undo, and is filled in for quotes of before', async () => {
  const { ada } = given;
  const quote = await create(ada, 'quote', { name: 'Machines' });
  const lines = [{ key: 'a', name: 'Machine', quantity: '1', price: { amount: '120', currency: 'EUR' } }];
  await carryOut(ada, 'quote', 'write', quote, { lines });
  await carryOut(ada, 'quote', 'send', quote, { mail: false });
  const total = async () => (await find(ada, 'quote', quote)).acceptedTotal;
  expect(await total()).toBeNull();
  const { changeSet } = await carryOut(ada, 'quote', 'accept', quote, { name: 'Katharina Moser' });
  expect(await total()).toEqual({ amount: '144.00', currency: 'EUR' });
  await undo(ada, changeSet);
  expect(await total()).toBeNull();
  await carryOut(ada, 'quote', 'accept', quote, { name: 'Katharina Moser' });
  await system.db.run(
    sql`update ${sql.id(system.schema, 'quote')} set accepted_total = null where id = ${quote}::uuid`,
  );
  // The first step of a watch is where it begins.
  for (let turn = 0; turn < 2; turn++) await step(system, acceptedTotals);
  expect(await total()).toEqual({ amount: '144.00', currency: 'EUR' });
});
