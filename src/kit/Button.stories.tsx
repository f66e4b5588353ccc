import { Button, IconButton } from './Button.tsx';

const looks = ['primary', 'plain', 'quiet', 'danger'] as const;
const long = 'Merge the three records into the one that was there first';

export const Looks = () =>
  looks.map(look => (
    <Button key={look} look={look}>
      Convert lead
    </Button>
  ));

export const WithIcon = () =>
  looks.map(look => (
    <Button key={look} look={look} icon="arrow-merge">
      Merge
    </Button>
  ));

export const Disabled = () =>
  looks.map(look => (
    <Button key={look} look={look} icon="plus" disabled>
      Add deal
    </Button>
  ));

export const Busy = () =>
  looks.map(look => (
    <Button key={look} look={look} busy>
      Saving
    </Button>
  ));

export const Long = () => (
  <div style={{ inlineSize: 220 }}>
    <Button icon="arrow-merge">{long}</Button>
  </div>
);

export const Icons = () =>
  ([24, 28, 32] as const).flatMap(size => [
    <IconButton key={`plain ${size}`} icon="star" label={`Keep at hand ${size}`} size={size} />,
    <IconButton key={`on ${size}`} icon="star" label={`Kept at hand ${size}`} size={size} on />,
    <IconButton key={`off ${size}`} icon="star" label={`Cannot be kept ${size}`} size={size} disabled />,
  ]);
