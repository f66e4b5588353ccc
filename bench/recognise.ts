/**
 * What recognition makes of header rows that were not made for it: `node bench/recognise.ts [folder]`, default
 * `crm-export-headers` of `FARLEY_TEST_DATA`. Reads `headers.json` (system → `header`, `headers` or `objects`) and every
 * file that Farley can open. Only names are looked at, so that the dictionaries are measured and not the values. `--all`
 * tells every column.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTables } from '../src/engine/index.ts';
import { dictionaryOf, type SystemSpec } from '../src/engine/transfer/recognise/dictionary.ts';
import { type Part, partsOf } from '../src/engine/transfer/recognise/parts.ts';
import { meaningOf, type Named, recognise, systemOf } from '../src/engine/transfer/recognise/recognise.ts';
import { bareContext, importing } from '../test/bare.ts';

const data = process.env.FARLEY_TEST_DATA ?? join(import.meta.dirname, '../../shared/data');
const folder = process.argv.slice(2).find(one => !one.startsWith('-')) ?? join(data, 'crm-export-headers');

/** Tables that came together, as header rows. */
interface Export {
  name: string;
  tables: { name: string; columns: string[] }[];
  /** The file that they all are in; absent where each is one. */
  file?: string;
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
    return [{ name, tables: await openTables(path, name), file: name }];
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
const dictionary = dictionaryOf(bareContext().model, importing);

/** What each column becomes in the part of the table that has most use for it; `?` where none knows it. */
async function targetsOf(
  table: Named,
): Promise<{ objects: string[]; targets: Map<string, string> } | string> {
  const { source, reason } = recognise(dictionary, table, system);
  const parts = await partsOf(dictionary, { ...table, rows: async function* () {} }, source);
  const [first] = parts;
  const alone = first?.source ?? source;
  if (!alone) return reason;
  const readings: Pick<Part, 'source' | 'links'>[] =
    parts.length > 1 ? parts : [{ source: alone, links: new Map() }];
  const targets = table.columns.map((column): [string, string] => {
    const known = readings.map(
      ({ source: one, links }) => meaningOf(dictionary, one, column)?.target ?? links.get(column) ?? '?',
    );
    // Tables that only add to others take nothing else.
    const unknown = alone.spec.mode ? '-' : '?';
    return [
      column,
      known.find(target => !/^[-+?]/.test(target)) ?? known.find(target => target !== '?') ?? unknown,
    ];
  });
  return { objects: readings.map(one => one.source.object.name), targets: new Map(targets) };
}

const percent = (part: number, whole: number) =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(0)} %`;
const lines = [
  '| export | system | tables | columns | fields of Farley | kept by Farley or needless | new fields |',
  '| --- | --- | --- | --- | --- | --- | --- |',
];
let system: SystemSpec | null = null;
for (const { name, tables, file } of await exportsIn(folder)) {
  const named = tables.map(table => ({
    ...table,
    file: file ?? (tables.length > 1 ? `${table.name}.csv` : name),
  }));
  system = systemOf(dictionary, named);
  const told: string[] = [];
  const all: string[] = [];
  let taken = 0;
  for (const table of named) {
    const found = await targetsOf(table);
    if (typeof found === 'string') {
      told.push(`  ${table.name}: left out. ${found}`);
      continue;
    }
    taken++;
    all.push(...found.targets.values());
    const unknown = [...found.targets].filter(([, target]) => /^[+?]/.test(target)).map(([column]) => column);
    told.push(`  ${table.name}: ${found.objects.join(', ')}. New fields: ${unknown.join(', ') || 'none'}`);
    if (process.argv.includes('--all'))
      for (const [column, target] of found.targets) told.push(`      ${column} → ${target}`);
  }
  const [left, fresh] = [/^-/, /^[+?]/].map(test => all.filter(target => test.test(target)).length) as [
    number,
    number,
  ];
  lines.push(
    `| ${name} | ${system?.label ?? '–'} | ${taken} of ${tables.length} | ${all.length} | ${percent(all.length - left - fresh, all.length)} | ${percent(left, all.length)} | ${percent(fresh, all.length)} |`,
  );
  console.log(`${name}: ${system?.label ?? 'no known system'}\n${told.join('\n')}`);
}
console.log(`\n${lines.join('\n')}`);
