/** Finds records of any kind by their id in another system, where a link may lead to all of them. */
import { USER } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { tableOf } from '../records/scope.ts';
import { sql } from '../sql.ts';
import { Finder, type Found, type Missing } from './finder.ts';

export class AnyKindFinder {
  readonly #ctx: Context;
  readonly #source: string;
  /** By the name of the object. */
  readonly #finders = new Map<string, Finder>();

  constructor(ctx: Context, source: string) {
    this.#ctx = ctx;
    this.#source = source;
  }

  /** What the keys lead to. Those of users are left out: they own records and share them, but no record is about them. */
  async find(keys: string[]): Promise<Map<string, Found | Missing>> {
    const all = new Map<string, Found | Missing>(keys.map(key => [key, 'none']));
    const kinds = await (this.#ctx.tx ?? this.#ctx.db).run<{ object: string }>(
      sql`select distinct object from ${tableOf(this.#ctx.schema, 'external_id')}
        where source = ${this.#source} and key = any(${keys}::text[])`,
    );
    // One statement per kind of record, of which there are a few.
    for (const { object } of kinds)
      for (const [key, found] of (await this.#of(object)?.find(keys)) ?? [])
        if (found !== 'none' && object === USER) all.delete(key);
        else if (found !== 'none') {
          const alone = all.get(key) === 'none' && typeof found === 'object';
          all.set(key, alone ? { ...found, object } : 'several');
        }
    return all;
  }

  #of(name: string): Finder | undefined {
    const object = this.#ctx.model.objects.get(name);
    if (!object) return undefined;
    const known = this.#finders.get(name);
    const finder = known ?? new Finder(this.#ctx, object, { by: 'externalId', source: this.#source });
    this.#finders.set(name, finder);
    return finder;
  }
}
