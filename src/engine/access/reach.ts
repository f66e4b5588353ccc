/**
 * Reach: which records an actor may read, edit, delete, export or carry out a verb on, compiled to SQL in this one
 * place. Everything that reads or writes asks here, so there is no unscoped query. Out of reach is "not found".
 */
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { conditionSql } from '../expression/field.ts';
import type { Field } from '../field.ts';
import { type ObjectModel, relationOf } from '../model.ts';
import { cellOf, itemsOf, type Scope, tableOf } from '../records/scope.ts';
import { and, no, or, type Sql, sql, yes } from '../sql.ts';
import type { FieldRight, ObjectGrant, Reach } from './role.ts';

/** The objects the engine itself relies on for owners and teams; a module declares them. */
export const USER = 'user';
export const TEAM = 'team';

/** `read`, `edit`, `delete`, `export`, or the name of a verb. */
export type Action = string;

/** Without these a record cannot be named, changed or left out of lists. */
const alwaysRead = new Set(['id', 'version', 'deletedAt']);

const everything: ObjectGrant = { create: true, read: 'all', edit: 'all', delete: 'all', export: 'all' };

export function grantOf(ctx: Context, object: string): ObjectGrant {
  if (ctx.actor.kind === 'system') return everything;
  const { objects } = ctx.actor.grants;
  return objects[object] ?? objects['*'] ?? {};
}

/** How far the role goes for an action, before it is turned into SQL. */
export function levelOf(ctx: Context, object: ObjectModel, action: Action): Reach {
  if (object.spec.personal) return personalLevel(ctx, object, action);
  const level = grantedLevel(ctx, object, action);
  const parent = parentOf(ctx, object);
  if (!parent || level === 'none' || typeof level === 'object') return level;
  // A part is reached as far as the whole is, however far the role goes for parts.
  const whole = levelOf(ctx, parent, actionOnWhole(action, object, parent));
  return whole === 'none' || whole === 'all' ? whole : 'own';
}

function grantedLevel(ctx: Context, object: ObjectModel, action: Action): Reach {
  const grant = grantOf(ctx, object.name);
  if (action === 'read' && object.spec.setup && ctx.actor.kind !== 'system')
    // Everyone signed in reads set-up, unless the role names it.
    return ctx.actor.grants.objects[object.name]?.read ?? 'all';
  if (action === 'read') return grant.read ?? 'none';
  if (object.spec.administered && action !== 'export' && !mayAdminister(ctx)) return 'none';
  if (action === 'edit' || action === 'delete' || action === 'export') return grant[action] ?? 'none';
  const verbs = grant.verbs ?? {};
  const granted = Object.hasOwn(verbs, action) ? verbs[action] : grant.edit;
  // Who is asked may answer, though the role edits nothing.
  const asked = object.spec.guests?.verbs.includes(action) && !Object.hasOwn(verbs, action) && grant.read;
  return asked && asked !== 'none' && (granted ?? 'none') === 'none' ? 'own' : (granted ?? 'none');
}

/** What is personal needs no grant; a role can only take it away, by naming the object. */
function personalLevel(ctx: Context, object: ObjectModel, action: Action): Reach {
  if (ctx.actor.kind === 'system') return 'all';
  const named = ctx.actor.grants.objects[object.name];
  const taken = action === 'export' || action === 'delete' || action === 'read' ? action : 'edit';
  return named?.[taken] === 'none' ? 'none' : 'own';
}

function parentOf(ctx: Context, object: ObjectModel): ObjectModel | null {
  const link = object.spec.reachedThrough ? object.fields.get(object.spec.reachedThrough) : undefined;
  const parent = link && ctx.model.objects.get(relationOf(link)!.to);
  return parent && parent.name !== object.name ? parent : null;
}

/** What one may do to a part follows from what one may do to the whole. */
function actionOnWhole(action: Action, part: ObjectModel, whole: ObjectModel): Action {
  return action === 'read' || action === 'export' || part.name === whole.name ? action : 'edit';
}

