/** How Farley reaches people who do not look at it. */

import { type SignedLink, sealed, signLink } from './link.ts';
import { createMailer, type Mailer } from './mail.ts';
import { createPusher, type Pusher } from './push.ts';

export interface Outside {
  /** Where users reach Farley, without a slash at the end. */
  url: string;
  /** Null where no mail server is set. */
  mail: Mailer | null;
  push: Pusher;
  /** The address of a signed link. */
  link(signed: SignedLink): string;
  /** The address of a page for outsiders. */
  page(signed: SignedLink): string;
  /** Where programs call a page for outsiders. */
  door(signed: SignedLink): string;
  /** What only this installation can write below a text, so that a change of it shows. */
  seal(text: string): string;
}

export interface OutsideOptions {
  url: string;
  secret: string;
  /** `smtp://…` and who letters are from; absent: no mail is sent. */
  smtp?: { url: string; from: string };
  /** Hosts of push services beside those of browsers. */
  pushHosts?: string[];
}

export function createOutside({ url, secret, smtp, pushHosts }: OutsideOptions): Outside {
  const from = smtp?.from ?? '';
  const address = /[^\s<]+@[^\s>]+/.exec(from)?.[0];
  return {
    url,
    mail: smtp ? createMailer(smtp.url, from) : null,
    push: createPusher(secret, address ? `mailto:${address}` : url, pushHosts),
    link: signed => `${url}/api/links/${signLink(secret, signed)}`,
    page: signed => `${url}/open/${signed.link}/${signLink(secret, signed)}`,
    door: signed => `${url}/api/open/${signed.link}/${signLink(secret, signed)}`,
    seal: text => sealed(secret, 'evidence', text).toString('base64url'),
  };
}
