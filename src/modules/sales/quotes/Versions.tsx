import { Link } from '@tanstack/react-router';
import type { MetaObject } from '../../../engine/index.ts';
import { record, reference, str } from '../../../fields/read.tsx';
import { t } from '../../../kit/words.ts';
import type { Row } from '../../../web/api.ts';
import s from './QuoteBuilder.module.css';
import { useAmount } from './use-amount.ts';
import { useOfQuote } from './use-builder.ts';

const sort = ['position', 'id'];

/** What tells one line from the same line of another version. */
const keyOf = (line: Row) => reference(line.product)?.id ?? str(line.name);

/** Lines that are in one of two versions only, or differ in quantity or amount. */
function differences(before: Row[], after: Row[]): { name: string; was: Row | null; is: Row | null }[] {
  const [old, now] = [before, after].map(lines => new Map(lines.map(line => [keyOf(line), line])));
  const keys = [...new Set([...old!.keys(), ...now!.keys()])];
  return keys.flatMap(key => {
    const [was, is] = [old!.get(key) ?? null, now!.get(key) ?? null];
    const same =
      was && is && was.quantity === is.quantity && record(was.net).amount === record(is.net).amount;
    return same ? [] : [{ name: str((is ?? was)!.name), was, is }];
  });
}

/** The version before this one, and what differs from it. */
export function Versions({ object, row }: { object: MetaObject; row: Row }) {
  const earlier = reference(row.replaces);
  const before = useOfQuote('quoteLines', 'quoteLine', earlier?.id ?? null, sort);
  const after = useOfQuote('quoteLines', 'quoteLine', row.id, sort);
  const amount = useAmount(str(record(row.gross).currency));
  if (!earlier || !before.data || !after.data) return null;
  const told = (line: Row | null) =>
    line ? `${str(line.quantity)} · ${amount(str(record(line.net).amount))}` : t('quote.notIn');
  const found = differences(before.data.data, after.data.data);
  return (
    <section className={s.panel} aria-labelledby="quote-versions">
      <h2 id="quote-versions">{t('quote.versions')}</h2>
      <p>
        <Link className={s.link} to="/$object/$id" params={{ object: object.path, id: earlier.id }}>
          {earlier.title ?? t('quote.earlier')}
        </Link>
      </p>
      {found.length === 0 && <p className={s.note}>{t('quote.noDifference')}</p>}
      {found.length > 0 && (
        <table className={s.compare}>
          <thead>
            <tr>
              <th scope="col">{t('quote.name')}</th>
              <th scope="col">{t('quote.before')}</th>
              <th scope="col">{t('quote.after')}</th>
            </tr>
          </thead>
          <tbody>
            {found.map(({ name, was, is }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{told(was)}</td>
                <td>{told(is)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