export function mayCreate(ctx: Context, object: ObjectModel): boolean {
  if (object.spec.administered && !mayAdminister(ctx)) return false;
  if (object.spec.personal && ctx.actor.kind !== 'system')
    return ctx.actor.userId !== null && ctx.actor.grants.objects[object.name]?.create !== false;
  return grantOf(ctx, object.name).create ?? false;
}

/** Whether at least some records could be in reach. */
export function may(ctx: Context, object: ObjectModel, action: Action): boolean {
  return levelOf(ctx, object, action) !== 'none';
}

export function mayAdminister(ctx: Context): boolean {
  return ctx.actor.kind === 'system' || ctx.actor.grants.administer === true;
}

/** Refuses everyone who may not change the workspace itself. */
export function requireAdministrator(ctx: Context) {
  if (!mayAdminister(ctx)) throw new FarleyError('forbidden', 'Only administrators may do this.');
}

export function fieldRight(ctx: Context, field: Field): FieldRight {
  if (field.system && alwaysRead.has(field.name)) return 'read';
  const granted = grantOf(ctx, field.object).fields?.[field.name] ?? 'edit';
  const right = granted === 'edit' && field.options.administered && !mayAdminister(ctx) ? 'read' : granted;
  return field.system && right === 'edit' ? 'read' : right;
}

/** The predicate over the row `scope.alias` that says whether it is in reach. */
export function reach(ctx: Context, object: ObjectModel, action: Action, scope: Scope): Sql {
  if (scope.asOf) return reachNow(ctx, object, action, scope);
  const level = levelOf(ctx, object, action);
  // Nobody changes what they may not see.
  return action === 'read'
    ? reachSql(ctx, object, action, level, scope)
    : withRead(ctx, object, action, level, scope);
}

/** Who reads the past needs the right to the record as it is today: having owned it once is not enough. */
function reachNow(ctx: Context, object: ObjectModel, action: Action, scope: Scope): Sql {
  const now = scope.present(object);
  const predicate = reach(ctx, object, action, now);
  if (predicate === yes || predicate === no) return predicate;
  return sql`exists (select 1 from ${now.source} where ${sql.ref(`${now.alias}.id`)} = ${sql.ref(`${scope.alias}.id`)}
    and ${predicate})`;
}

function withRead(ctx: Context, object: ObjectModel, action: Action, level: Reach, scope: Scope): Sql {
  const read = levelOf(ctx, object, 'read');
  const predicate = reachSql(ctx, object, action, level, scope);
  if (read === 'all' || read === level) return predicate;
  return and([predicate, reachSql(ctx, object, 'read', read, scope)]);
}

function reachSql(ctx: Context, object: ObjectModel, action: Action, level: Reach, scope: Scope): Sql {
  if (level === 'none') return no;
  if (level === 'all') return yes;
  return or(waysIn(ctx, object, action, level, scope).map(way => way.sql));
}

interface WayIn {
  /** For `explain`: "is the owner". */
  label: string;
  sql: Sql;
}

/** The ways in which a record can be within a level; any of them is enough. */
function waysIn(ctx: Context, object: ObjectModel, action: Action, level: Reach, scope: Scope): WayIn[] {
  const sharing = {
    label: 'it is shared with the user or the team',
    sql: shared(ctx, object, scope, action),
  };
  const link = object.spec.reachedThrough ? object.fields.get(object.spec.reachedThrough)! : null;
  if (typeof level === 'object') {
    const rule = {
      label: `the rule ${level.rule} holds`,
      sql: conditionSql(ctx, object, level.rule, scope),
    };
    if (!link) return [rule, sharing, ...asGuest(ctx, object, action, scope)];
    const both = and([rule.sql, throughParent(ctx, object, link, action, scope)]);
    return [{ label: `${rule.label} and ${link.label.toLowerCase()} is in reach`, sql: both }];
  }
  if (link) {
    const through = throughParent(ctx, object, link, action, scope);
    return [{ label: `${link.label} is in reach`, sql: through }];
  }
  if (level === 'shared') return [sharing, ...asGuest(ctx, object, action, scope)];
  const whose = {
    own: 'the user is the owner',
    team: 'the owner is in the team',
    teams: 'the owner is in the team or below',
  };
  return [
    { label: whose[level as keyof typeof whose], sql: owned(ctx, object, level as 'own', scope) },
    ...(object.spec.personal?.audience
      ? throughAudience(ctx, object, object.spec.personal.audience, action, scope)
      : []),
    ...asGuest(ctx, object, action, scope),
    sharing,
  ];
}

