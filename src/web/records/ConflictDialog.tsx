import { useQueryClient } from '@tanstack/react-query';
import type { Json, MetaField } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { type Row, read } from '../api.ts';
import { type Conflict, closeConflict } from '../model/conflict.ts';
import { fieldOf, isEmpty } from '../model/meta.tsx';
import { keys, patchEverywhere, useActions } from '../model/records.ts';
import { DialogFrame } from '../shell/DialogFrame.tsx';
import s from './Form.module.css';

function Side({ value, field }: { value: Json; field: MetaField }) {
  if (isEmpty(value)) return <span>{t('timeline.nothing')}</span>;
  const { Show } = viewOf(field.type);
  return <Show value={value} field={field} place="cell" />;
}

/** Two people changed the same thing: shows both, and lets this one decide. */
export default function ConflictDialog({ conflict }: { conflict: Conflict }) {
  const client = useQueryClient();
  const actions = useActions();
  const { object, id } = conflict;
  const rows = Object.entries(conflict.fields).flatMap(([name, sides]) => {
    const field = fieldOf(object, name);
    return field ? [{ field, sides }] : [];
  });

  async function settleWith(mine: boolean) {
    closeConflict();
    const row = await client.fetchQuery({
      queryKey: keys.record(object.name, id),
      queryFn: () => read<Row>(`/api/${object.path}/${id}`),
      staleTime: 0,
    });
    patchEverywhere(client, object.name, row);
    if (mine) await actions.edit(object, row, conflict.values);
  }

  return (
    <DialogFrame title={t('conflict.title')} size={560} onClose={() => void settleWith(false)}>
      <div className={s.fields}>
        <p className={s.text}>{t('conflict.text')}</p>
        <table className={s.sides}>
          <thead>
            <tr>
              <th scope="col">{t('conflict.field')}</th>
              <th scope="col">{t('conflict.original')}</th>
              <th scope="col">{t('conflict.theirs')}</th>
              <th scope="col">{t('conflict.yours')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ field, sides }) => (
              <tr key={field.name}>
                <td>{field.label}</td>
                <td>
                  <Side value={sides.original} field={field} />
                </td>
                <td>
                  <Side value={sides.actual} field={field} />
                </td>
                <td className={s.mine}>
                  <Side value={conflict.values[field.name] ?? sides.attempted} field={field} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <footer className={s.foot}>
        <Button data-autofocus onClick={() => void settleWith(false)}>
          {t('conflict.keepTheirs')}
        </Button>
        <Button look="primary" onClick={() => void settleWith(true)}>
          {t('conflict.useYours')}
        </Button>
      </footer>
    </DialogFrame>
  );
}
