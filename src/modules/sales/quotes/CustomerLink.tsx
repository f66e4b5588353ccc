import { useQuery } from '@tanstack/react-query';
import { Button } from '../../../kit/Button.tsx';
import { toast } from '../../../kit/toast.tsx';
import { t } from '../../../kit/words.ts';
import { type Row, read } from '../../../web/api.ts';
import s from './QuoteBuilder.module.css';

/** Where the customer reads and answers it, and whether the evidence of their answer is as it was kept. */
export function CustomerLink({ row }: { row: Row }) {
  const found = useQuery({
    queryKey: ['records', 'quote', 'groups', { link: row.id, version: row.version }],
    queryFn: ({ signal }) =>
      read<{ link: string | null; intact: boolean | null }>('/api/reports/quote-link', {
        body: { quote: row.id },
        signal,
      }),
    enabled: row.sentAt !== null,
  });
  const { link, intact } = found.data ?? {};
  if (!link) return null;
  return (
    <section className={s.panel} aria-labelledby="quote-link">
      <h2 id="quote-link">{t('quote.customer')}</h2>
      <p className={s.add}>
        <Button
          icon="link"
          onClick={() =>
            void navigator.clipboard.writeText(link).then(
              () => toast(t('quote.copied')),
              () => undefined,
            )
          }
        >
          {t('quote.copyLink')}
        </Button>
        <a className={s.link} href={link} target="_blank" rel="noreferrer">
          {t('quote.open')}
        </a>
      </p>
      {intact === true && <p className={s.note}>{t('quote.intact')}</p>}
      {intact === false && (
        <p className={s.wrong} role="alert">
          {t('quote.altered')}
        </p>
      )}
    </section>
  );
}
