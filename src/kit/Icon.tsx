import { type IconName, icons } from './icons.ts';

interface IconProps {
  /** A Tabler name in kebab case, with or without `Icon` before it; an unknown one becomes a dot. */
  name: IconName | (string & {});
  size?: 14 | 16 | 18 | 20 | 28;
  label?: string;
  className?: string;
}

function lookUp(name: string) {
  const known = icons as Record<string, (typeof icons)['point']>;
  return known[name] ?? known[kebab(name)] ?? icons.point;
}

function kebab(name: string): string {
  return name
    .replace(/^Icon(?=[A-Z])/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}

/** Icons that point along the way people read: they are mirrored where that is from right to left. */
const pointing =
  /^((chevron|arrow)s?-(narrow-)?(left|right)|arrow-(back|forward)|layout-sidebar|list|send|player-skip|trending|log(in|out)|external-link|corner|indent)/;

export function Icon({ name, size = 16, label, className }: IconProps) {
  const Tabler = lookUp(name);
  return (
    <Tabler
      size={size}
      stroke={1.5}
      className={className}
      style={{ flex: 'none' }}
      data-pointing={pointing.test(kebab(name)) || undefined}
      aria-hidden={label ? undefined : true}
      aria-label={label}
      role={label ? 'img' : undefined}
    />
  );
}