/** Who is asked to be there reads it, and answers. */
function asGuest(ctx: Context, object: ObjectModel, action: Action, scope: Scope): WayIn[] {
  const { guests } = object.spec;
  const me = ctx.actor.userId;
  if (!guests || !me || (action !== 'read' && !guests.verbs.includes(action))) return [];
  const items = `${scope.alias}_guests`;
  const field = object.fields.get(guests.users)!;
  const invited = sql`exists (select 1 from ${itemsOf(field, scope, items)} where ${sql.ref(`${items}.owner_id`)} = ${sql.ref(`${scope.alias}.id`)}
    and ${cellOf(field, items)('target_id')} = ${me}::uuid)`;
  return [{ label: 'the user is a guest', sql: invited }];
}

/** Who besides the owner reads what is personal; and what is for everyone is kept in order by administrators. */
function throughAudience(
  ctx: Context,
  object: ObjectModel,
  audience: string,
  action: Action,
  scope: Scope,
): WayIn[] {
  const cell = cellOf(object.fields.get(audience)!, scope.alias)();
  const everyone = { label: 'it is for everyone', sql: sql`${cell} = 'everyone'` };
  if (action === 'read' || action === 'export') {
    const team = owned(ctx, object, 'team', scope);
    const mates = { label: "it is for the owner's team", sql: sql`(${cell} = 'team' and ${team})` };
    return [everyone, mates];
  }
  return mayAdminister(ctx) ? [everyone] : [];
}

/** What the decision about a record is made of, for `explain`. Empty where the role alone decides. */
export function partsOfReach(ctx: Context, object: ObjectModel, action: Action, scope: Scope): WayIn[] {
  const level = levelOf(ctx, object, action);
  if (level === 'none' || level === 'all') return [];
  return waysIn(ctx, object, action, level, scope);
}

function owned(ctx: Context, object: ObjectModel, level: 'own' | 'team' | 'teams', scope: Scope): Sql {
  const me = ctx.actor.userId;
  if (!me) return no;
  const owner = cellOf(object.fields.get(object.spec.owner ?? 'createdBy')!, scope.alias)('id');
  const mine = sql`${owner} = ${me}::uuid`;
  const teams = level === 'teams' ? ctx.actor.teams : ctx.actor.team ? [ctx.actor.team] : [];
  if (level === 'own' || teams.length === 0) return mine;
  const users = tableOf(ctx.schema, ctx.model.objects.get(USER)!.table);
  return or([mine, sql`${owner} in (select id from ${users} where team_id = any(${teams}::uuid[]))`]);
}

function shared(ctx: Context, object: ObjectModel, scope: Scope, action: Action): Sql {
  if (!ctx.actor.userId) return no;
  const grantees = [ctx.actor.userId, ...(ctx.actor.team ? [ctx.actor.team] : [])];
  const access = action === 'read' || action === 'export' ? ['read', 'edit'] : ['edit'];
  return sql`exists (select 1 from ${tableOf(ctx.schema, 'share')} s where s.object = ${object.name}
    and s.record_id = ${sql.ref(`${scope.alias}.id`)} and s.grantee_id = any(${grantees}::uuid[])
    and s.access = any(${access}::text[]) and (s.until is null or s.until > ${scope.now}::timestamptz))`;
}

function throughParent(ctx: Context, object: ObjectModel, link: Field, action: Action, scope: Scope): Sql {
  const parent = ctx.model.objects.get(relationOf(link)!.to)!;
  const inner = scope.inner(parent);
  return sql`exists (select 1 from ${inner.source} where ${sql.ref(`${inner.alias}.id`)} = ${cellOf(link, scope.alias)('id')}
    and ${reach(ctx, parent, actionOnWhole(action, object, parent), inner)})`;
}
