/** How often a property is tried: `n` times, or as many times more as `FARLEY_RUNS` says, for a long run. */
export function runs(n: number): number {
  return Math.ceil(n * Number(process.env.FARLEY_RUNS ?? 1));
}
