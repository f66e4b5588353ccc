/** This browser as one that is told at once: its subscription at its push service, and the record that Farley has of it. */
import { useEffect, useState } from 'react';
import { type Page, read, write } from '../api.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { fail } from '../model/records.ts';
import { deviceOf } from './device.ts';

/** `refused`: the person has told the browser not to; `impossible`: the browser cannot, or the page came without TLS. */
type State = 'asking' | 'on' | 'off' | 'refused' | 'impossible';

const base64 = (buffer: ArrayBuffer | null) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer ?? new ArrayBuffer(0))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

async function subscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration('/worker.js');
  return (await registration?.pushManager.getSubscription()) ?? null;
}

export function usePush(key: string | null) {
  const path = objectNamed(useMeta(), 'device')?.path;
  const can = 'serviceWorker' in navigator && 'PushManager' in globalThis && path !== undefined;
  const [state, setState] = useState<State>(can ? 'asking' : 'impossible');
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    if (!can) return;
    if (Notification.permission === 'denied') return setState('refused');
    subscription()
      .then(found => setState(found ? 'on' : 'off'))
      .catch(() => setState('impossible'));
  }, [can]);

  async function turnOn(applicationServerKey: string) {
    if ((await Notification.requestPermission()) !== 'granted') return setState('refused');
    await navigator.serviceWorker.register('/worker.js');
    const { pushManager } = await navigator.serviceWorker.ready;
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
    await write('POST', `/api/${path}`, {
      name: deviceOf(navigator.userAgent).name || location.host,
      endpoint: made.endpoint,
      p256dh: base64(made.getKey('p256dh')),
      auth: base64(made.getKey('auth')),
    });
    setState('on');
  }

  async function turnOff() {
    const known = await subscription();
    const filter = { field: 'endpoint', op: 'is', value: known?.endpoint ?? '' };
    const { data } = await read<Page>(`/api/${path}/search`, { body: { filter, fields: [] } });
    for (const { id } of data) await write('DELETE', `/api/${path}/${id}`);
    await known?.unsubscribe();
    setState('off');
  }

  async function toggle() {
    setBusy(true);
    try {
      await (state === 'on' ? turnOff() : turnOn(key ?? ''));
    } catch (error) {
      fail(error);
    }
    setBusy(false);
  }
  return { state, busy, toggle };
}
