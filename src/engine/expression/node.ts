/** The checked form of an expression: what the parser hands to both back ends. */
import type { Field } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import type { Operation } from './operations.ts';

/** What an expression yields. Numbers are all doubles; `null` is the kind of the word `null` alone. */
export type Kind = 'bool' | 'double' | 'string' | 'timestamp' | 'duration' | 'list' | 'null';

/** A value while it is computed in JavaScript: timestamps and durations are milliseconds. */
export type Value = null | boolean | number | string | (boolean | number | string)[];

export type Variable = 'me' | 'myTeam' | 'myTeams' | 'now';

/** A field of the record, or of the record that its field `link` points to. */
export interface FieldNode {
  op: 'field';
  kind: Kind;
  field: Field;
  link?: Field;
  target?: ObjectModel;
}

export type Node =
  | { op: 'literal'; kind: Kind; value: boolean | number | string | null }
  | { op: 'list'; kind: 'list'; element: Kind; items: Node[] }
  | { op: 'variable'; kind: Kind; name: Variable }
  | FieldNode
  | { op: 'apply'; kind: Kind; operation: Operation; args: Node[] }
  | { op: 'matches'; kind: 'bool'; text: Node; pattern: string };
