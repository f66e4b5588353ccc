import { defineModule } from '../../engine/index.ts';
import { deliver, type Notice } from './deliver.ts';
import { Favourite, Follow, Notification } from './objects.ts';
import { purging } from './purge.ts';
import { reminding } from './reminders.ts';
import { mailing, send, unsubscribe } from './send.ts';
import { Device, Sending } from './sending.ts';
import { telling } from './telling.ts';

export const notifications = defineModule({
  name: 'notifications',
  objects: [Notification, Follow, Favourite, Sending, Device],
  watches: [telling, reminding, mailing, purging],
  jobs: [send],
  links: [unsubscribe],
});

export { deliver, type Notice };
