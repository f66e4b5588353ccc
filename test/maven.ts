/**
 * The truth about the files of `crm-maven-pipeline`, computed from them alone: no code of Farley's is used here, so that
 * what Farley says after an import can be compared with something independent.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many, and how much in whole dollars. */
export interface Sum {
  count: number;
  value: number;
}

export interface Maven {
  companies: number;
  subsidiaries: number;
  products: number;
  agents: number;
  managers: number;
  deals: number;
  withoutCompany: number;
  byStage: Record<string, Sum>;
  byAgent: Record<string, Sum>;
  /** Won deals by sales agent. */
  wonByAgent: Record<string, Sum>;
  /** By the product's name in the price list. */
  byProduct: Record<string, Sum>;
  wonByProduct: Record<string, Sum>;
  /** By the corrected sector; deals without a company under `none`. */
  bySector: Record<string, Sum>;
  wonByMonth: Record<string, Sum>;
}

/** These files have no quotes; a comma always separates. */
function table(folder: string, name: string): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(join(folder, name), 'utf8').trim().split(/\r?\n/);
  const columns = header.split(',');
  return lines.map(line => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

function sums(
  rows: Record<string, string>[],
  keyOf: (row: Record<string, string>) => string,
): Record<string, Sum> {
  const found: Record<string, Sum> = {};
  for (const row of rows) {
    const key = keyOf(row);
    found[key] ??= { count: 0, value: 0 };
    found[key].count++;
    found[key].value += Number(row.close_value);
  }
  return found;
}

/** Reads the folder and computes. */
export function mavenTruth(folder: string): Maven {
  const accounts = table(folder, 'accounts.csv');
  const pipeline = table(folder, 'sales_pipeline.csv');
  const team = table(folder, 'sales_teams.csv');
  const won = pipeline.filter(row => row.deal_stage === 'Won');
  const product = (row: Record<string, string>) => (row.product === 'GTXPro' ? 'GTX Pro' : row.product!);
  const sectors = new Map(
    accounts.map(row => [row.account, row.sector === 'technolgy' ? 'technology' : row.sector!]),
  );
  return {
    companies: accounts.length,
    subsidiaries: accounts.filter(row => row.subsidiary_of).length,
    products: table(folder, 'products.csv').length,
    agents: team.length,
    managers: new Set(team.map(row => row.manager)).size,
    deals: pipeline.length,
    withoutCompany: pipeline.filter(row => !row.account).length,
    byStage: sums(pipeline, row => row.deal_stage!),
    byAgent: sums(pipeline, row => row.sales_agent!),
    wonByAgent: sums(won, row => row.sales_agent!),
    byProduct: sums(pipeline, product),
    wonByProduct: sums(won, product),
    bySector: sums(pipeline, row => sectors.get(row.account!) ?? 'none'),
    wonByMonth: sums(won, row => row.close_date!.slice(0, 7)),
  };
}

/** A row of the pipeline with what the other files say of it. Days are `2017-03-01`, or empty. */
export interface MavenDeal {
  agent: string;
  manager: string;
  product: string;
  /** Empty where no company is named. */
  sector: string;
  stage: string;
  engaged: string;
  closed: string;
  /** Whole dollars; 0 where nothing is said. */
  value: number;
}

/** The pipeline deal by deal, for whatever a test wants to count. */
export function mavenDeals(folder: string): MavenDeal[] {
  const managers = new Map(table(folder, 'sales_teams.csv').map(row => [row.sales_agent, row.manager!]));
  const sectors = new Map(table(folder, 'accounts.csv').map(row => [row.account, row.sector!]));
  return table(folder, 'sales_pipeline.csv').map(row => ({
    agent: row.sales_agent!,
    manager: managers.get(row.sales_agent!) ?? '',
    product: row.product === 'GTXPro' ? 'GTX Pro' : row.product!,
    sector: (sectors.get(row.account!) ?? '').replace('technolgy', 'technology'),
    stage: row.deal_stage!,
    engaged: row.engage_date!,
    closed: row.close_date!,
    value: Number(row.close_value),
  }));
}
