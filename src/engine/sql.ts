/**
 * SQL is only ever composed from fragments with bound parameters; nothing is glued in as text. A fragment is its text
 * around its parameters and nothing else: putting fragments together is putting texts together, so that making a
 * statement costs less than running it (decision 5).
 */

/** A piece of SQL: `texts` has one more entry than `values`, which stand between them. */
export class Sql {
  readonly texts: readonly string[];
  readonly values: readonly unknown[];

  constructor(texts: readonly string[], values: readonly unknown[]) {
    this.texts = texts;
    this.values = values;
  }
}

/** A fragment in the making. */
class Making {
  readonly #texts: string[] = [];
  readonly #values: unknown[] = [];
  #text = '';

  text(text: string) {
    this.#text += text;
  }

  /** A fragment as it is; anything else as a parameter. */
  part(part: unknown) {
    if (part instanceof Sql) {
      const { texts, values } = part;
      this.#text += texts[0]!;
      for (let index = 0; index < values.length; index++) {
        this.#value(values[index]);
        this.#text = texts[index + 1]!;
      }
    } else this.#value(part);
  }

  #value(value: unknown) {
    this.#texts.push(this.#text);
    this.#values.push(value);
    this.#text = '';
  }

  made(): Sql {
    this.#texts.push(this.#text);
    return new Sql(this.#texts, this.#values);
  }
}

function template(texts: TemplateStringsArray, ...parts: unknown[]): Sql {
  const making = new Making();
  making.text(texts[0]!);
  for (let index = 0; index < parts.length; index++) {
    making.part(parts[index]);
    making.text(texts[index + 1]!);
  }
  return making.made();
}

/** Text as it stands. Only for what the program itself wrote. */
function raw(text: string): Sql {
  return new Sql([text], []);
}

/** `"a"."b"` of `a`, `b`. */
function id(...names: string[]): Sql {
  return raw(names.map(quoted).join('.'));
}

const refs = new Map<string, Sql>();

/** `"a"."b"` of `a.b`. */
function ref(path: string): Sql {
  let known = refs.get(path);
  if (!known) {
    known = raw(path.split('.').map(quoted).join('.'));
    if (refs.size > 20_000) refs.clear();
    refs.set(path, known);
  }
  return known;
}

function quoted(name: string): string {
  return `"${name.includes('"') ? name.replaceAll('"', '""') : name}"`;
}

/** A constant in the text, where the planner has to know it or no parameter can stand. Few different ones, or plans pile up. */
function lit(value: string | number): Sql {
  return raw(typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`);
}

function join(parts: readonly unknown[], between: Sql = comma): Sql {
  const making = new Making();
  for (let index = 0; index < parts.length; index++) {
    if (index > 0) making.part(between);
    making.part(parts[index]);
  }
  return making.made();
}

const comma = raw(', ');

/** The template of a fragment: fragments in it are taken in, all other values become parameters. */
export const sql = Object.assign(template, { raw, id, ref, lit, join });

/** The text with `$1 … $n` and its parameters, in order. */
export function compile(query: Sql): { text: string; values: unknown[] } {
  const { texts, values } = query;
  let text = texts[0]!;
  for (let index = 1; index < texts.length; index++) text += `$${index}${texts[index]}`;
  return { text, values: [...values] };
}

export const no = sql`false`;
export const yes = sql`true`;

/** `a and b and c`; true when there are none. */
export function and(parts: Sql[]): Sql {
  const real = parts.filter(part => part !== yes);
  if (real.length === 0) return yes;
  if (real.some(part => part === no)) return no;
  return real.length === 1 ? real[0]! : sql`(${sql.join(real, sql` and `)})`;
}

/** `a or b or c`; false when there are none. */
export function or(parts: Sql[]): Sql {
  const real = parts.filter(part => part !== no);
  if (real.length === 0) return no;
  if (real.some(part => part === yes)) return yes;
  return real.length === 1 ? real[0]! : sql`(${sql.join(real, sql` or `)})`;
}

/** camelCase → snake_case: `closeDate` is kept in the column `close_date`. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
