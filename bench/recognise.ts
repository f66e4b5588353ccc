/**
 * What recognition makes of header rows that were not made for it: `node bench/recognise.ts [folder]`, default
 * `crm-export-headers` of `FARLEY_TEST_DATA`. Reads `headers.json` (system → `header`, `headers` or `objects`) and every
 * file that Farley can open. Only names are looked at, so that the dictionaries are measured and not the values.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTables } from '../src/engine/index.ts';
import { dictionaryOf } from '../src/engine/transfer/recognise/dictionary.ts';
import { meaningOf, recognise, systemOf } from '../src/engine/transfer/recognise/recognise.ts';
import { bareContext, importing } from '../test/bare.ts';

const data = process.env.FARLEY_TEST_DATA ?? join(import.meta.dirname, '../../shared/data');
const folder = process.argv[2] ?? join(data, 'crm-export-headers');

/** Tables that came together, as header rows. */
interface Export {
  name: string;
  tables: { name: string; columns: string[] }[];
}

interface Entry {
  header?: string[];
  headers?: string[][];
  objects?: Record<string, string[]>;
}

function listed(path: string): Export[] {
  const entries = Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, Entry | string>);
  return entries.flatMap(([name, entry]) => {
    if (typeof entry === 'string') return [];
    const { header, headers = [], objects = {} } = entry;
    const alone = [...(header ? [header] : []), ...headers].map(columns => ({
      name,
      tables: [{ name, columns }],
    }));
    const together = Object.entries(objects).map(([table, columns]) => ({ name: table, columns }));
    return [...alone, ...(together.length > 0 ? [{ name, tables: together }] : [])];
  });
}

async function opened(path: string, name: string): Promise<Export[]> {
  try {
    return [{ name, tables: await openTables(path, name) }];
  } catch {
    return [];
  }
}

async function exportsIn(path: string): Promise<Export[]> {
  const found: Export[] = [];
  for (const file of readdirSync(path, { withFileTypes: true })) {
    const whole = join(path, file.name);
    if (file.isDirectory()) found.push(...(await exportsIn(whole)));
    else if (file.name === 'headers.json') found.push(...listed(whole));
    else if (/\.(csv|tsv|xlsx?|ods)$/i.test(file.name)) found.push(...(await opened(whole, file.name)));
  }
  return found;
}

if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
const { model } = bareContext();
const dictionary = dictionaryOf(model, importing);
const percent = (part: number, whole: number) =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(0)} %`;
const lines = [
  '| export | system | tables | columns | given a field | needless or kept by Farley | unknown |',
];
lines.push('| --- | --- | --- | --- | --- | --- | --- |');
for (const { name, tables } of await exportsIn(folder)) {
  const named = tables.map(table => ({ ...table, file: tables.length > 1 ? `${table.name}.csv` : name }));
  const system = systemOf(dictionary, named);
  const told: string[] = [];
  const sums = { columns: 0, mapped: 0, left: 0, tables: 0 };
  for (const table of named) {
    const { source, reason } = recognise(dictionary, table, system);
    if (!source) {
      told.push(`  ${table.name}: left out. ${reason}`);
      continue;
    }
    const targets = table.columns.map(column => [
      column,
      meaningOf(dictionary, source, column)?.target ?? '?',
    ]);
    const unknown = targets.filter(([, target]) => target === '?').map(([column]) => column);
    sums.tables++;
    sums.columns += targets.length;
    sums.left += targets.filter(([, target]) => target === '-').length;
    sums.mapped += targets.filter(([, target]) => !['?', '-', '+'].includes(target!)).length;
    sums.left += targets.filter(([, target]) => target === '+').length * 0;
    told.push(`  ${table.name}: ${source.object.name}. Unknown: ${unknown.join(', ') || 'none'}`);
    if (process.env.FARLEY_VERBOSE)
      for (const [column, target] of targets) told.push(`      ${column} → ${target}`);
  }
  const unknown = sums.columns - sums.mapped - sums.left;
  lines.push(
    `| ${name} | ${system?.label ?? '–'} | ${sums.tables} of ${tables.length} | ${sums.columns} | ${percent(sums.mapped, sums.columns)} | ${percent(sums.left, sums.columns)} | ${percent(unknown, sums.columns)} |`,
  );
  console.log(`${name}: ${system?.label ?? 'no known system'}\n${told.join('\n')}`);
}
console.log(`\n${lines.join('\n')}`);
