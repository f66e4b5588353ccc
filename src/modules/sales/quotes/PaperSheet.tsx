import s from './TemplatePreview.module.css';
import type { TemplatePreview } from './template-preview.ts';

type Paper = TemplatePreview['paper'];

/** A quote as it stands on paper: what the PDF says, in its order. */
export function PaperSheet({ paper }: { paper: Paper }) {
  const { words, columns } = paper;
  return (
    <article
      className={s.sheet}
      lang={paper.language}
      dir={/^(ar|he|fa|ur)\b/.test(paper.language) ? 'rtl' : 'ltr'}
      style={{ '--paper-accent': paper.accent } as React.CSSProperties}
    >
      <header className={s.head}>
        <p className={s.lines}>{paper.recipient}</p>
        <div className={s.sender}>
          {paper.logo && <img src={paper.logo} alt="" />}
          <p className={s.lines}>{paper.sender}</p>
        </div>
      </header>
      <h2 className={s.title}>{paper.title}</h2>
      <dl className={s.facts}>
        {paper.facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={s.lines}>{paper.intro}</p>
      <section
        className={s.scroll}
        data-sideways
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
        tabIndex={0}
        aria-label={words.description}
      >
        <table className={s.table}>
          <thead>
            <tr>
              {columns.position && <th scope="col">{words.position}</th>}
              <th scope="col">{words.description}</th>
              <th scope="col">{words.quantity}</th>
              <th scope="col">{words.price}</th>
              {columns.discount && <th scope="col">{words.discount}</th>}
              {columns.taxRate && <th scope="col">{words.taxRate}</th>}
              <th scope="col">{words.amount}</th>
            </tr>
          </thead>
          <tbody>
            {paper.lines.map(line => (
              <Line key={line.position} line={line} columns={columns} words={words} />
            ))}
          </tbody>
        </table>
      </section>
      <dl className={s.totals}>
        {paper.totals.map(({ label, amount, strong }) => (
          <div key={label} data-strong={strong || undefined}>
            <dt>{label}</dt>
            <dd>{amount}</dd>
          </div>
        ))}
      </dl>
      {[...paper.notes, paper.closing].filter(Boolean).map(text => (
        <p key={text} className={s.lines}>
          {text}
        </p>
      ))}
      {paper.terms && <p className={`${s.lines} ${s.fine}`}>{paper.terms}</p>}
    </article>
  );
}

interface LineProps extends Pick<Paper, 'columns' | 'words'> {
  line: Paper['lines'][number];
}

function Line({ line, columns, words }: LineProps) {
  const wide = 4 + Number(columns.position) + Number(columns.discount) + Number(columns.taxRate);
  return (
    <>
      {line.section && (
        <tr>
          <th scope="rowgroup" colSpan={wide} className={s.section}>
            {line.section}
          </th>
        </tr>
      )}
      <tr>
        {columns.position && <td>{line.position}</td>}
        <td>
          {line.name}
          {line.detail && <span className={s.fine}>{line.detail}</span>}
        </td>
        <td data-label={words.quantity}>{line.quantity}</td>
        <td data-label={words.price}>{line.price}</td>
        {columns.discount && <td data-label={words.discount}>{line.discount}</td>}
        {columns.taxRate && <td data-label={words.taxRate}>{line.taxRate}</td>}
        <td>{line.amount}</td>
      </tr>
    </>
  );
}
