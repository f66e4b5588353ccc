/**
 * Messages to browsers (RFC 8030), encrypted for each (RFC 8291, RFC 8188), signed by this installation (VAPID, RFC 8292).
 * The keys follow from the installation's secret, so that there is nothing to keep.
 */
import {
  createCipheriv,
  createECDH,
  createPrivateKey,
  type ECDH,
  hkdfSync,
  randomBytes,
  sign as signed,
} from 'node:crypto';

/** A browser that wants to be told, as it says itself (`PushSubscription`). */
export interface PushTarget {
  endpoint: string;
  /** base64url, 65 bytes: its public key. */
  p256dh: string;
  /** base64url, 16 bytes. */
  auth: string;
}

export interface Pusher {
  /** The public key by which browsers know this installation, base64url. */
  key: string;
  /** Whether messages are sent to such an address: services of browsers only, or anyone could have us call anywhere. */
  accepts(endpoint: string): boolean;
  /** Sends a message; `gone` where nobody listens there any more. Throws where it may be tried again. */
  send(target: PushTarget, message: string): Promise<'sent' | 'gone'>;
}

const services =
  /^(fcm\.googleapis\.com|updates\.push\.services\.mozilla\.com|web\.push\.apple\.com|[\w-]+\.push\.apple\.com|[\w.-]+\.notify\.windows\.com)$/;
/** Seconds for which a service keeps a message for a browser that is off. */
const keptFor = 86_400;
/** Bytes of a message; services take 4,096 encrypted. */
const longest = 3_000;
const patience = 15_000;
/** The order of the curve P-256: keys are below it. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const base64 = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64url');

function keysFrom(secret: string): ECDH {
  const wide = Buffer.from(hkdfSync('sha256', secret, '', 'farley push', 48));
  const scalar = (BigInt(`0x${wide.toString('hex')}`) % (order - 1n)) + 1n;
  const keys = createECDH('prime256v1');
  keys.setPrivateKey(Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex'));
  return keys;
}

/** `more`: hosts beside the services of browsers, as tests have. `operator`: where a service finds who runs this. */
export function createPusher(secret: string, operator: string, more: string[] = []): Pusher {
  const keys = keysFrom(secret);
  const accepts = (endpoint: string) => {
    const url = URL.parse(endpoint);
    if (!url) return false;
    return (
      more.includes(url.host) || (url.protocol === 'https:' && url.port === '' && services.test(url.hostname))
    );
  };
  return {
    key: base64(keys.getPublicKey()),
    accepts,
    async send(target, message) {
      if (!accepts(target.endpoint)) return 'gone';
      const answer = await fetch(target.endpoint, {
        method: 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
        headers: {
          ttl: String(keptFor),
          urgency: 'normal',
          'content-encoding': 'aes128gcm',
          'content-type': 'application/octet-stream',
          authorization: `vapid t=${token(keys, target.endpoint, operator)}, k=${base64(keys.getPublicKey())}`,
        },
        body: new Uint8Array(sealed(target, Buffer.from(message).subarray(0, longest))),
      });
      await answer.body?.cancel();
      if (answer.status === 404 || answer.status === 410) return 'gone';
      if (!answer.ok)
        throw new Error(`The push service ${new URL(target.endpoint).host} answered ${answer.status}.`);
      return 'sent';
    },
  };
}

/** A token for one push service, for half a day (RFC 8292). */
function token(keys: ECDH, endpoint: string, operator: string): string {
  const publicKey = keys.getPublicKey();
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: base64(keys.getPrivateKey()),
      x: base64(publicKey.subarray(1, 33)),
      y: base64(publicKey.subarray(33)),
    },
  });
  const claims = {
    aud: new URL(endpoint).origin,
    exp: Math.floor(Date.now() / 1_000) + 43_200,
    sub: operator,
  };
  const text = [{ typ: 'JWT', alg: 'ES256' }, claims].map(part => base64(JSON.stringify(part))).join('.');
  return `${text}.${base64(signed('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }))}`;
}

/** A message that only this browser can read (RFC 8291, one record of RFC 8188). */
function sealed({ p256dh, auth }: PushTarget, message: Buffer): Buffer {
  const own = createECDH('prime256v1');
  own.generateKeys();
  const theirs = Buffer.from(p256dh, 'base64url');
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, own.getPublicKey()]);
  const shared = hkdfSync('sha256', own.computeSecret(theirs), Buffer.from(auth, 'base64url'), info, 32);
  const salt = randomBytes(16);
  const part = (name: string, length: number) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(shared), salt, `Content-Encoding: ${name}\0`, length));
  const cipher = createCipheriv('aes-128-gcm', part('aes128gcm', 16), part('nonce', 12));
  // The byte after the message says that it is the last record.
  const body = Buffer.concat([
    cipher.update(message),
    cipher.update(Buffer.from([2])),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(4_096);
  head.writeUInt8(own.getPublicKey().length, 4);
  return Buffer.concat([salt, head, own.getPublicKey(), body]);
}
