/** What is told of e-mail domains by a name server that answers by the book (RFC 1035), badly, or not at all. */
import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mailDomainOf } from './mail-domain.ts';

const [A, MX] = [1, 15];
const [fine, serverFailed, noSuchName, refused] = [0, 2, 3, 5];
const named = (name: string) =>
  Buffer.concat(
    [...name.split('.').filter(Boolean), ''].map(part => Buffer.from([part.length, ...Buffer.from(part)])),
  );
const exchange = (name: string, preference: number) =>
  Buffer.concat([Buffer.from([0, preference]), named(name)]);
const host = Buffer.from([192, 0, 2, 1]);

interface Zone {
  code?: number;
  mx?: Buffer[];
  a?: Buffer[];
  /** Answers of which type there are none, as the server is at fault. */
  broken?: number;
}
/** What the server knows; of other names nothing is heard. */
const zones: Record<string, Zone> = {
  'takes.example': { mx: [exchange('mx.takes.example', 10), exchange('mx2.takes.example', 20)] },
  'null.example': { mx: [exchange('', 0)], a: [host] },
  'gone.example': { code: noSuchName },
  'plain.example': { a: [host] },
  'bare.example': {},
  'failing.example': { code: serverFailed },
  'refusing.example': { code: refused },
  'half.example': { broken: A },
  'xn--mller-kva.example': { mx: [exchange('mx.takes.example', 10)] },
};

let server: Socket;
let servers: string[];
const asked: string[] = [];

/** The question as it came, and what the zone has of its type. */
function answerTo(query: Buffer): Buffer | null {
  let end = 12;
  const labels: string[] = [];
  for (; query[end]! > 0; end += query[end]! + 1)
    labels.push(query.toString('latin1', end + 1, end + 1 + query[end]!));
  const [type, name] = [query.readUInt16BE(end + 1), labels.join('.').toLowerCase()];
  asked.push(`${name} ${type}`);
  const zone = zones[name];
  if (!zone) return null;
  const found = (type === MX ? zone.mx : type === A ? zone.a : undefined) ?? [];
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180 | (zone.broken === type ? serverFailed : (zone.code ?? fine)), 2);
  for (const [at, count] of [1, found.length, 0, 0].entries()) head.writeUInt16BE(count, 4 + 2 * at);
  const records = found.map(data => {
    const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, 0]);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  return Buffer.concat([head, query.subarray(12, end + 5), ...records]);
}

beforeAll(async () => {
  server = createSocket('udp4', (query, { port, address }) => {
    const answer = answerTo(query);
    if (answer) server.send(answer, port, address);
  });
  await new Promise<void>(resolve => server.bind(0, '127.0.0.1', resolve));
  servers = [`127.0.0.1:${(server.address() as AddressInfo).port}`];
});
afterAll(() => server.close());

const now = Date.UTC(2026, 2, 16);
const says = (domain: string, at = now) => mailDomainOf(`someone@${domain}`, at, servers);

test('a domain takes mail that names an exchange, or is a host itself; none that says so, is not there, or has neither', async () => {
  const told = ['takes', 'plain', 'null', 'gone', 'bare'].map(name => says(`${name}.example`));
  expect(await Promise.all(told)).toEqual(['takes', 'takes', 'refuses', 'refuses', 'refuses']);
  expect(await says('Müller.example')).toBe('takes');
  // Null MX (RFC 7505) is final: the host is not asked for.
  expect(asked.filter(query => query.startsWith('null.example'))).toEqual([`null.example ${MX}`]);
});

test('what a server cannot tell turns nobody away and is asked again; what it told is kept for ten minutes', async () => {
  const told = ['failing', 'refusing', 'half'].map(name => says(`${name}.example`));
  expect(await Promise.all(told)).toEqual(['unknown', 'unknown', 'unknown']);
  zones['failing.example'] = { mx: [exchange('mx.takes.example', 10)] };
  expect(await says('failing.example')).toBe('takes');
  zones['failing.example'] = { code: noSuchName };
  expect(await says('failing.example', now + 9 * 60_000)).toBe('takes');
  expect(await says('failing.example', now + 11 * 60_000)).toBe('refuses');
});

test('a server that is silent, or not there, is waited for two seconds', async () => {
  const began = performance.now();
  expect(await says('silent.example')).toBe('unknown');
  const waited = performance.now() - began;
  expect(waited).toBeGreaterThan(1_500);
  // A busy machine may be late, but nowhere near the tries of resolvers, which add up to half a minute.
  expect(waited).toBeLessThan(8_000);
  expect(await mailDomainOf('someone@nobody.example', now, ['127.0.0.1:9', '127.0.0.1:10'])).toBe('unknown');
});
