/** Expressions in statements: what formula fields and record rules compile to. */
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Field } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import type { Scope } from '../records/scope.ts';
import { type Sql, sql } from '../sql.ts';
import { type Expression, parseExpression } from './cel.ts';
import { nodeSql } from './to-sql.ts';

/** Formulas lead through formulas at most this deep; deeper means that one leads back to itself. */
const deepest = 8;
let depth = 0;

/** The expression over the row of `scope`: boolean, float8, text, timestamptz or text[] according to its kind. */
export function expressionSql(expression: Expression, scope: Scope): Sql {
  if (depth >= deepest)
    throw new FarleyError('invalidInput', `The formula "${expression.source}" leads back to itself.`);
  depth++;
  try {
    return nodeSql(expression.node, scope);
  } finally {
    depth--;
  }
}

/** A formula field over the row of `scope`. What it looks up over links is within the reader's reach, or missing. */
export function expressionField(
  ctx: Context,
  object: ObjectModel,
  source: string,
  _field: Field,
  scope: Scope,
): Sql {
  return expressionSql(parseExpression(source, { model: ctx.model, object }), {
    ...scope,
    inner: scope.reader,
  });
}

/** A condition over the row of `scope`, never null. */
export function conditionSql(ctx: Context, object: ObjectModel, source: string, scope: Scope): Sql {
  const condition = expressionSql(parseExpression(source, { model: ctx.model, object }, 'bool'), scope);
  return sql`coalesce(${condition}, false)`;
}
