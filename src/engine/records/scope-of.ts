/** Making scopes: this is where a row's services — titles, formulas, roll-ups, time travel — are put together. */
import { fieldRight, may, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { expressionField } from '../expression/field.ts';
import { sourceOf } from '../id.ts';
import type { ObjectModel } from '../model.ts';
import { and, type Sql, sql, yes } from '../sql.ts';
import { sourceAsOf } from './as-of.ts';
import { rollUpSql } from './roll-up.ts';
import { objectOf, type Scope, tableOf, textOf } from './scope.ts';

/** The scope of a statement's main row; `only` is its id where a single record is read as of a moment. */
export function scopeOf(
  ctx: Context,
  object: ObjectModel,
  asOf: string | null = null,
  only: string | null = null,
): Scope {
  let aliases = 0;
  const make = (of: ObjectModel, moment = asOf): Scope => {
    const alias = `t${aliases++}`;
    const one = alias === 't0' ? only : null;
    const scope: Scope = {
      ctx,
      object: of,
      alias,
      asOf: moment,
      schema: ctx.schema,
      source: moment
        ? sourceAsOf(ctx, of, alias, moment, one)
        : sql`${tableOf(ctx.schema, of.table)} as ${sql.ref(alias)}`,
      inner: other => make(other),
      reader: other => withinReach(ctx, make(other)),
      present: other => make(other, null),
      now: ctx.clock.now(),
      locale: ctx.settings.locale,
      timeZone: ctx.settings.timeZone,
      country: ctx.settings.country,
      currency: ctx.settings.currency,
      userId: ctx.actor.userId,
      get objects() {
        return readableIn(ctx);
      },
      titleOf: (target, id) => titleOf(scope, target, id),
      rateOf: (currency, on) => rateOf(scope, currency, on),
      calledElsewhere: ids => calledElsewhere(scope, ids),
      expression: (source, field) => expressionField(ctx, of, source, field, scope),
      rollUp: (relation, aggregate, field, filter) => rollUpSql(scope, relation, aggregate, field, filter),
    };
    return scope;
  };
  return make(object);
}

/** Few statements ask for it. What is shown only where it belongs is never pointed to from elsewhere. */
function readableIn(ctx: Context): string[] {
  return [...ctx.model.objects.values()]
    .filter(each => each.spec.listed !== false && may(ctx, each, 'read'))
    .map(each => each.name);
}

function calledElsewhere({ ctx, object, alias, asOf }: Scope, ids: Record<string, string>): Sql {
  if (asOf) return yes;
  const each = Object.entries(ids).map(
    ([source, key]) =>
      sql`${sql.ref(`${alias}.id`)} in (select e.record_id from ${tableOf(ctx.schema, 'external_id')} e
        where e.object = ${object.name} and e.source = ${sourceOf(source)} and e.key = ${key})`,
  );
  return and(each);
}

/** The object whose records are rates, where the workspace has it. */
const rates = 'exchangeRate';

/** Rates are set-up, which everyone reads. They are read as they stand today: a rate put right counts from its day on. */
function rateOf(scope: Scope, currency: Sql, on?: Sql): Sql {
  const { ctx, asOf } = scope;
  const home = sql`${ctx.settings.currency}::text`;
  const object = ctx.model.objects.get(rates);
  if (!object) return sql`case when ${currency} = ${home} then 1::numeric end`;
  const moment = asOf ? sql`${asOf}::timestamptz` : sql`${ctx.clock.now().toISOString()}::timestamptz`;
  const day = sql`(${moment} at time zone ${ctx.settings.timeZone})::date`;
  return sql`case when ${currency} = ${home} then 1::numeric else (select rate.worth from ${tableOf(ctx.schema, object.table)} rate
    where rate.currency = ${currency} and rate.worth_currency = ${home} and rate.deleted_at is null
      and rate.valid_from <= ${on ? sql`coalesce(${on}, ${day})` : day} order by rate.valid_from desc limit 1) end`;
}

function withinReach(ctx: Context, scope: Scope): Scope {
  const seen = reach(ctx, scope.object, 'read', scope);
  if (seen === yes) return scope;
  return { ...scope, source: sql`(select * from ${scope.source} where ${seen}) as ${sql.ref(scope.alias)}` };
}

/** Today's title of a linked record, in the trash or not; null where it is out of reach or titles are hidden. */
function titleOf(scope: Scope, target: string, id: Sql): Sql {
  const object = objectOf(scope.ctx, target);
  if (fieldRight(scope.ctx, object.title) === 'none') return sql`null::text`;
  const inner = scope.present(object);
  return sql`(select ${textOf(object.title, inner)} from ${inner.source}
    where ${sql.ref(`${inner.alias}.id`)} = ${id} and ${reach(scope.ctx, object, 'read', inner)})`;
}
