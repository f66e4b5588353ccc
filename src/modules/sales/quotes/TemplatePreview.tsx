import './builder-words.ts';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { str } from '../../../fields/read.tsx';
import { Button } from '../../../kit/Button.tsx';
import { Select } from '../../../kit/Select.tsx';
import { SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { read } from '../../../web/api.ts';
import { rowsOf } from '../../../web/model/cache.ts';
import { fieldOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import type { RecordPartProps } from '../../../web/model/parts.ts';
import { fail, useRecords, written } from '../../../web/model/records.ts';
import { useTyped } from '../../../web/model/typing.ts';
import { Failure } from '../../../web/shell/Missing.tsx';
import { onPaper } from './on-paper.ts';
import { PaperSheet } from './PaperSheet.tsx';
import s from './TemplatePreview.module.css';
import type { TemplatePreview as Preview } from './template-preview.ts';

/** Quotes to look at, the latest. */
const most = 20;
/** Milliseconds without a letter after which what was typed is drawn. */
const pause = 600;

/** The page of a quote as it comes out by this template, drawn anew while the template is being typed. */
export default function TemplatePreview({ object, row }: RecordPartProps) {
  const [quote, setQuote] = useState('');
  const [typed] = useDebouncedValue(useTyped(row.id), pause);
  const said = { ...row, ...typed };
  const values = written(object, Object.fromEntries(onPaper.map(name => [name, said[name] ?? null])));
  const body = { template: row.id, quote: quote || null, values };
  const found = useQuery({
    queryKey: [
      'records',
      'quoteTemplate',
      'groups',
      { preview: body, version: row.version ?? row.updatedAt ?? null },
    ],
    queryFn: ({ signal }) => read<Preview>('/api/reports/quote-template', { body, signal }),
    placeholderData: keepPreviousData,
  });
  async function open() {
    try {
      const { pdf } = await read<Preview>('/api/reports/quote-template', { body: { ...body, pdf: true } });
      const bytes = Uint8Array.from(atob(pdf ?? ''), each => each.charCodeAt(0));
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
      link.download = `${str(row.name)}.pdf`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      fail(error);
    }
  }
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <SkeletonLines count={12} />;
  const label = (name: string) => fieldOf(object, name)?.label ?? name;
  return (
    <section className={s.preview} aria-label={t('quote.template.preview')}>
      <div className={s.bar}>
        <QuoteChoice value={quote} onChange={setQuote} />
        <Button icon="download" onClick={() => void open()}>
          {t('quote.template.pdf')}
        </Button>
      </div>
      {found.data.unknown.length > 0 && (
        <ul className={s.unknown} aria-label={t('quote.template.unknown')}>
          {found.data.unknown.map(({ field, name }) => (
            <li key={`${field} ${name}`}>
              {t('quote.template.unknownIn', { name: `{${name}}`, field: label(field) })}
            </li>
          ))}
        </ul>
      )}
      <PaperSheet paper={found.data.paper} />
    </section>
  );
}

function QuoteChoice({ value, onChange }: { value: string; onChange(id: string): void }) {
  const quotes = objectNamed(useMeta(), 'quote')!;
  const latest = useRecords(quotes, { fields: [quotes.title], sort: ['-createdAt'], limit: most });
  const options = rowsOf(latest.data).map(row => ({ value: row.id, label: str(row[quotes.title]) }));
  return (
    <Select
      label={t('quote.template.shown')}
      value={value}
      options={[{ value: '', label: t('quote.template.sample') }, ...options]}
      onChange={onChange}
    />
  );
}
