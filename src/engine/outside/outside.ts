/** How Farley reaches people who do not look at it. */

import { type SignedLink, signLink } from './link.ts';
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
  };
}
