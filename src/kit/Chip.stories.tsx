import { Chip } from './Chip.tsx';

const colours = ['red', 'orange', 'amber', 'green', 'teal', 'blue', 'violet', 'pink', 'grey', null];

export const Colours = () =>
  colours.map(colour => (
    <Chip key={colour} colour={colour}>
      {colour ?? 'none'}
    </Chip>
  ));

export const Long = () => (
  <div style={{ display: 'flex', inlineSize: 160 }}>
    <Chip colour="green">Waiting for the signature of the parent company</Chip>
  </div>
);
