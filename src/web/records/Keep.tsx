import type { MetaObject } from '../../engine/index.ts';
import { IconButton } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { useFavourite, useFollow } from '../model/keep.ts';

/** Keeps a record or view at hand. */
export function Star({ object, id }: { object: string; id: string }) {
  const favourite = useFavourite({ object, id });
  if (!favourite) return null;
  return (
    <IconButton
      icon={favourite.on ? 'star-filled' : 'star'}
      label={t(favourite.on ? 'keep.unstar' : 'keep.star')}
      aria-pressed={favourite.on}
      on={favourite.on}
      onClick={favourite.toggle}
    />
  );
}

export function FollowButton({ object, row }: { object: MetaObject; row: Row }) {
  const follow = useFollow(object, row);
  if (!follow || object.setup) return null;
  return (
    <IconButton
      icon={follow.on ? 'bell' : 'bell-off'}
      label={t(follow.on ? 'keep.unfollow' : 'keep.follow')}
      aria-pressed={follow.on}
      on={follow.on}
      onClick={follow.toggle}
    />
  );
}
