import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import type { Format } from '../../fields/view.ts';
import { readingKey } from '../../kit/direction.ts';
import { tintStyle } from '../../kit/tint.ts';
import type { Row } from '../api.ts';
import { addDays, nameOf } from '../model/days.ts';
import { useTitle } from '../records/Name.tsx';
import { type Lane, type Part, pulled } from './lanes.ts';
import s from './Schedule.module.css';
import { hueOf, type Stretch } from './use-stretch.ts';

interface BarProps {
  object: MetaObject;
  row: Row;
  colour: MetaField | undefined;
  lane: Lane;
  /** Pixels of a day. */
  width: number;
  /** Where the days begin, in pixels. */
  offset: number;
  format: Format;
  stretch: Stretch;
  /** What can be pulled. */
  parts: Part[];
  hint: string;
  onMove(part: Part, days: number): void;
  onOpen(): void;
}

interface Pull {
  part: Part;
  days: number;
}

/** A record along time: pulled in its middle it moves, at its sides it grows and shrinks; the same by keys. */
export function Bar(props: BarProps) {
  const { object, row, colour, width, offset, format, stretch, parts, hint, onMove, onOpen } = props;
  const title = useTitle(object, row);
  const [pull, setPull] = useState<Pull | null>(null);
  /** A click follows every pull; that one opens nothing. */
  const wasPulled = useRef(false);
  const lane = pull ? pulled(props.lane, pull.part, pull.days) : props.lane;
  const dayAt = (count: number) => nameOf(addDays(stretch.from, count), 'day', format.locale);
  const when = lane.to - lane.from > 1 ? `${dayAt(lane.from)} – ${dayAt(lane.to - 1)}` : dayAt(lane.from);

  function grab(part: Part, event: PointerEvent<HTMLElement>) {
    wasPulled.current = false;
    if (event.button !== 0 || !parts.includes(part)) return;
    event.stopPropagation();
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const from = event.clientX;
    const way = getComputedStyle(handle).direction === 'rtl' ? -1 : 1;
    let days = 0;
    handle.onpointermove = moved => {
      days = Math.round(((moved.clientX - from) * way) / width);
      if (days !== 0) wasPulled.current = true;
      setPull({ part, days });
    };
    const over = (done: boolean) => {
      handle.onpointermove = handle.onpointerup = handle.onpointercancel = null;
      setPull(null);
      if (done && days !== 0) onMove(part, days);
    };
    handle.onpointerup = () => over(true);
    handle.onpointercancel = () => over(false);
  }

  function onKeyDown(event: KeyboardEvent) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[readingKey(event.key)];
    const part: Part = event.shiftKey ? 'end' : 'whole';
    if (!event.altKey || !by || !parts.includes(part)) return;
    event.preventDefault();
    onMove(part, by);
  }

  return (
    <button
      type="button"
      className={s.bar}
      data-movable={parts.includes('whole') || undefined}
      data-pulled={pull !== null || undefined}
      style={{
        ...tintStyle(hueOf(row, colour)),
        insetInlineStart: offset + lane.from * width + 1,
        inlineSize: Math.max(8, (lane.to - lane.from) * width - 2),
      }}
      aria-label={`${title}, ${when}`}
      title={`${title}, ${when}. ${hint}`}
      onPointerDown={event => grab('whole', event)}
      onKeyDown={onKeyDown}
      onClick={() => {
        if (!wasPulled.current) onOpen();
      }}
    >
      {parts.includes('start') && (
        <span className={s.grip} data-side="start" onPointerDown={event => grab('start', event)} />
      )}
      <span className={s.barText} style={{ insetInlineStart: offset }}>
        {pull ? when : title}
      </span>
      {parts.includes('end') && (
        <span className={s.grip} data-side="end" onPointerDown={event => grab('end', event)} />
      )}
    </button>
  );
}
