import './lead-words.ts';
import { useQuery } from '@tanstack/react-query';
import { relatively } from '../../../fields/moments.tsx';
import { Button } from '../../../kit/Button.tsx';
import { toast } from '../../../kit/toast.tsx';
import { t } from '../../../kit/words.ts';
import { read } from '../../../web/api.ts';
import { formatOf, useMeta } from '../../../web/model/meta.tsx';
import type { RecordPartProps } from '../../../web/model/parts.ts';
import s from './LetterDoor.module.css';

interface Door {
  address: string | null;
  last: { id: string; name: string; state: string; at: string } | null;
}

/** Ways in which letters are handed on: what is called so everywhere, and the line that does it. */
const ways: { name: string; line(address: string): string }[] = [
  {
    name: 'Postfix, Exim, Sendmail (/etc/aliases)',
    // EX_TEMPFAIL: what is not taken is tried again, and does not come back to its sender.
    line: address =>
      `sales: "|curl -sf -H 'Content-Type: message/rfc822' --data-binary @- ${address} || exit 75"`,
  },
  {
    name: 'procmail (~/.procmailrc)',
    line: address => `:0 cw\n| curl -sf -H 'Content-Type: message/rfc822' --data-binary @- ${address}`,
  },
  {
    name: 'Cloudflare Email Workers',
    line: address =>
      `await fetch('${address}', { method: 'POST', headers: { 'content-type': 'message/rfc822' }, body: await new Response(message.raw).arrayBuffer() })`,
  },
  // Mailgun sends letters as they came to addresses that end so.
  { name: 'Mailgun (Routes)', line: address => `forward("${address.replace(/send$/, 'mime')}")` },
  { name: 'SendGrid Inbound Parse (POST the raw, full MIME message)', line: address => address },
  {
    name: 'Amazon SES → SNS (Base64)',
    line: address =>
      `aws sns subscribe --topic-arn arn:aws:sns:eu-west-1:123456789012:sales --protocol https --notification-endpoint ${address}`,
  },
];

/** Where letters are handed in that become leads, how mail servers do it, and whether any came. */
export default function LetterDoor({ row }: RecordPartProps) {
  const format = formatOf(useMeta());
  const { data: door } = useQuery({
    queryKey: ['records', 'formSubmission', 'groups', { address: row.id, version: row.version }],
    queryFn: ({ signal }) => read<Door>('/api/reports/letter-address', { body: { address: row.id }, signal }),
  });
  if (!door) return <div aria-busy="true" />;
  const { address, last } = door;
  const state = last ? t(`lead.letters.state.${last.state}`) : '';
  return (
    <div className={s.door}>
      <p className={s.state} data-off={row.active !== true || undefined}>
        {t(row.active === true ? 'lead.letters.on' : 'lead.letters.off')}
      </p>
      <p className={s.note}>
        {last
          ? t('lead.letters.last', { name: last.name, when: relatively(last.at, format), state })
          : t('lead.letters.none')}
      </p>
      <h2>{t('lead.letters.where')}</h2>
      {address ? (
        <>
          <p className={s.note}>{t('lead.letters.post')}</p>
          <Line text={address} copy={t('lead.form.copyAddress')} />
          <p className={s.note}>{t('lead.letters.secret')}</p>
          <h2>{t('lead.letters.how')}</h2>
          {ways.map(({ name, line }) => (
            <section key={name}>
              <h3>
                <bdi>{name}</bdi>
              </h3>
              <Line text={line(address)} copy={t('lead.letters.copy')} />
            </section>
          ))}
        </>
      ) : (
        <p className={s.note}>{t('lead.letters.hidden')}</p>
      )}
    </div>
  );
}

function Line({ text, copy }: { text: string; copy: string }) {
  const take = () =>
    void navigator.clipboard.writeText(text).then(
      () => toast(t('lead.form.copied')),
      () => undefined,
    );
  return (
    <div className={s.line}>
      <pre className={s.code} dir="ltr">
        {text}
      </pre>
      <Button icon="copy" onClick={take}>
        {copy}
      </Button>
    </div>
  );
}
