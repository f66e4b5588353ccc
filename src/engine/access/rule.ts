/** Record rules of roles: `record.country == "AT" || record.owner == me`. */
import type { Context } from '../context.ts';
import { conditionSql } from '../expression/field.ts';
import type { ObjectModel } from '../model.ts';
import type { Scope } from '../records/scope.ts';
import type { Sql } from '../sql.ts';

/** The rule over the row of `scope`; a rule that no longer fits the model throws, because a silent "no" hides why. */
export function ruleSql(ctx: Context, object: ObjectModel, rule: string, scope: Scope): Sql {
  return conditionSql(ctx, object, rule, scope);
}
