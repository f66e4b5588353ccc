/** Trees of records of one object: a company with those above it and its subsidiaries. Only what is in reach is walked. */
import { fieldRight, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { isId } from '../id.ts';
import { sql } from '../sql.ts';
import { hierarchyOf } from './below.ts';
import { missing } from './read.ts';
import { cellOf, objectOf, type Scope, textOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';

export interface TreeNode {
  id: string;
  title: string | null;
  /** Id of the record above; null at the top. */
  parent: string | null;
}

export interface Tree {
  /** Those above come before those below. */
  data: TreeNode[];
  /** Whether there are more than these. */
  more: boolean;
}

const mostNodes = 200;
const mostLevels = 50;

/** The tree a record stands in: all above it, and what is below the topmost one. One statement. */
export async function treeOf(ctx: Context, objectName: string, id: string): Promise<Tree> {
  const object = objectOf(ctx, objectName);
  const by = hierarchyOf(ctx, object);
  if (!by) throw new FarleyError('unknownRoute', `${object.spec.plural} do not stand below each other.`);
  if (!isId(id)) throw missing(object);
  const self = scopeOf(ctx, object);
  const [above, below, named] = [self.inner(object), self.inner(object), self.inner(object)];
  const row = (scope: Scope) => sql`${sql.ref(`${scope.alias}.id`)}, ${cellOf(by, scope.alias)()}`;
  const seen = (scope: Scope) =>
    sql`${sql.ref(`${scope.alias}.deleted_at`)} is null and ${reach(ctx, object, 'read', scope)}`;
  const found = await (ctx.tx ?? ctx.db).run<{ id: string; title: string | null; parent: string | null }>(
    sql`with recursive up(id, parent, level) as (
        select ${row(self)}, 0 from ${self.source}
          where ${sql.ref(`${self.alias}.id`)} = ${id}::uuid and ${reach(ctx, object, 'read', self)}
        union all select ${row(above)}, up.level + 1 from up join ${above.source} on ${sql.ref(`${above.alias}.id`)} = up.parent
          where up.level < ${mostLevels} and ${seen(above)}),
      down(id, parent, level) as (
        select top.id, null::uuid, 0 from (select id from up order by level desc limit 1) top
        union all select ${row(below)}, down.level + 1 from down join ${below.source} on ${cellOf(by, below.alias)()} = down.id
          where down.level < ${mostLevels} and ${seen(below)})
      select d.id, d.parent, ${textOf(object.title, named)} as title
      from (select down.*, down.id in (select id from up) as above from down order by above desc, level limit ${mostNodes + 1}) d
        join ${named.source} on ${sql.ref(`${named.alias}.id`)} = d.id order by d.above desc, d.level, title`,
  );
  if (found.length === 0) throw missing(object);
  const hidden = fieldRight(ctx, object.title) === 'none';
  const data = found.slice(0, mostNodes).map(node => (hidden ? { ...node, title: null } : node));
  return { data, more: found.length > mostNodes };
}
