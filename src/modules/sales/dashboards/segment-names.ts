/** By what deals can be told apart, for the report and for the page: names and the paths of their fields. */
export const segments = {
  owner: 'owner',
  team: 'owner.team',
  source: 'source',
  sector: 'company.sector',
  type: 'company.type',
  size: 'company.employees',
  country: 'company.address',
  product: 'lines.product',
  pipeline: 'pipeline',
} as const;

export type Segment = keyof typeof segments;

export const segmentNames = Object.keys(segments) as Segment[];

/** Employees at most of each size but the last. */
export const sizes = [10, 50, 250, 1_000];
