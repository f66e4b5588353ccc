/**
 * The world that tests, demo and screenshots share: Kaffeehaus Supplies in Vienna sells coffee machines to hotels and
 * offices. Everyone has a name and a reason.
 */
import { declared } from '../src/app.ts';
import {
  actorOf,
  asSystem,
  type Context,
  contextOf,
  create,
  createWorkspace,
  type Database,
  type Grants,
  rows,
  stoppedClock,
  systemActor,
  type Workspace,
} from '../src/engine/index.ts';
import { migrateQueue } from '../src/engine/jobs/runner.ts';
import { loadWorkspace, migrateInstallation } from '../src/engine/workspace.ts';
import { copyTestDatabase, type TestDatabase } from './database.ts';

export const settings = {
  name: 'main',
  label: 'Kaffeehaus Supplies',
  locale: 'en',
  timeZone: 'Europe/Vienna',
  country: 'AT',
  currency: 'EUR',
};

/** Noon of the day on which the tests happen. */
export const today = '2026-03-16T12:00:00.000Z';

export interface World {
  db: TestDatabase;
  workspace: Workspace;
  clock: ReturnType<typeof stoppedClock>;
  /** The administrator: Ada runs the place. */
  ada: Context;
  /** Manager of the sales team. */
  max: Context;
  /** Sells in Max's team. */
  sina: Context;
  /** Sells in Max's team too, so that "own" differs from "team". */
  tom: Context;
  /** Works in another team. */
  olga: Context;
  /** Reads everything, changes nothing. */
  rita: Context;
  system: Context;
  teams: { sales: string; inside: string; support: string };
  /** One more person, with a role by its name. */
  hire(person: string, role: string, team: string | null): Promise<Context>;
  close(): Promise<void>;
}

const cast: [name: string, role: string, team: string | null][] = [
  ['Ada Baumann', 'administrator', null],
  ['Max Novak', 'manager', 'Sales'],
  ['Sina Gruber', 'member', 'Inside sales'],
  ['Tom Eder', 'member', 'Inside sales'],
  ['Olga Petrenko', 'member', 'Support'],
  ['Rita Lang', 'reader', null],
];

const emailOf = (person: string) => `${person.split(' ')[0]!.toLowerCase()}@kaffeehaus.example`;

async function makeWorld(db: Database) {
  const clock = stoppedClock(today);
  await migrateInstallation(db);
  await migrateQueue(db);
  const workspace = await createWorkspace(db, declared, settings, clock);
  const system = contextOf(db, workspace, systemActor('tests'), 'test', clock);
  const roles = await idsByName(system, 'role');
  const sales = await create(system, 'team', { name: 'Sales' });
  await create(system, 'team', { name: 'Inside sales', parent: sales });
  await create(system, 'team', { name: 'Support' });
  const teams = await idsByName(system, 'team');
  for (const [name, role, team] of cast)
    await create(system, 'user', {
      name,
      email: emailOf(name),
      role: roles.get(role)!,
      team: team && teams.get(team)!,
    });
}

async function idsByName(ctx: Context, object: string): Promise<Map<string, string>> {
  const found = await rows(ctx, object, { fields: ['name'] });
  return new Map(found.map(({ name, id }) => [name as string, id as string]));
}

/** A workspace with its people, each as a context to act in. */
export async function createWorld(name = 'world'): Promise<World> {
  const db = await copyTestDatabase({ kind: 'world', make: makeWorld }, name);
  const clock = stoppedClock(today);
  const workspace = await loadWorkspace(db, declared, settings.name);
  const system = contextOf(db, workspace, systemActor('tests'), 'test', clock);
  const [roles, teams] = [await idsByName(system, 'role'), await idsByName(system, 'team')];
  const contextFor = async (id: string): Promise<Context> => ({
    ...system,
    via: 'api',
    actor: (await actorOf(db, workspace.schema, id, 'person'))!,
  });
  const hire = async (person: string, role: string, team: string | null): Promise<Context> => {
    const values = { name: person, email: emailOf(person), role: roles.get(role)!, team };
    return contextFor(await create(system, 'user', values));
  };
  const users = new Map(
    (await rows(system, 'user', { fields: ['email'] })).map(({ email, id }) => [email, id as string]),
  );
  const people = await Promise.all(cast.map(([person]) => contextFor(users.get(emailOf(person))!)));
  const [ada, max, sina, tom, olga, rita] = people as [Context, Context, Context, Context, Context, Context];
  return {
    db,
    workspace,
    clock,
    system,
    ada,
    max,
    sina,
    tom,
    olga,
    rita,
    teams: {
      sales: teams.get('Sales')!,
      inside: teams.get('Inside sales')!,
      support: teams.get('Support')!,
    },
    hire,
    close: () => db.close(),
  };
}

/** The same person with other rights. */
export function withRights(ctx: Context, grants: Grants): Context {
  return { ...ctx, actor: { ...ctx.actor, role: 'synthetic', grants } };
}

/** The stages of the first pipeline by name. */
export async function stagesOf(ctx: Context): Promise<Record<string, string>> {
  const stages = await rows(asSystem(ctx, 'tests'), 'stage', { fields: ['name'] });
  return Object.fromEntries(stages.map(stage => [stage.name as string, stage.id as string]));
}
