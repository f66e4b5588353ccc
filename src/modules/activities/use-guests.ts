/** Guests of a meeting: who they are, what they said, and when all of them have time. */

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import type { Json } from '../../engine/index.ts';
import { list, reference, str } from '../../fields/read.tsx';
import { read } from '../../web/api.ts';
import { useMeta } from '../../web/model/meta.tsx';
import { type Answer, addressesOf, readAnswers } from './guests.ts';

export interface Guest {
  /** Its id, or its address. */
  key: string;
  name: string;
  /** Null for an address. */
  object: 'user' | 'person' | null;
  answer: Answer | null;
}

type Meeting = Record<string, Json | undefined>;

/** All who are asked: colleagues, people, and addresses. */
export function guestsIn(meeting: Meeting): Guest[] {
  const said = readAnswers(meeting.answers);
  const linked = (value: Json | undefined, object: 'user' | 'person'): Guest[] =>
    list(value ?? null).flatMap(item => {
      const link = reference(item);
      return link ? [{ key: link.id, name: link.title ?? '', object, answer: said[link.id] ?? null }] : [];
    });
  return [
    ...linked(meeting.colleagues, 'user'),
    ...linked(meeting.attendees, 'person'),
    ...addressesOf(meeting.otherGuests).map(address => ({
      key: address,
      name: address,
      object: null,
      answer: said[address] ?? null,
    })),
  ];
}

export interface Time {
  at: string;
  until: string;
}

interface Times {
  clashes: (Time & { user: string })[];
  free: Time[];
}

/** Who has something at the time of a meeting, and when nobody has; nothing is asked where there is nobody to ask. */
export function useTimes(meeting: Meeting, id?: string) {
  const meta = useMeta();
  const owner = reference(meeting.owner ?? null) ?? { id: meta.me.id, title: meta.me.name };
  const colleagues = list(meeting.colleagues ?? null).flatMap(item => reference(item) ?? []);
  const names = new Map([owner, ...colleagues].map(user => [user.id, user.title ?? '']));
  const [at, until] = [str(meeting.startsAt ?? null), str(meeting.endsAt ?? null)];
  const known = at !== '' && until > at;
  const input = { at, until, people: [...names.keys()], ...(id ? { meeting: id } : {}) };
  const { data } = useQuery({
    queryKey: ['records', 'meeting', 'groups', { report: 'meetingTimes', input }],
    queryFn: ({ signal }) => read<Times>('/api/reports/meetingTimes', { body: input, signal }),
    placeholderData: keepPreviousData,
    enabled: known && names.size > 0,
  });
  const busy = [...new Set((data?.clashes ?? []).map(({ user }) => user))];
  return {
    known: known && data !== undefined,
    alone: colleagues.length === 0,
    /** Names of those who have something then; empty where nobody has. */
    busy: new Intl.ListFormat(i18next.language, { type: 'conjunction' }).format(
      busy.map(user => (user === meta.me.id ? meta.me.name : (names.get(user) ?? ''))),
    ),
    count: busy.length,
    free: (data?.free ?? []).filter(time => time.at !== at),
  };
}
