import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { reference, str } from '../../fields/read.tsx';
import { Avatar } from '../../kit/Avatar.tsx';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Chip } from '../../kit/Chip.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { Select } from '../../kit/Select.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { type Row, write } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { objectNamed, titleOf, useMeta } from '../model/meta.tsx';
import { fail, useActions, useRecords } from '../model/records.ts';
import { blank } from '../records/use-form.ts';
import { Failure, Missing } from '../shell/Missing.tsx';
import { useOutside } from './ByMail.tsx';
import { CopyLine, Section, SettingsForm } from './parts.tsx';
import s from './Settings.module.css';
import { choiceField, type Role, useRoles } from './use-roles.ts';

/** The link of an invitation, and where it was sent, where mail is set up. */
interface Invited {
  /** Null where it is for its owner's eyes alone. */
  link: string | null;
  sentTo: string | null;
}

async function linkFor(role: string, more: { user?: string; email?: string } = {}): Promise<Invited> {
  return (await write<Invited>('POST', '/api/invitations', { role, ...more }, { once: true })).data;
}

interface MemberProps {
  object: MetaObject;
  row: Row;
  roles: Role[];
  onLink(name: string, invited: Invited): void;
}

function Member({ object, row, roles, onLink }: MemberProps) {
  const meta = useMeta();
  const actions = useActions();
  const title = titleOf(meta, object, row);
  const role = reference(row.role);
  const active = row.active !== false;
  const self = row.id === meta.me.id;
  async function makeLink() {
    try {
      const name = roles.find(r => r.id === role?.id)?.name ?? '';
      onLink(title, await linkFor(name, { user: row.id }));
    } catch (error) {
      fail(error);
    }
  }
  return (
    <li className={s.item}>
      <Avatar id={row.id} title={title} round size={32} />
      <span className={s.what}>
        <Link to="/$object/$id" params={{ object: object.path, id: row.id }} className={s.name}>
          {title}
        </Link>
        <span className={s.detail}>{str(row.email) || t('settings.members.noEmail')}</span>
      </span>
      {!active && <Chip>{t('settings.members.inactive')}</Chip>}
      <Select
        quiet
        label={t('settings.members.roleOf', { name: title })}
        value={role?.id ?? ''}
        options={[
          ...(role ? [] : [{ value: '', label: t('settings.members.noRole') }]),
          ...roles.map(r => ({ value: r.id, label: r.label })),
        ]}
        onChange={id =>
          void actions.edit(object, row, {
            role: { id, title: roles.find(r => r.id === id)?.label ?? '' },
          })
        }
      />
      <Menu
        position="bottom-end"
        width={240}
        of={<IconButton icon="dots" label={t('settings.members.more', { name: title })} />}
      >
        <Menu.Item leftSection={<Icon name="link" />} onClick={() => void makeLink()}>
          {t('settings.members.link')}
        </Menu.Item>
        <Menu.Item
          disabled={self}
          leftSection={<Icon name={active ? 'ban' : 'check'} />}
          onClick={() => void actions.edit(object, row, { active: !active })}
        >
          {t(active ? 'settings.members.deactivate' : 'settings.members.activate')}
        </Menu.Item>
      </Menu>
    </li>
  );
}

/** Who signs in here, and with which rights. */
export function Members() {
  const object = objectNamed(useMeta(), 'user');
  return object ? <List object={object} /> : <Missing />;
}

function List({ object }: { object: MetaObject }) {
  const roles = useRoles();
  const [inviting, setInviting] = useState(false);
  const mails = Boolean(useOutside().data?.mail);
  const [made, setMade] = useState<{ text: string; link: string | null } | null>(null);
  const tell = (text: string, { link, sentTo }: Invited) =>
    setMade({ text: sentTo ? t('invite.sent', { to: sentTo }) : text, link });
  const found = useRecords(object, {
    filter: { field: 'kind', op: 'is', value: 'person' },
    fields: ['name', 'email', 'role', 'active'],
    sort: ['-active', 'name'],
    limit: 200,
  });
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  return (
    <Section
      title={t('settings.members.title')}
      lead={t('settings.members.lead')}
      action={
        !inviting && (
          <Button look="primary" icon="user-plus" onClick={() => setInviting(true)}>
            {t('settings.members.invite')}
          </Button>
        )
      }
    >
      {inviting && (
        <SettingsForm
          panel
          fields={[
            choiceField(
              'role',
              t('settings.members.role'),
              roles.map(r => ({ value: r.name, label: r.label })),
            ),
            ...(mails
              ? [
                  {
                    ...blank,
                    name: 'email',
                    label: t('invite.email'),
                    help: t('invite.emailHelp'),
                    type: 'email',
                  },
                ]
              : []),
          ]}
          label={t('settings.members.makeLink')}
          onCancel={() => setInviting(false)}
          save={async ({ role, email }) => {
            const address = str(email ?? null);
            tell(t('settings.members.invited'), await linkFor(str(role), address ? { email: address } : {}));
            setInviting(false);
          }}
        />
      )}
      {made && (
        <div className={s.rows} role="status">
          <p>{made.text}</p>
          {made.link && <CopyLine text={made.link} />}
        </div>
      )}
      {found.isPending && <SkeletonLines count={5} height={48} />}
      <ul className={s.list} hidden={found.isPending}>
        {rowsOf(found.data).map(row => (
          <Member
            key={row.id}
            object={object}
            row={row}
            roles={roles}
            onLink={(name, invited) => tell(t('settings.members.linked', { name }), invited)}
          />
        ))}
      </ul>
    </Section>
  );
}
