import type { Declared } from './workspace.ts';
export async function assemble(_d: Declared, _o: unknown): Promise<never> {
  throw new Error('soon');
}
