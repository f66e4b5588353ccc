/** The people of Kaffeehaus Supplies, Vienna: coffee machines, grinders and beans for hotels, offices and cafés. */
import { type Context, create, rows } from '../../engine/index.ts';

/** Name, role, team, job title. */
const staff: [string, string, string, string][] = [
  ['Max Novak', 'manager', 'Sales', 'Head of sales'],
  ['Sina Gruber', 'member', 'Key accounts', 'Key account manager'],
  ['Tom Eder', 'member', 'Key accounts', 'Account manager'],
  ['Leyla Yılmaz', 'member', 'Inside sales', 'Sales development'],
  ['Jonas Weber', 'member', 'Inside sales', 'Sales development'],
  ['Olga Petrenko', 'member', 'Support', 'Service lead'],
];

/** Teams and users; what and who is there already stays. */
export async function workspaceDemo(ctx: Context) {
  const teams = new Map(
    (await rows(ctx, 'team', { fields: ['name'], limit: 200 })).map(team => [
      team.name as string,
      team.id as string,
    ]),
  );
  const team = async (name: string, parent: string | null) => {
    const id = teams.get(name) ?? (await create(ctx, 'team', { name, parent }));
    teams.set(name, id);
    return id;
  };
  const sales = await team('Sales', null);
  for (const name of ['Key accounts', 'Inside sales']) await team(name, sales);
  await team('Support', null);
  const known = new Map(
    (await rows(ctx, 'user', { fields: ['email'], limit: 1_000 })).map(user => [
      user.email,
      user.id as string,
    ]),
  );
  const roles = new Map(
    (await rows(ctx, 'role', { fields: ['name'] })).map(role => [role.name as string, role.id as string]),
  );
  let manager: string | null = null;
  for (const [name, role, teamName, jobTitle] of staff) {
    const email = `${name.split(' ')[0]!.toLowerCase()}@kaffeehaus.example`;
    const id: string =
      known.get(email) ??
      (await create(ctx, 'user', {
        name,
        email,
        role: roles.get(role)!,
        team: teams.get(teamName)!,
        jobTitle,
        manager,
      }));
    manager ??= id;
  }
}

/** User ids by first name, for the demo of other modules. */
export async function staffByFirstName(ctx: Context): Promise<Map<string, string>> {
  const users = await rows(ctx, 'user', { fields: ['name'], limit: 200 });
  return new Map(users.map(user => [(user.name as { full: string }).full.split(' ')[0]!, user.id as string]));
}
