import { useState } from 'react';
import { Tabs } from './Tabs.tsx';

const tabs = ['Timeline', 'Deals', 'Files'].map(name => ({ name, label: name }));
const icons = ['note', 'phone', 'checkbox'];
const long = 'Everything that was agreed with the parent company';

function Some({ look, icon }: { look: 'line' | 'pills'; icon?: boolean }) {
  const [open, setOpen] = useState('Timeline');
  const shown = tabs.map((tab, index) => (icon ? { ...tab, icon: icons[index]! } : tab));
  return <Tabs label={`Parts, ${look}`} tabs={shown} open={open} look={look} onOpen={setOpen} />;
}

export const Line = () => <Some look="line" />;

export const Pills = () => <Some look="pills" icon />;

export const Long = () => (
  <div style={{ inlineSize: 200 }}>
    <Tabs
      label="Long parts"
      tabs={[...tabs, { name: long, label: long }]}
      open={long}
      onOpen={() => undefined}
    />
  </div>
);
