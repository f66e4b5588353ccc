/**
 * Expressions people write: formula fields, record rules of roles, conditions. The language is CEL, the meaning is ours:
 * one parse, one checked form, and two ends, JavaScript and SQL, that always agree (`operations.ts` says how, also about
 * missing values). What one end could not compute is refused when the expression is read, never when it runs.
 *
 * Names: `record.amount` or `amount`; one step along a link, `record.company.sector`; `me` (the user's id), `myTeam`,
 * `myTeams` (a list), `now`. All numbers are doubles. Times are in UTC, to the millisecond.
 */
import { Environment, ParseError } from '@marcbachmann/cel-js';
import { FarleyError, Refusal, refuse } from '../errors.ts';
import type { Json } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import { checkNode, ExpressionError, kindInWords, type Names } from './check.ts';
import { type EvaluationInput, evaluateNode, resultJson } from './evaluate.ts';
import type { Kind, Node } from './node.ts';

export type { EvaluationInput } from './evaluate.ts';

/** An expression that has been read and checked against an object. */
export interface Expression {
  source: string;
  kind: Exclude<Kind, 'null' | 'duration'>;
  node: Node;
  /** Fields of the record it reads. */
  fields: string[];
  /** Fields of linked records it reads, as `company.sector`: what `linked` must hold on evaluation. */
  needs: string[];
}

const longestSource = 5_000;
const remembered = 500;
const grammar = new Environment({ limits: { maxAstNodes: 500, maxDepth: 24, maxListElements: 500 } });
/** Per object, and so per version of the model, whose objects are made anew; the least recently used goes first. */
const cache = new WeakMap<ObjectModel, Map<string, Expression | Refusal>>();

/** Reads an expression, or says in words what is wrong with it. `kind` demands what it must yield. */
export function readExpression(
  source: string,
  names: Names,
  kind?: Expression['kind'],
): Expression | Refusal {
  const known = cache.get(names.object) ?? new Map<string, Expression | Refusal>();
  cache.set(names.object, known);
  let read = known.get(source);
  if (read) known.delete(source);
  else {
    read = readAnew(source, names);
    if (known.size >= remembered) known.delete(known.keys().next().value!);
  }
  known.set(source, read);
  if (read instanceof Refusal || !kind || read.kind === kind) return read;
  return refuse(
    'invalidExpression',
    `It must yield ${kindInWords(kind)}, but yields ${kindInWords(read.kind)}.`,
  );
}

/** Like `readExpression`, but throws what is wrong. */
export function parseExpression(source: string, names: Names, kind?: Expression['kind']): Expression {
  const read = readExpression(source, names, kind);
  if (!(read instanceof Refusal)) return read;
  throw new FarleyError('invalidInput', `The expression cannot be used. ${read.message}`, {
    problems: [{ pointer: '', code: read.code, message: read.message }],
  });
}

function readAnew(source: string, names: Names): Expression | Refusal {
  if (source.length > longestSource)
    return refuse('invalidExpression', `It is longer than ${longestSource.toLocaleString('en')} characters.`);
  try {
    const node = checkNode(grammar.parse(source).ast, names);
    if (node.kind === 'null' || node.kind === 'duration')
      return refuse(
        'invalidExpression',
        node.kind === 'null' ? 'It is always null.' : 'It yields a duration; add .getHours() or the like.',
      );
    return { source, kind: node.kind, node, ...fieldsOf(node) };
  } catch (error) {
    if (error instanceof ExpressionError)
      return refuse('invalidExpression', `${error.message} ${where(source, error.position)}.`);
    if (error instanceof ParseError) {
      const position = error.range?.start ?? source.length;
      const what = position >= source.length ? 'It ends too early' : error.summary;
      return refuse('invalidExpression', `${what} ${where(source, position)}.`);
    }
    throw error;
  }
}

/** Where a character stands, in words: `at character 5, near "amount +"`. */
function where(source: string, position: number): string {
  const before = source.slice(0, position).split('\n');
  const line = before.length > 1 ? `line ${before.length}, ` : '';
  const near = source
    .slice(position, position + 20)
    .split('\n')[0]!
    .trim();
  return `at ${line}character ${before.at(-1)!.length + 1}${near ? `, near "${near}"` : ''}`;
}

function fieldsOf(node: Node): { fields: string[]; needs: string[] } {
  const fields = new Set<string>();
  const needs = new Set<string>();
  const visit = (part: Node) => {
    if (part.op === 'field') {
      if (part.link) needs.add(`${part.link.name}.${part.field.name}`);
      fields.add(part.link?.name ?? part.field.name);
    } else if (part.op === 'matches') visit(part.text);
    else if (part.op === 'list') part.items.forEach(visit);
    else if (part.op === 'apply') part.args.forEach(visit);
  };
  visit(node);
  return { fields: [...fields], needs: [...needs] };
}

/** The value for one record, as JSON; null where something it needs is missing or cannot be computed. */
export function evaluate(expression: Expression, input: EvaluationInput): Json {
  return resultJson(evaluateNode(expression.node, input), expression.kind);
}
