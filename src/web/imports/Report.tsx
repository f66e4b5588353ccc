import { Link } from '@tanstack/react-router';
import type { ImportResult } from '../../engine/index.ts';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import s from './Report.module.css';
import { TableFindings } from './TableFindings.tsx';

const counts = ['created', 'updated', 'unchanged', 'skipped', 'failed'] as const;

/** What came, or would come, of each table. `job`: the import whose refused rows can be fetched. */
export function Report({ outcome, job }: { outcome: ImportResult; job?: string }) {
  const meta = useMeta();
  const { tables } = outcome;
  const seen = counts.filter(name => name === 'created' || tables.some(report => report[name] > 0));
  return (
    <>
      <table className={s.table}>
        <caption className="sr-only">{t('import.report.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('import.report.table')}</th>
            {seen.map(name => (
              <th key={name} scope="col" className={s.figure}>
                {t(`import.report.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tables.map(report => {
            const object = objectNamed(meta, report.object);
            return (
              <tr key={`${report.file} ${report.table} ${report.object}`}>
                <th scope="row" className={s.name}>
                  <Icon name={object?.icon ?? 'table'} />
                  <span className={s.what}>
                    {job && object ? (
                      <Link to="/$object" params={{ object: object.path }} className={s.list}>
                        {object.plural}
                      </Link>
                    ) : (
                      <span>{object?.plural ?? report.object}</span>
                    )}
                    <span className={s.file} dir="auto">
                      {report.table}
                    </span>
                  </span>
                </th>
                {seen.map(name => (
                  <td
                    key={name}
                    className={s.figure}
                    data-label={t(`import.report.${name}`)}
                    data-none={report[name] === 0 || undefined}
                    data-wrong={(name === 'failed' && report.failed > 0) || undefined}
                  >
                    {report[name].toLocaleString(meta.workspace.locale)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {tables
        .map((report, index) => ({ report, index }))
        // What was refused is looked for first.
        .sort((a, b) => Number(b.report.failed > 0) - Number(a.report.failed > 0))
        .map(({ report, index }) => (
          <TableFindings
            key={`${report.file} ${report.table} ${report.object}`}
            report={report}
            download={job ? `/api/imports/${job}/failures?table=${index}` : null}
          />
        ))}
    </>
  );
}
