/** From syntax to meaning: resolves names against the model, checks kinds, refuses what SQL could not say. */
import type { ASTNode } from '@marcbachmann/cel-js';
import type { Field } from '../field.ts';
import { type Model, type ObjectModel, relationOf } from '../model.ts';
import type { Kind, Node, Variable } from './node.ts';
import { choose, formsOf } from './operations.ts';
import { commonPattern, PatternError } from './pattern.ts';

/** What is wrong with an expression, and where in its text. */
export class ExpressionError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** What names mean: the fields of an object, and those of the objects it links to. */
export interface Names {
  model: Model;
  object: ObjectModel;
}

const variables: Record<Variable, Kind> = {
  me: 'string',
  myTeam: 'string',
  myTeams: 'list',
  now: 'timestamp',
};
const spoken: Record<Kind, string> = {
  bool: 'yes or no',
  double: 'a number',
  string: 'text',
  timestamp: 'a time',
  duration: 'a duration',
  list: 'a list',
  null: 'null',
};

/** In words, for messages: `a number`. */
export function kindInWords(kind: Kind): string {
  return spoken[kind];
}

/** The checked form of a parsed expression; throws an ExpressionError. */
export function checkNode(ast: ASTNode, names: Names): Node {
  switch (ast.op) {
    case 'value':
      return literal(ast.args, ast);
    case 'id':
      return named(ast.args, ast, names);
    case '.':
      return path(ast, names);
    case 'list':
      return list(ast.args, ast, names);
    case 'call':
      return call(ast.args[0], ast.args[1], ast, names);
    case 'rcall':
      return method(ast.args[0], ast.args[1], ast.args[2], ast, names);
    case '?:':
      return ternary(ast.args, ast, names);
    case '!_':
      return apply('!', [checkNode(ast.args, names)], ast);
    case '-_':
      return apply('negate', [checkNode(ast.args, names)], ast, '-');
    case '%':
      throw new ExpressionError('% is not supported', ast.pos);
    case '[]':
    case '[?]':
    case '.?':
      throw new ExpressionError('Items cannot be picked by [ ]; use `in` to look for one', ast.pos);
    case 'map':
      throw new ExpressionError('Maps { } are not supported', ast.pos);
    default:
      return apply(ast.op, [checkNode(ast.args[0], names), checkNode(ast.args[1], names)], ast);
  }
}

function literal(value: unknown, ast: ASTNode): Node {
  if (value === null) return { op: 'literal', kind: 'null', value };
  if (typeof value === 'boolean') return { op: 'literal', kind: 'bool', value };
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed())
      throw new ExpressionError('The text contains a character that cannot be stored', ast.pos);
    return { op: 'literal', kind: 'string', value };
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    const number = Number(value);
    const size = Math.abs(number);
    if (size >= 1e100 || (number !== 0 && size < 1e-50) || (typeof value === 'bigint' && size > 2 ** 53))
      throw new ExpressionError('The number is too large or too small', ast.pos);
    return { op: 'literal', kind: 'double', value: number };
  }
  throw new ExpressionError('Bytes and unsigned numbers are not supported', ast.pos);
}

function named(name: string, ast: ASTNode, names: Names): Node {
  if (Object.hasOwn(variables, name))
    return { op: 'variable', kind: variables[name as Variable], name: name as Variable };
  if (name === 'record')
    throw new ExpressionError('`record` needs a field after it, as in `record.name`', ast.pos);
  return fieldNode(names.object, name, ast);
}

function path(ast: ASTNode & { op: '.' }, names: Names): Node {
  const [base, name] = ast.args;
  if (base.op === 'id' && base.args === 'record') return fieldNode(names.object, name, ast);
  const link = linkName(base, names.object);
  if (!link) throw new ExpressionError('Only one step is possible: `record.link.field`', ast.pos);
  const field = fieldOf(names.object, link, base);
  const relation = relationOf(field);
  const target = relation && !relation.many ? names.model.objects.get(relation.to) : undefined;
  if (!target)
    throw new ExpressionError(`${link} does not lead to one record, so it has no ${name}`, ast.pos);
  const node = fieldNode(target, name, ast);
  return { ...node, link: field, target } as Node;
}

