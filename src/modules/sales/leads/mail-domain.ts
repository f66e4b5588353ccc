/** Whether the domain of an e-mail address takes mail at all, as the DNS says. Nobody else is asked, and no letter is sent. */
import { Resolver } from 'node:dns/promises';
import { domainToASCII } from 'node:url';

/** `unknown`: the DNS gave no answer in time, and nobody is turned away for that. */
export type MailDomain = 'takes' | 'refuses' | 'unknown';

/** Milliseconds that a visitor waits at most. */
const patience = 2_000;
/** Domains whose answers are kept, and for how long in milliseconds. */
const [most, kept] = [1_000, 10 * 60_000];
const known = new Map<string, { says: MailDomain; until: number }>();

/**
 * What the DNS says of an address; at once where it was asked within ten minutes. Never throws. `servers`: with their ports;
 * those of this machine where none are named.
 */
export async function mailDomainOf(
  address: string,
  now: number,
  servers: string[] = [],
): Promise<MailDomain> {
  const domain = domainToASCII(address.split('@').at(-1)!.trim().toLowerCase());
  if (!domain.includes('.')) return 'refuses';
  const before = known.get(domain);
  if (before && before.until > now) return before.says;
  const resolver = new Resolver({ timeout: patience, tries: 1 });
  if (servers.length > 0) resolver.setServers(servers);
  const says = await within(ask(domain, resolver), resolver);
  // What could not be told may be told the next time.
  if (says === 'unknown') return says;
  if (known.size >= most) known.delete(known.keys().next().value!);
  known.set(domain, { says, until: now + kept });
  return says;
}

async function within(answer: Promise<MailDomain>, resolver: Resolver): Promise<MailDomain> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<MailDomain>(resolve => {
    timer = setTimeout(() => {
      resolve('unknown');
      resolver.cancel();
    }, patience);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** RFC 7505: one exchange without a name takes no mail. RFC 5321, 5.1: where none is named, the domain itself takes it. */
async function ask(domain: string, resolver: Resolver): Promise<MailDomain> {
  const exchanges = await told(() => resolver.resolveMx(domain));
  if (exchanges === 'noDomain') return 'refuses';
  if (exchanges === 'unknown') return 'unknown';
  if (exchanges.length > 0)
    return exchanges.every(({ exchange }) => exchange === '' || exchange === '.') ? 'refuses' : 'takes';
  const hosts = await Promise.all([
    told(() => resolver.resolve4(domain)),
    told(() => resolver.resolve6(domain)),
  ]);
  if (hosts.some(found => Array.isArray(found) && found.length > 0)) return 'takes';
  return hosts.includes('unknown') ? 'unknown' : 'refuses';
}

/** The records there are, which may be none; `noDomain` where the domain itself is not there. */
async function told<T>(resolve: () => Promise<T[]>): Promise<T[] | 'noDomain' | 'unknown'> {
  try {
    return await resolve();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENODATA') return [];
    return code === 'ENOTFOUND' ? 'noDomain' : 'unknown';
  }
}
