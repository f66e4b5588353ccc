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
  type Grants,
  rows,
  stoppedClock,
  systemActor,
  type Workspace,
} from '../src/engine/index.ts';
import { migrateQueue } from '../src/engine/jobs/runner.ts';
import { migrateInstallation } from '../src/engine/workspace.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

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

/** A workspace with its people, each as a context to act in. */
export async function createWorld(name = 'world'): Promise<World> {
  const db = await createTestDatabase(name);
  const clock = stoppedClock(today);
  await migrateInstallation(db);
  await migrateQueue(db);
  const workspace = await createWorkspace(db, declared, settings, clock);
  const system = contextOf(db, workspace, systemActor('tests'), 'test', clock);
  const roles = new Map(
    (await rows(system, 'role', { fields: ['name'] })).map(role => [role.name as string, role.id as string]),
  );
  const sales = await create(system, 'team', { name: 'Sales' });
  const inside = await create(system, 'team', { name: 'Inside sales', parent: sales });
  const support = await create(system, 'team', { name: 'Support' });
  const hire = async (person: string, role: string, team: string | null): Promise<Context> => {
    const email = `${person.split(' ')[0]!.toLowerCase()}@kaffeehaus.example`;
    const id = await create(system, 'user', { name: person, email, role: roles.get(role)!, team });
    return { ...system, via: 'api', actor: (await actorOf(db, workspace.schema, id, 'person'))! };
  };
  return {
    db,
    workspace,
    clock,
    system,
    ada: await hire('Ada Baumann', 'administrator', null),
    max: await hire('Max Novak', 'manager', sales),
    sina: await hire('Sina Gruber', 'member', inside),
    tom: await hire('Tom Eder', 'member', inside),
    olga: await hire('Olga Petrenko', 'member', support),
    rita: await hire('Rita Lang', 'reader', null),
    teams: { sales, inside, support },
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