/** The link at the start of a path: `record.company` or just `company`. */
function linkName(base: ASTNode, object: ObjectModel): string | null {
  if (base.op === '.' && base.args[0].op === 'id' && base.args[0].args === 'record') return base.args[1];
  return base.op === 'id' && object.fields.has(base.args) ? base.args : null;
}

function fieldOf(object: ObjectModel, name: string, ast: ASTNode): Field {
  const field = object.fields.get(name);
  if (!field) throw new ExpressionError(`${object.spec.label} has no field called ${name}`, ast.pos);
  return field;
}

function fieldNode(object: ObjectModel, name: string, ast: ASTNode): Node {
  const field = fieldOf(object, name, ast);
  const kind = field.type.cel?.type;
  if (!kind) throw new ExpressionError(`The field ${name} cannot be used in expressions`, ast.pos);
  return { op: 'field', kind, field };
}

function list(items: ASTNode[], ast: ASTNode, names: Names): Node {
  const checked = items.map(item => checkNode(item, names));
  const element = checked[0]?.kind;
  if (!element) throw new ExpressionError('The list is empty', ast.pos);
  if (element === 'list' || element === 'null')
    throw new ExpressionError(`A list cannot hold ${spoken[element]}`, ast.pos);
  const stranger = checked.findIndex(item => item.kind !== element);
  if (stranger >= 0) {
    const kind = spoken[checked[stranger]!.kind];
    throw new ExpressionError(`The list mixes ${spoken[element]} and ${kind}`, items[stranger]!.pos);
  }
  return { op: 'list', kind: 'list', element, items: checked };
}

function ternary(args: [ASTNode, ASTNode, ASTNode], ast: ASTNode, names: Names): Node {
  const [condition, yes, no] = args.map(arg => checkNode(arg, names)) as [Node, Node, Node];
  if (condition.kind !== 'bool')
    throw new ExpressionError(`Before ? must stand yes or no, not ${spoken[condition.kind]}`, ast.pos);
  const kind = yes.kind === 'null' ? no.kind : yes.kind;
  if (no.kind !== kind && no.kind !== 'null')
    throw new ExpressionError(
      `The two results of ? : must be of one kind, not ${spoken[kind]} and ${spoken[no.kind]}`,
      ast.pos,
    );
  if (kind === 'list') throw new ExpressionError('? : cannot choose between lists', ast.pos);
  if (kind === 'null') throw new ExpressionError('Both results of ? : are null', ast.pos);
  const branches = [yes, no].map(branch => (branch.kind === 'null' ? { ...branch, kind } : branch));
  return { op: 'apply', kind, operation: choose(kind), args: [condition, ...(branches as [Node, Node])] };
}

/** Functions in front of brackets; what stands for the same as methods is allowed too. */
const functions = new Set(['size', 'has', 'string', 'int', 'double']);
const methods = new Set(['size', 'contains', 'startsWith', 'endsWith', 'lowerAscii', 'upperAscii']);
const mathFunctions: Record<string, string> = { abs: 'abs', floor: 'floor', ceil: 'ceil', round: 'round' };

function call(name: string, args: ASTNode[], ast: ASTNode, names: Names): Node {
  if (name === 'timestamp' || name === 'duration') return constant(name, args, ast);
  if (!functions.has(name)) throw new ExpressionError(`There is no function ${name}()`, ast.pos);
  const checked = args.map(arg => checkNode(arg, names));
  if (name === 'has' && checked[0]?.op !== 'field')
    throw new ExpressionError('has() takes a field, as in has(record.name)', ast.pos);
  return apply(name, checked, ast, `${name}()`);
}

