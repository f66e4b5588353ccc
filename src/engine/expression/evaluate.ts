/** The JavaScript end: walks a checked expression over the values of one record. */
import type { Json } from '../field.ts';
import type { Values } from '../object.ts';
import type { FieldNode, Kind, Node, Value } from './node.ts';
import { bounded } from './operations.ts';

/** What an expression is computed from. */
export interface EvaluationInput {
  /** Canonical values of the record. */
  record: Values;
  /** Values of linked records by path, such as `company.sector`; what is not there is missing. */
  linked?: Values;
  /** Id of the acting user. */
  me: string | null;
  myTeam?: string | null;
  myTeams?: string[];
  now: Date;
}

const patterns = new Map<string, RegExp>();

/** The value of a checked expression. */
export function evaluateNode(node: Node, input: EvaluationInput): Value {
  switch (node.op) {
    case 'literal':
      return node.value;
    case 'list':
      return node.items.map(item => evaluateNode(item, input)).filter(item => item !== null) as Value;
    case 'variable':
      return variable(node.name, input);
    case 'field':
      return fieldValue(node, input);
    case 'matches': {
      const text = evaluateNode(node.text, input);
      return text === null ? false : regExp(node.pattern).test(text as string);
    }
    case 'apply':
      return node.operation.js(...node.args.map(arg => evaluateNode(arg, input)));
  }
}

function variable(name: 'me' | 'myTeam' | 'myTeams' | 'now', input: EvaluationInput): Value {
  if (name === 'now') return input.now.getTime();
  if (name === 'me') return input.me;
  return name === 'myTeam' ? (input.myTeam ?? null) : (input.myTeams ?? []);
}

function fieldValue(node: FieldNode, input: EvaluationInput): Value {
  const json = node.link
    ? input.linked?.[`${node.link.name}.${node.field.name}`]
    : input.record[node.field.name];
  if (json === null || json === undefined) return node.kind === 'list' ? [] : null;
  const own = node.field.type.cel?.value;
  return inKind(own ? own(json) : json, node.kind);
}

/** Field types may keep numbers as decimal text and times as ISO text; here they become what operations take. */
function inKind(value: unknown, kind: Kind): Value {
  if (kind === 'list') return Array.isArray(value) ? value.map(String) : [];
  if (value === null || value === undefined) return null;
  if (kind === 'double') return bounded(Number(value));
  if (kind === 'timestamp') return value instanceof Date ? value.getTime() : Date.parse(String(value));
  return kind === 'string' ? String(value) : (value as Value);
}

function regExp(pattern: string): RegExp {
  let made = patterns.get(pattern);
  if (!made) {
    if (patterns.size > 1_000) patterns.clear();
    made = new RegExp(pattern, 'u');
    patterns.set(pattern, made);
  }
  return made;
}

/** A result as JSON: times as ISO text. */
export function resultJson(value: Value, kind: Kind): Json {
  return kind === 'timestamp' && value !== null ? new Date(value as number).toISOString() : value;
}
