import { defineModule } from '../../engine/index.ts';
import { Favourite, Follow, Notification } from './objects.ts';
import { reminding } from './reminders.ts';
import { telling } from './telling.ts';

export const notifications = defineModule({
  name: 'notifications',
  objects: [Notification, Follow, Favourite],
  watches: [telling, reminding],
});
