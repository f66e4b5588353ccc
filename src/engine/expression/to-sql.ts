/** The SQL end: turns a checked expression into a fragment over one row. */
import type { Cell, Field } from '../field.ts';
import { isId } from '../id.ts';
import { columnName } from '../model.ts';
import type { Scope } from '../records/scope.ts';
import { no, type Sql, sql } from '../sql.ts';
import type { FieldNode, Kind, Node, Variable } from './node.ts';
import { boundedSql } from './operations.ts';

const pgType: Record<Kind, Sql> = {
  bool: sql`boolean`,
  double: sql`float8`,
  string: sql`text`,
  timestamp: sql`timestamptz`,
  duration: sql`float8`,
  list: sql`text[]`,
  null: sql`text`,
};

/** SQL of a checked expression: boolean, float8, text, timestamptz or text[] according to its kind. */
export function nodeSql(node: Node, scope: Scope): Sql {
  switch (node.op) {
    case 'literal':
      return bound(node.value, node.kind);
    case 'list': {
      const items = node.items.map(item => nodeSql(item, scope));
      return sql`array_remove(array[${sql.join(items)}]::${pgType[node.element]}[], null)`;
    }
    case 'variable':
      return bound(variable(node.name, scope), node.kind);
    case 'field':
      return fieldSql(node, scope);
    case 'matches':
      return sql`coalesce((${nodeSql(node.text, scope)} collate "C") ~ ${node.pattern}::text, false)`;
    case 'apply':
      return byId(node, scope) ?? node.operation.sql(...node.args.map(arg => nodeSql(arg, scope)));
  }
}

function bound(value: unknown, kind: Kind): Sql {
  const plain = kind === 'timestamp' && typeof value === 'number' ? new Date(value).toISOString() : value;
  return sql`${plain}::${pgType[kind]}`;
}

function variable(name: Variable, scope: Scope): unknown {
  if (name === 'now') return scope.now.getTime();
  if (name === 'me') return scope.userId;
  return name === 'myTeam' ? scope.ctx.actor.team : scope.ctx.actor.teams;
}

function fieldSql(node: FieldNode, scope: Scope): Sql {
  const value = overLink(node, scope, inner => ownField(node.field, node.kind, inner));
  return node.link && node.kind === 'list' ? sql`coalesce(${value}, '{}')` : value;
}

/** Columns of a field in the row called `alias`, or in the row of one of its items. */
function cellOf({ name, type: { storage } }: Field, alias: string): Cell {
  return suffix => {
    const of = suffix ?? (storage.kind === 'computed' ? '' : storage.columns[0]!.suffix);
    return sql.ref(`${alias}.${storage.kind === 'rows' ? of : columnName(name, of)}`);
  };
}

/** The value in the row itself, or looked up in the row that the link leads to. */
function overLink(node: FieldNode, scope: Scope, value: (scope: Scope) => Sql): Sql {
  if (!node.link) return value(scope);
  const inner = scope.inner(node.target!);
  const key = cellOf(node.link, scope.alias)();
  return sql`(select ${value(inner)} from ${inner.source} where ${sql.ref(`${inner.alias}.id`)} = ${key})`;
}

function ownField(field: Field, kind: Kind, scope: Scope): Sql {
  const { storage, cel } = field.type;
  if (storage.kind === 'computed') return inKind(storage.sql(field, scope), kind);
  if (storage.kind === 'columns') {
    const cell = cellOf(field, scope.alias);
    return inKind(cel?.sql ? cel.sql(cell) : cell(), kind);
  }
  const cell = cellOf(field, 'item');
  const value = cel?.sql ? cel.sql(cell) : cell();
  return sql`array(select (${value})::text from ${sql.id(scope.schema, field.table!)} as item
    where item.owner_id = ${sql.ref(`${scope.alias}.id`)} order by item.position)`;
}

/** Types may keep values in several PostgreSQL types; operations take one per kind, and milliseconds at the finest. */
function inKind(value: Sql, kind: Kind): Sql {
  if (kind === 'list') return sql`coalesce((${value})::text[], '{}')`;
  if (kind === 'double') return boundedSql(sql`(${value})::float8`);
  if (kind === 'timestamp') return sql`date_trunc('milliseconds', (${value})::timestamptz)`;
  return sql`(${value})::${pgType[kind]}`;
}

/**
 * `record.owner == me` and `record.owner in myTeams` compare the column itself with a bound id, because a column that
 * is cast to text first cannot use its index; record rules of roles stand in every statement.
 */
function byId(node: Node & { op: 'apply' }, scope: Scope): Sql | null {
  const { name, takes } = node.operation;
  const [left, right] = node.args as [Node, Node];
  if (takes[0] !== 'string' || takes[1] === 'null') return null;
  if (name === 'in') {
    const column = idColumn(left, scope);
    if (!column || right.op !== 'variable') return null;
    const ids = (variable(right.name, scope) as string[]).filter(isId);
    return sql`coalesce(${column} = any(${ids}::uuid[]), false)`;
  }
  if (name !== '==') return null;
  const [field, other] = left.op === 'field' ? [left, right] : [right, left];
  const column = idColumn(field, scope);
  if (!column) return null;
  const id =
    other.op === 'literal' ? other.value : other.op === 'variable' ? variable(other.name, scope) : undefined;
  if (id === undefined) return null;
  return isId(id) ? sql`coalesce(${column} = ${id.toLowerCase()}::uuid, false)` : no;
}

function idColumn(node: Node, scope: Scope): Sql | null {
  if (node.op !== 'field' || node.kind !== 'string') return null;
  const { storage } = node.field.type;
  if (storage.kind !== 'columns' || storage.columns.length !== 1 || storage.columns[0]!.type !== 'uuid')
    return null;
  return overLink(node, scope, inner => cellOf(node.field, inner.alias)());
}
