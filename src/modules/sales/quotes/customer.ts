/** Who a quote is for as far as prices and taxes go: a company or private people, where they are, and which rate is theirs. */
import { type Context, find, type Values } from '../../../engine/index.ts';
import { showsBusiness } from '../../people/module.ts';

/** For whom a rate of tax is. */
export const payers = ['all', 'companies', 'people'] as const;

interface Place {
  country: string | null;
  region: string | null;
}

export interface Customer {
  /** With its tags; null where the customer is no company. */
  company: Values | null;
  kind: 'companies' | 'people';
  /** Where they are: the first address that names a country, else where the workspace is. */
  place: Place;
  /** Where the workspace is. */
  home: Place;
}

const linked = (link: unknown) => (link as { id: string } | null | undefined)?.id ?? null;

/**
 * Companies are taxed where they are, private people where they or their household live; of whom nothing is known, as at
 * home. Three statements at most.
 */
export async function customerOf(
  ctx: Context,
  { company: companyId, contact: contactId }: { company?: string | null; contact?: string | null },
): Promise<Customer> {
  const home = { country: ctx.settings.country, region: null };
  const fields = ['tags', 'address', 'vatNumber'];
  const company = companyId ? await find(ctx, 'company', companyId, { fields }) : null;
  let place = placeOf(company);
  const contact =
    contactId && !place ? await find(ctx, 'person', contactId, { fields: ['address', 'household'] }) : null;
  place ??= placeOf(contact);
  const household = place ? null : linked(contact?.household);
  if (household) place = placeOf(await find(ctx, 'household', household, { fields: ['address'] }));
  return { company, kind: company ? 'companies' : 'people', place: place ?? home, home };
}

function placeOf(record: Values | null): Place | null {
  const { country, region } = (record?.address ?? {}) as { country?: string | null; region?: string | null };
  return country ? { country, region: region ?? null } : null;
}

const same = (a: unknown, b: unknown) => String(a ?? '').toLowerCase() === String(b ?? '').toLowerCase();

/**
 * For whom a rate is. Where nobody has said so, a rate of nought abroad that gives a reason is reverse charge or the like,
 * which private people do not get.
 */
function payersOf({ customers, rate, reason, country }: Values, home: Place): (typeof payers)[number] {
  const shifted = Number(rate) === 0 && reason && country && !same(country, home.country);
  return (customers as 'all' | null) ?? (shifted ? 'companies' : 'all');
}

/**
 * The rate for a class and a customer among those in force: the closest place counts, then one that is for their kind
 * alone, then the latest. Private people in a place without a rate pay as at home; a company there pays none.
 */
export function rateFor(rates: Values[], customer: Customer, taxClass: string): Values | undefined {
  const { kind, place, home } = customer;
  const fitting = rates
    .filter(rate => rate.taxClass === taxClass && ['all', kind].includes(payersOf(rate, home)))
    .sort(
      (a, b) =>
        Number(payersOf(b, home) === kind) - Number(payersOf(a, home) === kind) ||
        String(b.validFrom ?? '').localeCompare(String(a.validFrom ?? '')),
    );
  const everywhere = { country: null, region: null };
  const inTurn = [place, { ...place, region: null }, everywhere, ...(kind === 'people' ? [home] : [])];
  for (const { country, region } of inTurn) {
    const found = fitting.find(rate => same(rate.country, country) && same(rate.region, region));
    if (found) return found;
  }
  return undefined;
}

/**
 * `rateFor`, with what its rule demands: where it asks for a VAT number that the company does not have, the company is
 * taxed as private people are, and `lacksVatNumber` says so.
 */
export function taxFor(
  rates: Values[],
  customer: Customer,
  taxClass: string,
): { rate: Values | undefined; lacksVatNumber: boolean } {
  const { company, kind, place, home } = customer;
  const rate = rateFor(rates, customer, taxClass);
  const number = company?.vatNumber as string | null | undefined;
  if (kind === 'people' || !rate?.needsVatNumber || showsBusiness(number, place.country, home.country))
    return { rate, lacksVatNumber: false };
  const others = rates.filter(({ needsVatNumber }) => !needsVatNumber);
  return { rate: rateFor(others, { ...customer, kind: 'people' }, taxClass), lacksVatNumber: true };
}
