import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { relatively } from '../../fields/moments.tsx';
import { record, reference, str } from '../../fields/read.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { type Row, read, write } from '../api.ts';
import { fail } from '../model/records.ts';
import { blank } from '../records/use-form.ts';
import { Failure } from '../shell/Missing.tsx';
import { Confirmed, CopyLine, Section, SettingsForm } from './parts.tsx';
import s from './Settings.module.css';
import { choiceField, useRoles } from './use-roles.ts';

const key = ['keys'] as const;

function Key({ row }: { row: Row }) {
  const client = useQueryClient();
  const services = useFieldServices();
  const name = str(record(row.name).full) || str(row.name);
  const by = reference(row.createdBy)?.title;
  async function revoke() {
    try {
      await write('DELETE', `/api/keys/${row.id}`);
      toast(t('settings.keys.revoked', { name }));
    } catch (error) {
      fail(error);
    }
    void client.invalidateQueries({ queryKey: key });
  }
  return (
    <li className={s.item}>
      <Icon name="key" />
      <span className={s.what}>
        <span className={s.name}>{name}</span>
        <span className={s.detail}>
          {[reference(row.role)?.title, relatively(str(row.createdAt), services), by]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      {row.active === false ? (
        <span className={s.aside}>{t('settings.keys.ended')}</span>
      ) : (
        <Confirmed
          label={t('settings.keys.revoke')}
          sure={t('settings.keys.revokeSure')}
          onConfirm={() => void revoke()}
        />
      )}
    </li>
  );
}

/** Keys for programs: each acts as a user of its own, with one role. */
export function Keys() {
  const client = useQueryClient();
  const roles = useRoles();
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<{ key: string; userId: string } | null>(null);
  const found = useQuery({ queryKey: key, queryFn: () => read<{ data: Row[] }>('/api/keys') });
  const revoked = found.data?.data.some(row => row.id === made?.userId && row.active === false);
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  return (
    <Section
      title={t('settings.keys.title')}
      lead={t('settings.keys.lead')}
      action={
        !adding && (
          <Button look="primary" icon="plus" onClick={() => setAdding(true)}>
            {t('settings.keys.add')}
          </Button>
        )
      }
    >
      {adding && (
        <SettingsForm
          panel
          focusFirst
          fields={[
            {
              ...blank,
              name: 'name',
              label: t('settings.keys.name'),
              help: t('settings.keys.nameHelp'),
              required: true,
            },
            choiceField(
              'role',
              t('settings.members.role'),
              roles.map(r => ({ value: r.name, label: r.label })),
            ),
          ]}
          label={t('settings.keys.make')}
          onCancel={() => setAdding(false)}
          save={async values => {
            const order = { name: '', role: '', ...values };
            const answer = await write<{ key: string; userId: string }>('POST', '/api/keys', order, {
              once: true,
            });
            setMade(answer.data);
            setAdding(false);
            void client.invalidateQueries({ queryKey: key });
          }}
        />
      )}
      {made && !revoked && (
        <div className={s.rows} role="status">
          <p>{t('settings.keys.once')}</p>
          <CopyLine text={made.key} />
        </div>
      )}
      {found.isPending && <SkeletonLines count={3} height={48} />}
      {found.data?.data.length === 0 && !adding && <p className={s.none}>{t('settings.keys.none')}</p>}
      <ul className={s.list}>
        {found.data?.data.map(row => (
          <Key key={row.id} row={row} />
        ))}
      </ul>
    </Section>
  );
}
