/** Putting Farley and the baseline under load, each in a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { listFields } from './bare.ts';
import { personId } from './generate.ts';

export interface Measured {
  /** Requests per second. */
  rate: number;
  /** Milliseconds. `p95` is the 97.5th percentile, the nearest that the load generator tells. */
  p50: number;
  p95: number;
  p99: number;
  failed: number;
}

export interface Line {
  work: string;
  connections: number;
  farley: Measured;
  bare: Measured | null;
  bar: string;
}

/** What is measured on. */
export interface Bench {
  connectionString: string;
  dataDir: string;
  /** Contacts in the workspace. */
  people: number;
  /** Seconds per figure. */
  seconds: number;
}

interface Served {
  url: string;
  key: string | null;
  child: ChildProcess;
}

/** The same work, as Farley and as the baseline are asked for it. */
interface Work {
  work: string;
  bar: string;
  farley: autocannon.Request;
  bare?: autocannon.Request;
}

const each = (path: () => string): autocannon.Request => ({
  setupRequest: request => ({ ...request, path: path() }),
});
const post = (path: string, body: () => string): autocannon.Request => ({
  method: 'POST',
  path,
  setupRequest: request => ({ ...request, body: body() }),
});

function worksOn(people: number, stage: string): Work[] {
  const anyPerson = () => personId(1 + Math.floor(Math.random() * people));
  let serial = 0;
  const body = () =>
    JSON.stringify({
      name: `Bench Person ${++serial}`,
      email: `bench${process.pid}x${serial}@bench.example`,
    });
  const fields = listFields.join(',');
  return [
    {
      work: 'List of 60, filter and sort',
      bar: '≥ 0.6 × bare',
      farley: {
        path: `/api/people?fields=${fields}&filter[lifecycle][is]=customer&sort=-updatedAt&limit=60`,
      },
      bare: { path: '/list' },
    },
    {
      work: 'Read one',
      bar: '≥ 0.5 × bare',
      farley: each(() => `/api/people/${anyPerson()}?fields=${fields}`),
      bare: each(() => `/read/${anyPerson()}`),
    },
    {
      work: 'Create one',
      bar: '≥ 0.35 × bare',
      farley: post('/api/people', body),
      bare: post('/create', body),
    },
    ...worksOfReaders(anyPerson, stage),
  ];
}

/** What has no baseline: a bar in milliseconds, or none. */
function worksOfReaders(anyPerson: () => string, stage: string): Work[] {
  const searches = [
    'fisher klara',
    'gruber ana',
    'huber',
    'jonas wever',
    'oehler paul',
    'person77 company78',
  ];
  const sums = JSON.stringify({
    groupBy: [{ field: 'stage' }],
    values: [{ op: 'count' }, { op: 'sum', field: 'amount' }],
  });
  return [
    {
      work: 'Search, misspelt and common names in turn',
      bar: 'p95 < 100 ms',
      farley: each(
        () =>
          `/api/search?q=${encodeURIComponent(searches[Math.floor(Math.random() * searches.length)]!)}&limit=20`,
      ),
    },
    {
      work: 'Record page: the record and its timeline',
      bar: 'p95 < 150 ms',
      farley: each(() => `/api/people/${anyPerson()}/timeline`),
    },
    {
      work: 'Board: a column of 30 cards',
      bar: '',
      farley: { path: `/api/deals?filter[stage][is]=${stage}&sort=rank&limit=30` },
    },
    {
      work: 'Board: count and sum of every column',
      bar: '',
      farley: post('/api/deals/aggregate', () => sums),
    },
  ];
}

function serve(what: 'farley' | 'bare', { connectionString, dataDir }: Bench): Promise<Served> {
  // As `bin/farley` starts it.
  const execArgv = what === 'farley' ? ['--max-semi-space-size=16', '--heap-growing-percent=150'] : [];
  const child = fork(join(import.meta.dirname, 'serve.ts'), [what, connectionString, 'ws_main', dataDir], {
    execArgv,
  });
  return new Promise(done =>
    child.once('message', message => done({ ...(message as { url: string; key: string | null }), child })),
  );
}

function memoryOf(served: Served): Promise<number> {
  return new Promise(done => {
    served.child.once('message', message => done((message as { rss: number }).rss));
    served.child.send('memory');
  });
}

async function load(
  served: Served,
  request: autocannon.Request,
  connections: number,
  seconds: number,
): Promise<Measured> {
  const headers = {
    'content-type': 'application/json',
    ...(served.key ? { authorization: `Bearer ${served.key}` } : {}),
  };
  const run = (duration: number) =>
    autocannon({ url: served.url, connections, duration, headers, requests: [request] });
  await run(1);
  const { latency, requests, non2xx, errors } = await run(seconds);
  const { p50, p97_5: p95, p99 } = latency;
  return { rate: requests.average, p50, p95, p99, failed: non2xx + errors };
}

async function firstStage({ url, key }: Served): Promise<string> {
  const reply = await fetch(`${url}/api/stages?limit=1`, { headers: { authorization: `Bearer ${key}` } });
  return ((await reply.json()) as { data: { id: string }[] }).data[0]!.id;
}

/** Every work at 10 and at 50 connections, baseline and Farley in turn; and the serving process's memory in bytes at the end. */
export async function measureAll(
  bench: Bench,
  say: (sentence: string) => void,
): Promise<{ lines: Line[]; memory: number }> {
  const [farley, bare] = [await serve('farley', bench), await serve('bare', bench)];
  const lines: Line[] = [];
  const stage = await firstStage(farley);
  for (const { work, bar, farley: asked, bare: base } of worksOn(bench.people, stage)) {
    for (const connections of [10, 50]) {
      const bareFigure = base ? await load(bare, base, connections, bench.seconds) : null;
      const figure = await load(farley, asked, connections, bench.seconds);
      lines.push({ work, connections, farley: figure, bare: bareFigure, bar });
      const beside = bareFigure
        ? ` (bare ${bareFigure.rate.toFixed(0)}/s, ratio ${(figure.rate / bareFigure.rate).toFixed(2)})`
        : '';
      const failed = figure.failed ? `, ${figure.failed} FAILED` : '';
      say(
        `${work}, ${connections} connections: ${figure.rate.toFixed(0)}/s${beside}, p95 ${figure.p95} ms${failed}`,
      );
    }
  }
  const memory = await memoryOf(farley);
  farley.child.disconnect();
  bare.child.disconnect();
  return { lines, memory };
}