function method(name: string, on: ASTNode, args: ASTNode[], ast: ASTNode, names: Names): Node {
  if (on.op === 'id' && on.args === 'math' && Object.hasOwn(mathFunctions, name))
    return apply(
      mathFunctions[name]!,
      args.map(arg => checkNode(arg, names)),
      ast,
      `math.${name}()`,
    );
  if (name === 'matches') return matches(on, args, ast, names);
  if (!methods.has(name) && !name.startsWith('get'))
    throw new ExpressionError(`There is no function .${name}()`, ast.pos);
  return apply(
    name,
    [on, ...args].map(arg => checkNode(arg, names)),
    ast,
    `.${name}()`,
  );
}

function matches(on: ASTNode, args: ASTNode[], ast: ASTNode, names: Names): Node {
  const text = checkNode(on, names);
  const [pattern] = args;
  if (
    text.kind !== 'string' ||
    args.length !== 1 ||
    pattern?.op !== 'value' ||
    typeof pattern.args !== 'string'
  )
    throw new ExpressionError('matches() is asked of text and takes a pattern in quotes', ast.pos);
  try {
    return { op: 'matches', kind: 'bool', text, pattern: commonPattern(pattern.args) };
  } catch (error) {
    if (error instanceof PatternError)
      throw new ExpressionError(`The pattern cannot be used: ${error.message}`, pattern.pos);
    throw error;
  }
}

function constant(name: 'timestamp' | 'duration', args: ASTNode[], ast: ASTNode): Node {
  const [text] = args;
  if (args.length !== 1 || text?.op !== 'value' || typeof text.args !== 'string')
    throw new ExpressionError(`${name}() takes a constant in quotes`, ast.pos);
  const value = name === 'timestamp' ? timeOf(text.args) : durationOf(text.args);
  if (value === null)
    throw new ExpressionError(
      name === 'timestamp'
        ? 'timestamp() takes a time such as "2026-05-01T09:00:00Z" or a date such as "2026-05-01"'
        : 'duration() takes days, hours, minutes and seconds, such as "30d" or "1h30m", up to 100 years',
      text.pos,
    );
  return { op: 'literal', kind: name, value };
}

function timeOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return null;
  const time = Date.parse(text);
  const day = Date.parse(text.slice(0, 10));
  if (Number.isNaN(time) || new Date(day).toISOString().slice(0, 10) !== text.slice(0, 10)) return null;
  return text.startsWith('0000') ? null : time;
}

const units: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const hundredYears = 100 * 366 * 86_400_000;

function durationOf(text: string): number | null {
  if (!/^-?(\d+(\.\d+)?(ms|d|h|m|s))+$/.test(text)) return null;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|d|h|m|s)/g))
    total += Number(count) * units[unit!]!;
  total = Math.round(total);
  if (total > hundredYears) return null;
  return text.startsWith('-') && total > 0 ? -total : total;
}

function apply(name: string, args: Node[], ast: ASTNode, shown = name): Node {
  const forms = formsOf(name);
  if (forms.length === 0) throw new ExpressionError(`${shown} is not supported`, ast.pos);
  const operation = forms.find(
    form => form.takes.length === args.length && form.takes.every((kind, at) => args[at]!.kind === kind),
  );
  const kinds = args.map(arg => spoken[arg.kind]).join(' and ');
  if (!operation) throw new ExpressionError(mismatch(shown, args, kinds), ast.pos);
  const [item, list] = args;
  if (name === 'in' && list && item && elementOf(list) !== item.kind)
    throw new ExpressionError(
      `The list holds ${spoken[elementOf(list)]}, never ${spoken[item.kind]}`,
      ast.pos,
    );
  return { op: 'apply', kind: operation.yields, operation, args };
}

function mismatch(shown: string, args: Node[], kinds: string): string {
  if (args.length === 0) return `${shown} needs a value`;
  if (args.some(arg => arg.kind === 'null'))
    return `${shown} cannot be used with null; compare with == or !=`;
  return `${shown} cannot be used with ${kinds}`;
}

function elementOf(list: Node): Kind {
  return list.op === 'list' ? list.element : 'string';
}
