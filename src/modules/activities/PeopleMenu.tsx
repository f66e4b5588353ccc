import { Popover } from '@mantine/core';
import { useState } from 'react';
import { Avatar } from '../../kit/Avatar.tsx';
import { Button } from '../../kit/Button.tsx';
import { Picker } from '../../kit/Picker.tsx';
import { t } from '../../kit/words.ts';
import s from './Calendar.module.css';
import type { CalendarState } from './use-calendar.ts';

/** As many stand beside each other, at most. */
const most = 12;

/** Whose days are shown: one's own, those of some others, or of the team. */
export function PeopleMenu({ state }: { state: CalendarState }) {
  const { people, everyone, me, search, change } = state;
  const [open, setOpen] = useState(false);
  const chosen = people.map(({ id }) => id);
  const alone = people.length === 1;
  const label =
    search.people === 'team'
      ? t('agenda.myTeam')
      : alone
        ? people[0]?.id === me.id
          ? t('agenda.onlyMe')
          : (people[0]?.name ?? '')
        : t('agenda.people', { count: people.length });
  const choose = (ids: string[]) =>
    change({
      people:
        ids.length === 0 || (ids.length === 1 && ids[0] === me.id) ? undefined : ids.slice(0, most).join(','),
    });
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={280} trapFocus>
      <Popover.Target>
        <Button
          icon={alone ? 'user' : 'users'}
          aria-expanded={open}
          aria-label={t('agenda.whose', { people: label })}
          onClick={() => setOpen(!open)}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={s.people}>
        <div className={s.quick}>
          <Button look="quiet" icon="user" onClick={() => choose([])}>
            {t('agenda.onlyMe')}
          </Button>
          {me.team && (
            <Button look="quiet" icon="users" onClick={() => change({ people: 'team' })}>
              {t('agenda.myTeam')}
            </Button>
          )}
        </div>
        <Picker
          many
          label={t('agenda.choosePeople')}
          options={everyone.map(({ id, name }) => ({
            id,
            label: name,
            start: <Avatar id={id} title={name} round size={20} />,
          }))}
          chosen={chosen}
          onPick={({ id }) =>
            choose(chosen.includes(id) ? chosen.filter(each => each !== id) : [...chosen, id])
          }
          onClose={() => setOpen(false)}
          words={{ search: t('agenda.findPeople'), none: t('agenda.nobody'), clear: t('agenda.onlyMe') }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
