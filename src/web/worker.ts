/**
 * The worker of the browser, built to /worker.js. Three parts: it keeps the files of the interface at hand, for a fast
 * start and an honest page without a connection; it takes in what other apps share; it shows what Farley tells while no
 * page of it is open. Answers of the API pass it by: what people read is never old without saying so.
 */

interface Told {
  title: string;
  body: string;
  /** Where it leads, from the root of the web. */
  path: string;
  tag: string;
  lang: string;
  dir: string;
}

interface Client {
  url: string;
  focus(): Promise<unknown>;
  navigate(url: string): Promise<unknown>;
}

/** What of a worker's surroundings is used here: the types of pages know none of it. */
interface Surroundings {
  registration: { showNotification(title: string, options: object): Promise<void> };
  clients: {
    claim(): Promise<void>;
    matchAll(options: object): Promise<Client[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: string, run: (event: WorkerEvent) => void): void;
}

interface WorkerEvent {
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
  request: Request;
  data?: { json(): Told } | null;
  notification?: { close(): void; data: { path: string } };
}

const worker = globalThis as unknown as Surroundings;

// The shell: pages come from the server whenever it can be reached, the files they name from here. As those are named by
// what is in them, a page never meets the files of another version.

/** Version of the build, and its files: put in by vite.config.ts. */
const shell = JSON.parse('__SHELL__') as { version: string; files: string[] };
const kept = (version: string) => `farley-${version}`;

async function keepShell() {
  const cache = await caches.open(kept(shell.version));
  const page = await fetch('/', { cache: 'no-cache' });
  const text = await page.clone().text();
  // A server that has another version by now brings another worker, too.
  const named = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, file]) => file!);
  if (!page.ok || named.length === 0 || !named.every(file => shell.files.includes(file)))
    throw new Error('The page is not of this version.');
  for (let at = 0; at < shell.files.length; at += 8) await cache.addAll(shell.files.slice(at, at + 8));
  await cache.put('/', page);
}

/** Pages that are open may still ask for files of the version before this one; older ones go. */
async function forgetOldShells() {
  const others = (await caches.keys()).filter(
    name => name.startsWith('farley-') && name !== kept(shell.version),
  );
  await Promise.all(others.slice(0, -1).map(name => caches.delete(name)));
}

async function fileOfShell(request: Request): Promise<Response> {
  const known = await caches.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(kept(shell.version))).put(request, answer.clone());
  return answer;
}

/** Without a connection the page of the shell, which says so itself, in the language of the person. */
async function pageOfShell(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(kept(shell.version));
    const page = await cache.match('/');
    if (!page) throw error;
    return page;
  }
}

worker.addEventListener('install', event => event.waitUntil(keepShell().then(() => worker.skipWaiting())));
worker.addEventListener('activate', event =>
  event.waitUntil(forgetOldShells().then(() => worker.clients.claim())),
);

worker.addEventListener('fetch', event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || /^\/(api|open)\//.test(pathname)) return;
  if (request.method === 'POST' && pathname === '/share') event.respondWith(takeShared(request));
  else if (request.method !== 'GET') return;
  else if (pathname.startsWith('/assets/')) event.respondWith(fileOfShell(request));
  else if (request.mode === 'navigate') event.respondWith(pageOfShell(request));
});

// What other apps share: words go on in the address, files wait here until the page has taken them.

async function takeShared(request: Request): Promise<Response> {
  const form = await request.formData();
  await caches.delete('shared');
  const cache = await caches.open('shared');
  const files = form.getAll('files').filter(each => each instanceof File);
  for (const [index, file] of files.entries()) {
    const headers = { 'content-type': file.type, 'farley-name': encodeURIComponent(file.name) };
    await cache.put(`/share/${index}`, new Response(file, { headers }));
  }
  const words = ['title', 'text', 'url'].flatMap(name => {
    const value = form.get(name);
    return typeof value === 'string' && value ? [[name, value]] : [];
  });
  return Response.redirect(`/share?${new URLSearchParams(words)}`, 303);
}

// Messages.

worker.addEventListener('push', event => {
  const told = event.data?.json();
  if (!told) return;
  const { title, body, path, tag, lang, dir } = told;
  const looks = { body, tag, lang, dir, icon: '/icons/icon-192.png', data: { path } };
  event.waitUntil(worker.registration.showNotification(title, looks));
});

worker.addEventListener('notificationclick', event => {
  const { notification } = event;
  if (!notification) return;
  notification.close();
  event.waitUntil(open(new URL(notification.data.path, location.origin).href));
});

async function open(url: string) {
  const [known] = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!known) return worker.clients.openWindow(url);
  await known.focus();
  return known.navigate(url);
}
