import { useState } from 'react';
import { Button, IconButton } from './Button.tsx';
import { Menu, Popover } from './Menu.tsx';

export const OfAButton = () => (
  <Menu of={<IconButton icon="dots" label="More" />} position="bottom-start" width={200}>
    <Menu.Item>Rename</Menu.Item>
    <Menu.Divider />
    <Menu.Item>Delete</Menu.Item>
  </Menu>
);

export const WithWhatIsChosen = () => {
  const [opened, setOpened] = useState(false);
  return (
    <Popover
      of={<Button onClick={() => setOpened(!opened)}>Sort</Button>}
      opened={opened}
      onChange={setOpened}
    >
      <p>Newest first</p>
    </Popover>
  );
};
