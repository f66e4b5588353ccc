import { useState } from 'react';
import type { ImportResult } from '../../engine/index.ts';
import { saidSentence } from '../../fields/said.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { inText } from '../model/language.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import s from './Report.module.css';

type TableReport = ImportResult['tables'][number];

function Examples({ examples }: Pick<TableReport['failures'][number], 'examples'>) {
  const { locale } = useMeta().workspace;
  const rowOf = ({ row }: { row: number }) => t('import.report.row', { row: row.toLocaleString(locale) });
  if (examples.every(({ value }) => value === ''))
    return examples.length > 0 && <span className={s.example}>{examples.map(rowOf).join(', ')}</span>;
  return examples.map(example => (
    <span key={example.row} className={s.example} dir="auto">
      {rowOf(example)}: {example.value}
    </span>
  ));
}

const shown = 5;

function Findings({
  title,
  findings,
  wrong,
}: {
  title: string;
  findings: TableReport['failures'];
  wrong?: boolean;
}) {
  const { locale } = useMeta().workspace;
  const [all, setAll] = useState(false);
  if (findings.length === 0) return null;
  return (
    <div className={s.findings}>
      <h4 className={s.findingsName} data-wrong={wrong || undefined}>
        {title}
      </h4>
      <ul>
        {findings.slice(0, all ? undefined : shown).map(({ message, count, examples }) => (
          <li key={message} className={s.finding}>
            <span className={s.count}>{count.toLocaleString(locale)}</span>
            <span className={s.message}>
              {saidSentence(message)}
              <Examples examples={examples} />
            </span>
          </li>
        ))}
      </ul>
      {!all && findings.length > shown && (
        <Button look="quiet" onClick={() => setAll(true)}>
          {t('import.report.more', { count: findings.length - shown })}
        </Button>
      )}
    </div>
  );
}

/** What was remarkable about one table: new fields, refused rows, warnings. */
export function TableFindings({ report, download }: { report: TableReport; download: string | null }) {
  const meta = useMeta();
  const kind = objectNamed(meta, report.object)?.plural ?? report.object;
  const name = t('import.columns.partOf', { table: report.table, part: kind });
  const number = (n: number) => n.toLocaleString(meta.workspace.locale);
  const typeLabel = (type: string) => inText(meta.types.find(({ name }) => name === type)?.label ?? type);
  const made = Object.entries(report.linked)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${number(count)} ${inText(objectNamed(meta, name)?.plural ?? name)}`);
  const quiet = [
    ...(made.length > 0 ? [t('import.report.linked', { what: made.join(', ') })] : []),
    ...report.notes,
    ...(report.unusedColumns.length > 0
      ? [t('import.report.unused', { columns: report.unusedColumns.join(', ') })]
      : []),
  ];
  const fields = report.newFields ?? [];
  if (quiet.length + fields.length + report.failures.length + report.warnings.length === 0) return null;
  return (
    <section className={s.details} aria-label={name}>
      <h3 className={s.detailsName} dir="auto">
        {name}
      </h3>
      {quiet.map(text => (
        <p key={text} className={s.quiet}>
          {saidSentence(text)}
        </p>
      ))}
      {fields.length > 0 && (
        <div className={s.findings}>
          <h4 className={s.findingsName}>{t('import.report.newFields')}</h4>
          <ul>
            {fields.map(({ name, label, type, filled, examples }) => (
              <li key={name} className={s.finding}>
                <span className={s.count}>{number(filled)}</span>
                <span className={s.message}>
                  {t('import.report.newField', { label, type: typeLabel(type) })}
                  {examples.length > 0 && (
                    <span className={s.example} dir="auto">
                      {examples.join(' · ')}
                    </span>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Findings title={t('import.report.failures')} findings={report.failures} wrong />
      {download && report.failed > 0 && (
        <a className={s.download} href={download} download>
          <Icon name="download" />
          {t('import.report.download', { count: report.failed })}
        </a>
      )}
      <Findings title={t('import.report.warnings')} findings={report.warnings} />
    </section>
  );
}
