import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Json } from '../../engine/index.ts';
import { list, optionsOf, str } from '../../fields/read.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { type Row, read, write } from '../api.ts';
import { fieldOf, objectNamed, useMeta } from '../model/meta.tsx';
import { fail } from '../model/records.ts';
import { Failure } from '../shell/Missing.tsx';
import { ByMail, OnThisDevice } from './ByMail.tsx';
import s from './Notifications.module.css';
import { Section } from './parts.tsx';

const meKey = ['me'] as const;

/** Of what one is told. */
export function Notifications() {
  const client = useQueryClient();
  const object = objectNamed(useMeta(), 'user');
  const me = useQuery({ queryKey: meKey, queryFn: () => read<{ user: Row }>('/api/me') });
  if (me.error && !me.data) return <Failure error={me.error} retry={() => void me.refetch()} />;
  const field = object && fieldOf(object, 'silenced');
  if (!me.data || !field) return <SkeletonLines count={5} height={40} />;
  const silenced = list(me.data.user.silenced ?? null).map(str);

  async function save(values: Record<string, Json>) {
    const before = me.data;
    // An answer that is under way would put back what was before.
    await client.cancelQueries({ queryKey: meKey });
    if (before) client.setQueryData(meKey, { ...before, user: { ...before.user, ...values } });
    try {
      const answer = await write<{ user: Row }>('PATCH', '/api/me', values);
      client.setQueryData(meKey, answer.data);
    } catch (error) {
      client.setQueryData(meKey, before);
      fail(error);
    }
  }

  const put = (kind: string, wanted: boolean) =>
    save({ silenced: wanted ? silenced.filter(name => name !== kind) : [...silenced, kind] });
  const kinds = optionsOf(field).map(({ value }) => value);

  return (
    <>
      <Section title={t('settings.notifications.title')} lead={t('settings.notifications.lead')}>
        <ul className={s.kinds}>
          {kinds.map(value => (
            <li key={value}>
              <label className={s.kind}>
                <input
                  type="checkbox"
                  className={s.box}
                  checked={!silenced.includes(value)}
                  onChange={event => void put(value, event.target.checked)}
                />
                <span>
                  <b className={s.name}>{t(`settings.notifications.${value}.title`)}</b>
                  <span className={s.help}>{t(`settings.notifications.${value}.help`)}</span>
                </span>
              </label>
            </li>
          ))}
        </ul>
      </Section>
      <ByMail
        kinds={kinds.filter(kind => !silenced.includes(kind))}
        mailed={me.data.user.mailed ?? null}
        save={save}
      />
      <OnThisDevice />
    </>
  );
}
