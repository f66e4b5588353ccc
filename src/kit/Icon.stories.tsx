import { Icon } from './Icon.tsx';
import { icons } from './icons.ts';

export const All = () => Object.keys(icons).map(name => <Icon key={name} name={name} size={20} />);

export const Sizes = () =>
  ([14, 16, 18, 20, 28] as const).map(size => <Icon key={size} name="building" size={size} />);

/** They turn around where people read from right to left. */
export const Pointing = () =>
  ['arrow-right', 'chevron-left', 'layout-sidebar', 'external-link'].map(name => (
    <Icon key={name} name={name} size={28} label={name} />
  ));

export const Unknown = () => <Icon name="no-such-thing" label="Something" />;
