/** Roles: what an actor may do, as data. Kept as records, so that changes to them have history and undo. */

/**
 * Which records a grant reaches.
 * `own`: the actor is the owner. `team`: the owner is in the actor's team. `teams`: in the actor's team or one below.
 * `shared`: shared with the actor or the actor's team. `all`. `none`. Or a CEL rule over the record, for instance
 * `record.country == "AT" || record.owner == me`. `own`, `team` and `teams` include what is shared.
 */
export type Reach = 'none' | 'own' | 'team' | 'teams' | 'shared' | 'all' | { rule: string };

export type FieldRight = 'none' | 'read' | 'edit';

export interface ObjectGrant {
  create?: boolean;
  read?: Reach;
  edit?: Reach;
  delete?: Reach;
  export?: Reach;
  /** Verb name → reach. Verbs not named follow `edit`. */
  verbs?: Record<string, Reach>;
  /** Field name → right. Fields not named: `edit`. */
  fields?: Record<string, FieldRight>;
}

export interface Grants {
  /** May change the workspace itself: objects, fields, roles, users, keys. */
  administer?: boolean;
  /** Object name → grant; `*` for all not named. What is not granted is refused. */
  objects: Record<string, ObjectGrant>;
}

export interface RoleSpec {
  name: string;
  label: string;
  description: string;
  grants: Grants;
}

/** Declares a role that new workspaces start with. */
export function defineRole(name: string, spec: Omit<RoleSpec, 'name'>): RoleSpec {
  return { ...spec, name };
}
