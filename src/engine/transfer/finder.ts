/** Finds records by what a file calls them: one statement per batch, what was found is remembered. */
import { reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { FarleyError, Refusal } from '../errors.ts';
import type { Field, Json, ParseScope } from '../field.ts';
import { isId } from '../id.ts';
import { type ObjectModel, relationOf } from '../model.ts';
import { parseScopeOf } from '../records/draft.ts';
import { cellOf, jsonOf, type Scope, tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { apart, normalise, titleWords } from '../search/words.ts';
import { and, type Sql, sql } from '../sql.ts';

/** A record that was found; `spelt` when its title is written otherwise. */
export interface Found {
  id: string;
  spelt?: string;
  /** Its kind, where records of several are looked for. */
  object?: string;
}

/** Why none was found. */
export type Missing = 'none' | 'several';

export interface FinderOptions {
  /** `title`, `id`, `externalId` or the name of a field. */
  by: string;
  source?: string;
  where?: Record<string, string>;
}

/** Enough for the companies of most files; at some 150 bytes each it stays below 8 MiB. */
const remembered = 50_000;

export class Finder {
  readonly object: ObjectModel;
  readonly #ctx: Context;
  readonly #options: FinderOptions;
  readonly #known = new Map<string, Found>();
  readonly #parse: ParseScope;
  #where: Record<string, Json> | undefined;

  constructor(ctx: Context, object: ObjectModel, options: FinderOptions) {
    this.object = object;
    this.#ctx = ctx;
    this.#options = options;
    this.#parse = parseScopeOf(ctx);
  }

  /** What each key leads to. Keys that are ids stand for themselves. */
  async find(keys: Iterable<string>): Promise<Map<string, Found | Missing>> {
    const result = new Map<string, Found | Missing>();
    const unknown: string[] = [];
    for (const key of new Set(keys)) {
      const known = this.#known.get(key);
      if (known) {
        this.#remember(key, known);
        result.set(key, known);
      } else unknown.push(key);
    }
    if (unknown.length === 0) return result;
    const found = await this.#search(unknown);
    for (const key of unknown) {
      const ids = found.get(key) ?? [];
      const [first] = ids;
      if (first && ids.length === 1) this.#remember(key, first);
      result.set(key, first ? (ids.length > 1 ? 'several' : first) : 'none');
    }
    return result;
  }

  /** Remembers a record that was just made. */
  learn(key: string, id: string) {
    this.#remember(key, { id });
  }

  #remember(key: string, found: Found) {
    this.#known.delete(key);
    if (this.#known.size >= remembered) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(apart(key), found);
  }

  async #search(keys: string[]): Promise<Map<string, Found[]>> {
    const { by } = this.#options;
    if (by === 'id') return this.#byField(this.object.fields.get('id')!, keys);
    if (by === 'externalId') return this.#byExternalId(keys);
    if (by !== 'title') return this.#byField(this.object.fields.get(by)!, keys);
    const ids = keys.filter(isId);
    const titles = keys.filter(key => !isId(key));
    const found = await this.#byField(this.object.title, titles);
    for (const [id, same] of await this.#byField(this.object.fields.get('id')!, ids)) found.set(id, same);
    const left = titles.filter(title => !found.has(title));
    if (left.length > 0) for (const [title, alike] of await this.#byWords(left)) found.set(title, alike);
    return found;
  }

  /** Records out of the trash and in reach that meet the `where` of the map. */
  async #rows(scope: Scope): Promise<Sql> {
    return and([
      sql`${sql.ref(`${scope.alias}.deleted_at`)} is null`,
      reach(this.#ctx, this.object, 'read', scope),
      ...(await this.#conditions(scope)),
    ]);
  }

  async #conditions(scope: Scope): Promise<Sql[]> {
    return Object.entries(await this.whereValues()).map(([name, value]) => {
      const field = this.object.fields.get(name)!;
      const { is } = field.type.operators;
      if (!is) throw new FarleyError('invalidInput', `${field.label} cannot be a condition of a link.`);
      return is.sql(cellOf(field, scope.alias), value, field, scope);
    });
  }

  /** The values of `where`, links resolved. */
  async whereValues(): Promise<Record<string, Json>> {
    if (!this.#where) {
      this.#where = {};
      for (const [name, text] of Object.entries(this.#options.where ?? {}))
        this.#where[name] = await this.#whereValue(this.object.fields.get(name)!, text);
    }
    return this.#where;
  }

  async #whereValue(field: Field, text: string): Promise<Json> {
    const relation = relationOf(field);
    const target = relation && this.#ctx.model.objects.get(relation.to);
    if (target) {
      const found = (await new Finder(this.#ctx, target, { by: 'title' }).find([text])).get(text);
      if (typeof found === 'object') return found.id;
      throw new FarleyError(
        'invalidInput',
        `There is no ${target.spec.label.toLowerCase()} called "${text}".`,
      );
    }
    const value = this.#value(field, text);
    if (value === null) throw new FarleyError('invalidInput', `"${text}" is no value of ${field.label}.`);
    return value;
  }

  #value(field: Field, text: string): Json {
    const { type } = field;
    const value = type.parseText
      ? type.parseText(text, field, this.#parse)
      : type.parse(text, field, this.#parse);
    return value instanceof Refusal ? null : value;
  }

  async #byField(field: Field, keys: string[]): Promise<Map<string, Found[]>> {
    const found = new Map<string, Found[]>();
    const asked = keys.flatMap(key => {
      const value = this.#value(field, key);
      return value === null ? [] : [{ key, value }];
    });
    if (asked.length === 0) return found;
    const { isAnyOf, is } = field.type.operators;
    if (!isAnyOf || !is)
      throw new FarleyError('invalidInput', `Records cannot be found by ${field.label.toLowerCase()}.`);
    const scope = scopeOf(this.#ctx, this.object);
    const values = asked.map(({ value }) => value);
    const same = isAnyOf.sql(cellOf(field, scope.alias), values, field, scope);
    const rows =
      await this.#run(sql`select ${sql.ref(`${scope.alias}.id`)} as id, json_build_array(${jsonOf(field, scope)})::text as value
      from ${scope.source} where ${and([same, await this.#rows(scope)])} limit 100000`);
    const byFold = Map.groupBy(rows, row => foldOf(field, row.value));
    for (const { key, value } of asked) {
      const equal = (byFold.get(foldOf(field, value)) ?? []).filter(row =>
        is.test(row.value as never, value, field, scope),
      );
      if (equal.length > 0)
        found.set(
          key,
          equal.map(({ id }) => ({ id })),
        );
    }
    return found;
  }

  /** Titles that differ in case, accents or blanks only. */
  async #byWords(titles: string[]): Promise<Map<string, Found[]>> {
    const scope = scopeOf(this.#ctx, this.object);
    const words = [...new Set(titles.map(titleWords))];
    const rows =
      await this.#run(sql`select ${sql.ref(`${scope.alias}.id`)} as id, json_build_array(s.title)::text as value
      from ${tableOf(scope.schema, 'search_entry')} s join ${scope.source} on ${sql.ref(`${scope.alias}.id`)} = s.record_id
      where s.object = ${this.object.name} and s.title_words = any(${words}::text[]) and ${await this.#rows(scope)} limit 100000`);
    const byWords = Map.groupBy(rows, row => normalise(row.value as string));
    const found = new Map<string, Found[]>();
    for (const title of titles) {
      const alike = byWords.get(normalise(title));
      if (alike)
        found.set(
          title,
          alike.map(({ id, value }) => ({ id, spelt: value as string })),
        );
    }
    return found;
  }

  async #byExternalId(keys: string[]): Promise<Map<string, Found[]>> {
    const scope = scopeOf(this.#ctx, this.object);
    const rows =
      await this.#run(sql`select ${sql.ref(`${scope.alias}.id`)} as id, json_build_array(e.key)::text as value
      from ${tableOf(scope.schema, 'external_id')} e join ${scope.source} on ${sql.ref(`${scope.alias}.id`)} = e.record_id
      where e.object = ${this.object.name} and e.source = ${this.#options.source} and e.key = any(${keys}::text[])
      and ${await this.#rows(scope)}`);
    const byKey = Map.groupBy(rows, row => row.value as string);
    return new Map([...byKey].map(([found, same]) => [found, same.map(({ id }) => ({ id }))]));
  }

  async #run(query: Sql): Promise<{ id: string; value: Json }[]> {
    const rows = await (this.#ctx.tx ?? this.#ctx.db).run<{ id: string; value: string }>(query);
    return rows.map(({ id, value }) => ({ id, value: (JSON.parse(value) as Json[])[0]! }));
  }
}

/** A text that is the same for values that could be equal: the field type decides among them. */
function foldOf(field: Field, value: Json): string {
  const { storage } = field.type;
  const stored = storage.kind === 'columns' ? storage.put(value)[0] : value;
  return (typeof stored === 'string' ? stored : JSON.stringify(stored)).normalize().toLowerCase();
}
