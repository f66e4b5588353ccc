/**
 * The statistical forecast on real deals: at the end of each month, what the next month and the next three will bring, beside
 * what simple people would say. `node bench/forecast.ts FOLDER` with `sales_pipeline.csv` of crm-maven-pipeline.
 */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { type Cohort, expectation } from '../src/modules/sales/forecast/expectation.ts';

const folder = process.argv[2] ?? '/work/shared/data/crm-maven-pipeline';
const dayOf = (text: string) => Math.round(Date.parse(`${text}T00:00:00Z`) / 86_400_000);
const textOf = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);

const deals: Cohort[] = [];
const rows = createReadStream(join(folder, 'sales_pipeline.csv')).pipe(parse({ columns: true }));
for await (const row of rows as AsyncIterable<Record<string, string>>)
  if (row.engage_date)
    deals.push({
      opened: dayOf(row.engage_date),
      decided: row.close_date ? dayOf(row.close_date) : null,
      won: row.deal_stage === 'Won',
      count: 1,
      amount: Number(row.close_value || 0),
    });

const wonIn = (from: number, to: number) =>
  deals
    .filter(deal => deal.won && deal.decided! > from && deal.decided! <= to)
    .reduce((sum, deal) => sum + deal.amount, 0);
/** Last day of the month so many months after `2017-01`. */
const endOf = (months: number) => dayOf(new Date(Date.UTC(2017, months + 1, 0)).toISOString().slice(0, 10));

for (const length of [1, 3]) {
  const errors: Record<string, number[]> = {
    model: [],
    'period before': [],
    'mean of three': [],
    'quarter before': [],
  };
  let inside = 0;
  let count = 0;
  console.log(
    `| until | ${length === 1 ? 'month' : 'quarter'} after | model | 80 % | period before | same of the quarter before |`,
  );
  for (let month = 5; month + length <= 11; month++) {
    const [today, until] = [endOf(month), endOf(month + length)];
    const truth = wonIn(today, until);
    const { amount, low, high, ways } = expectation(deals, today, until);
    const said: Record<string, number> = {
      model: amount,
      'period before': wonIn(endOf(month - length), today),
      'mean of three': (wonIn(endOf(month - 3), today) / 3) * length,
      'quarter before': wonIn(endOf(month - 3), endOf(month - 3 + length)),
    };
    for (const [name, value] of Object.entries(said)) errors[name]!.push(Math.abs(value - truth) / truth);
    count++;
    if (truth >= low && truth <= high) inside++;
    const k = (value: number) => Math.round(value / 1_000).toLocaleString('en');
    console.log(
      `| ${textOf(until)} | ${k(truth)} | ${k(amount)} | ${k(low)} – ${k(high)} | ${k(said['period before']!)} | ${k(said['quarter before']!)} | ${ways.map(each => `${each.way} ${k(each.amount)} × ${each.weight.toFixed(2)}`).join(', ')} |`,
    );
  }
  for (const [name, all] of Object.entries(errors))
    console.log(
      `${name}: ${((all.reduce((a, b) => a + b, 0) / all.length) * 100).toFixed(1)} % off on average`,
    );
  console.log(`${inside} of ${count} within their interval\n`);
}
