import { t } from '../../../kit/words.ts';
import { manyFigures } from './CardFrame.tsx';
import type { StagePictureProps } from './CardPictures.tsx';
import c from './CardTable.module.css';

/** Where the deals that entered each stage have gone, and how long half of them stayed; each number opens its deals. */
export function StageTimes({ history, words, ask }: StagePictureProps) {
  const stages = history.stages.filter(({ kind }) => kind === 'open');
  return (
    <div className={c.tableBox} data-sideways>
      <table className={c.table} {...manyFigures(5)}>
        <thead>
          <tr>
            <th scope="col">{t('dashboard.head.stage')}</th>
            {(['moved', 'lost', 'stayed', 'rate', 'median'] as const).map(name => (
              <th key={name} scope="col" data-number>
                {t(`dashboard.head.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stages.map(each => (
            <tr key={each.stage}>
              <th scope="row">{each.name}</th>
              {(['moved', 'lost', 'stayed'] as const).map(became => (
                <td key={became}>
                  {each[became] === 0 ? (
                    '0'
                  ) : (
                    <button
                      type="button"
                      className={c.number}
                      onClick={() =>
                        ask({
                          title: `${each.name}: ${t(`dashboard.head.${became}`)}`,
                          of: { kind: 'entered', stage: each.stage, became },
                        })
                      }
                    >
                      {words.number(each[became])}
                    </button>
                  )}
                </td>
              ))}
              <td>{each.entered > 0 ? words.share(each.moved / each.entered) : '–'}</td>
              <td>{each.median === null ? '–' : words.days(each.median)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
