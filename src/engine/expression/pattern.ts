/**
 * Regular expressions that JavaScript and PostgreSQL read alike: literal characters, `.`, classes, `^`, `$`, groups, `|`,
 * `?`, `*`, `+`, `{n}`, `{n,m}`, `\d`, `\w`, `\s`. A group that repeats must be simple, so that none can run away.
 */

/** Why a pattern was refused. */
export class PatternError extends Error {}

const sets: Record<string, string> = { d: '0-9', w: 'A-Za-z0-9_', s: ' \\t\\n\\r\\f\\v' };
const controls = new Set(['t', 'n', 'r', 'f', 'v']);
const special = /[\\^$.*+?()[\]{}|/]/;
/** PostgreSQL's own limit for a counted repetition. */
const mostRepeats = 255;

/** The pattern in the common form; throws a PatternError that says what is not understood. */
export function commonPattern(source: string): string {
  const reader = new PatternReader(source);
  const result = reader.alternatives();
  if (!reader.atEnd) throw new PatternError('a bracket closes that was never opened');
  return result.text;
}

interface Piece {
  text: string;
  /** Repeating this could take exponential time. */
  compound: boolean;
}

class PatternReader {
  readonly #source: string[];
  #at = 0;

  constructor(source: string) {
    this.#source = [...source];
  }

  get atEnd() {
    return this.#at >= this.#source.length;
  }

  get #next() {
    return this.#source[this.#at];
  }

  get #isSet() {
    return this.#next === '\\' && Object.hasOwn(sets, this.#source[this.#at + 1] ?? '');
  }

  #take(): string {
    const character = this.#source[this.#at++];
    if (character === undefined) throw new PatternError('it ends too early');
    return character;
  }

  alternatives(): Piece {
    const branches = [this.#sequence()];
    while (this.#next === '|') {
      this.#at++;
      branches.push(this.#sequence());
    }
    return {
      text: branches.map(branch => branch.text).join('|'),
      compound: branches.length > 1 || branches.some(branch => branch.compound),
    };
  }

  #sequence(): Piece {
    const pieces: Piece[] = [];
    while (!this.atEnd && this.#next !== '|' && this.#next !== ')') pieces.push(this.#repeated());
    if (pieces.length === 0) throw new PatternError('an alternative is empty');
    return {
      text: pieces.map(piece => piece.text).join(''),
      compound: pieces.some(piece => piece.compound),
    };
  }

  #repeated(): Piece {
    const anchor = this.#next === '^' || this.#next === '$';
    const atom = this.#atom();
    const times = this.#quantifier();
    if (!times) return atom;
    if (anchor) throw new PatternError('^ and $ cannot be repeated');
    if (this.#quantifier()) throw new PatternError('a repetition cannot be repeated or made lazy');
    if (atom.compound && times !== '?')
      throw new PatternError('a group that repeats cannot contain | or another repetition');
    return { text: atom.text + times, compound: true };
  }

  #quantifier(): string | null {
    const next = this.#next;
    if (next === '*' || next === '+' || next === '?') return this.#take();
    if (next !== '{') return null;
    const rest = this.#source.slice(this.#at, this.#at + 10).join('');
    const found = /^\{(\d{1,3})(,(\d{0,3}))?\}/.exec(rest);
    if (!found) throw new PatternError('{ must be followed by a count, or written \\{');
    const [text, from, , to] = found;
    if (Number(from) > mostRepeats || Number(to ?? 0) > mostRepeats || (to && Number(to) < Number(from)))
      throw new PatternError(`${text} is not a possible count (at most ${mostRepeats})`);
    this.#at += text.length;
    return text;
  }

  #atom(): Piece {
    const character = this.#take();
    if (character === '(') return this.#group();
    if (character === '[') return { text: this.#characterClass(), compound: false };
    if (character === '\\') return { text: this.#escape(false), compound: false };
    if (character === '.') return { text: '[^\\n]', compound: false };
    if (character === '^' || character === '$') return { text: character, compound: false };
    if ('*+?{})]'.includes(character))
      throw new PatternError(`${character} has nothing to act on; write \\${character} for the character`);
    return { text: this.#literal(character), compound: false };
  }

  #group(): Piece {
    if (this.#next === '?') {
      if (this.#source[this.#at + 1] !== ':')
        throw new PatternError('look-ahead, look-behind and named groups are not supported');
      this.#at += 2;
    }
    const inner = this.alternatives();
    if (this.#next !== ')') throw new PatternError('a bracket is not closed');
    this.#at++;
    return { text: `(?:${inner.text})`, compound: inner.compound };
  }

  #escape(inClass: boolean): string {
    const character = this.#take();
    const set = Object.hasOwn(sets, character) ? sets[character] : undefined;
    if (set) return inClass ? set : `[${set}]`;
    if (controls.has(character)) return `\\${character}`;
    if (/[A-Za-z0-9]/.test(character)) throw new PatternError(`\\${character} is not supported`);
    return this.#literal(character);
  }

  #literal(character: string): string {
    return special.test(character) ? `\\${character}` : character;
  }

  #characterClass(): string {
    let text = '[';
    if (this.#next === '^') text += this.#take();
    if (this.#next === ']') throw new PatternError('a class cannot be empty');
    while (this.#next !== ']') text += this.#classItem();
    this.#at++;
    return `${text}]`;
  }

  #classItem(): string {
    const escaped = this.#isSet;
    const from = this.#classCharacter();
    if (this.#next !== '-' || this.#source[this.#at + 1] === ']') return from;
    this.#at++;
    if (escaped || this.#isSet) throw new PatternError('a range needs single characters');
    const to = this.#classCharacter();
    if (bare(from) > bare(to)) throw new PatternError(`the range ${from}-${to} is upside down`);
    return `${from}-${to}`;
  }

  #classCharacter(): string {
    const character = this.#take();
    if (character === '[') throw new PatternError('write \\[ inside a class');
    if (character === '\\') return this.#escape(true);
    return /[\\\]^-]/.test(character) ? `\\${character}` : this.#literal(character);
  }
}

/** A character without its escape, for comparing the ends of a range. */
function bare(text: string): number {
  const controlCodes: Record<string, number> = { '\\t': 9, '\\n': 10, '\\v': 11, '\\f': 12, '\\r': 13 };
  return controlCodes[text] ?? text.replace(/^\\/, '').codePointAt(0)!;
}
