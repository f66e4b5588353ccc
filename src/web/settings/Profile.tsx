import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Json } from '../../engine/index.ts';
import { SkeletonLines } from '../../kit/State.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { type Row, write } from '../api.ts';
import { languages } from '../i18n.ts';
import { fieldOf, metaKey, objectNamed, useMeta } from '../model/meta.tsx';
import { meKey, meQuery } from '../model/preferences.ts';
import { useActions, written } from '../model/records.ts';
import { Failure } from '../shell/Missing.tsx';
import { Section, SettingsForm } from './parts.tsx';
import { choiceField } from './use-roles.ts';
import { WorkingHours } from './WorkingHours.tsx';

const own = ['name', 'jobTitle', 'phone', 'language', 'timeZone', 'otherTimeZone'];

/** The languages there are, each as its own speakers call it. */
const { type, options } = choiceField(
  'language',
  '',
  languages.map(value => ({
    value,
    label: new Intl.DisplayNames([value], { type: 'language' }).of(value) ?? value,
  })),
);

/** What people say of themselves. */
export function Profile() {
  const client = useQueryClient();
  const actions = useActions();
  const object = objectNamed(useMeta(), 'user');
  const me = useQuery(meQuery);
  if (me.error && !me.data) return <Failure error={me.error} retry={() => void me.refetch()} />;
  if (!me.data || !object) return <SkeletonLines count={6} height={56} />;
  const { user } = me.data;
  const fields = own
    .map(name => fieldOf(object, name))
    .filter(field => field !== undefined)
    .map(field => (field.name === 'language' ? { ...field, type, options } : field));

  async function save(values: Record<string, Json>) {
    const answer = await write<{ user: Row }>('PATCH', '/api/me', written(object ?? { fields: [] }, values));
    client.setQueryData(meKey, answer.data);
    void client.invalidateQueries({ queryKey: metaKey });
    const { changeSet } = answer;
    toast(
      t('settings.saved'),
      changeSet
        ? {
            of: changeSet,
            action: {
              label: t('toast.undo'),
              run: () => actions.undo(changeSet).then(() => client.invalidateQueries()),
            },
          }
        : {},
    );
  }

  return (
    <>
      <Section title={t('settings.profile.title')} lead={t('settings.profile.lead')}>
        <SettingsForm
          key={String(user.version)}
          fields={fields}
          initial={Object.fromEntries(own.map(name => [name, user[name] ?? null]))}
          label={t('settings.profile.save')}
          save={save}
        />
      </Section>
      <WorkingHours key={JSON.stringify(user.workingHours)} value={user.workingHours ?? null} save={save} />
    </>
  );
}
