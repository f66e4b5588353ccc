/** How Kaffeehaus Supplies has shared out its market, and a region of its own for Germany that is not applied yet. */
import { type Context, carryOut, create, type Input, type Json, update } from '../../../engine/index.ts';
import { idsByName } from '../../people/module.ts';
import { staffByFirstName } from '../../workspace/module.ts';

const inCountries = (...value: string[]): Json => ({ field: 'address', op: 'countryIsAnyOf', value });

export async function territoriesDemo(ctx: Context): Promise<void> {
  const staff = await staffByFirstName(ctx);
  const companies = await idsByName(ctx, 'company');
  const territory = (name: string, who: string, values: Input = {}) =>
    create(ctx, 'territory', { name, manager: staff.get(who) ?? null, ...values });
  const member = (of: string, who: string, role = 'seller') =>
    create(ctx, 'territoryMember', { territory: of, user: staff.get(who)!, role });
  const europe = await territory('Europe', 'Max');
  const dach = await territory('DACH', 'Max', { parent: europe, rule: inCountries('AT', 'DE', 'CH') });
  const austria = await territory('Austria', 'Sina', { parent: dach, rule: inCountries('AT') });
  const west = await territory('West', 'Sina', { parent: europe, rule: inCountries('FR', 'SE', 'IT') });
  const east = await territory('East', 'Jonas', { parent: europe, rule: inCountries('CZ', 'HU', 'SK') });
  const industry = { dimension: 'industry' };
  const hotels = await territory('Hotels and catering', 'Sina', {
    ...industry,
    rule: { field: 'sector', op: 'is', value: 'hospitality' },
    included: [companies.get('Nordlicht Reederei')!],
  });
  await territory('Offices', 'Tom', {
    ...industry,
    rule: { field: 'sector', op: 'isAnyOf', value: ['finance', 'software', 'technology', 'professional'] },
  });
  for (const [of, who] of [
    [dach, 'Tom'],
    [austria, 'Sina'],
    [west, 'Sina'],
    [east, 'Jonas'],
    [hotels, 'Sina'],
  ] as const)
    await member(of, who);
  await member(dach, 'Leyla', 'service');
  await carryOut(ctx, 'territory', 'align', europe, {});
  const now = ctx.clock.now();
  const [year, first] = [now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3) * 3];
  const day = (month: number, date: number) =>
    new Date(Date.UTC(year, month, date)).toISOString().slice(0, 10);
  for (const [territory, amount] of [
    [dach, '260000'],
    [austria, '150000'],
    [west, '90000'],
  ] as const)
    await create(ctx, 'territoryQuota', {
      territory,
      name: `Q${first / 3 + 1} ${year}`,
      from: day(first, 1),
      to: day(first + 3, 0),
      amount: { amount, currency: ctx.settings.currency },
    });
  const germany = await territory('Germany', 'Tom', { parent: dach, rule: inCountries('DE') });
  await member(germany, 'Tom');
  // Two that claim the same, so that the page has a conflict to show.
  await territory('Digital companies', 'Leyla', {
    ...industry,
    rule: { field: 'sector', op: 'isAnyOf', value: ['software', 'technology'] },
  });
  await update(ctx, 'territory', west, { excluded: [companies.get('Marchetti & Figli')!] });
}
