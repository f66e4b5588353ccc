/** X Education's leads as they were published: real outcomes to measure the learners with. For benches and tests. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import type { Fact, LeftOut } from './encode.ts';
import { type Model, type Training, train } from './learn.ts';

const numbers = ['TotalVisits', 'Total Time Spent on Website', 'Page Views Per Visit'];
const notFacts = ['Prospect ID', 'Lead Number', 'Converted', ''];

/** Columns that, as the publishers say, sales fills in afterwards. */
export const filledInLater = [
  'Tags',
  'Lead Quality',
  'Lead Profile',
  'Asymmetrique Activity Index',
  'Asymmetrique Profile Index',
  'Asymmetrique Activity Score',
  'Asymmetrique Profile Score',
  'Last Notable Activity',
];

/** Reads `Leads.csv`; "Select" means not answered. */
export async function readLeads(folder: string): Promise<Training> {
  const rows: Record<string, string>[] = [];
  const file = createReadStream(join(folder, 'Leads.csv')).pipe(parse({ columns: true }));
  for await (const row of file as AsyncIterable<Record<string, string>>) rows.push(row);
  const names = Object.keys(rows[0]!).filter(name => !notFacts.includes(name));
  const facts = names.map(
    (name): Fact => ({ name, label: name, kind: numbers.includes(name) ? 'number' : 'level' }),
  );
  return {
    facts,
    rows: rows.map(row =>
      facts.map(({ name, kind }) => {
        const value = row[name] ?? '';
        if (value === '' || value === 'Select') return null;
        return kind === 'number' ? Number(value) : value;
      }),
    ),
    won: rows.map(row => row.Converted === '1'),
  };
}

/** With what Farley suspects left out, without all that is filled in later, and also without the last activity; one by one. */
export function* trainLeads(training: Training): Generator<{ what: string; model: Model }> {
  const without = (names: string[]): LeftOut[] =>
    names.map(name => ({ name, label: name, why: 'byHand' as const }));
  const ways: [string, string[]][] = [
    ['What Farley suspects left out', []],
    ['Without what is filled in later', filledInLater],
    ['Also without the last activity', [...filledInLater, 'Last Activity']],
  ];
  for (const [what, names] of ways) yield { what, model: train({ ...training, leftOut: without(names) })! };
}
