/**
 * The worker of the browser: shows what Farley tells while no page of it is open, and opens what that is about. It keeps
 * nothing and answers no requests. Built to /worker.js.
 */

interface Told {
  title: string;
  body: string;
  /** Where it leads, from the root of the web. */
  path: string;
  tag: string;
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
  data?: { json(): Told } | null;
  notification?: { close(): void; data: { path: string } };
}

const worker = globalThis as unknown as Surroundings;

worker.addEventListener('install', event => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', event => event.waitUntil(worker.clients.claim()));

worker.addEventListener('push', event => {
  const told = event.data?.json();
  if (!told) return;
  const { title, body, path, tag } = told;
  event.waitUntil(worker.registration.showNotification(title, { body, tag, data: { path } }));
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
