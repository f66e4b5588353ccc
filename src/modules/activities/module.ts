import { defineModule } from '../../engine/index.ts';
import { Call, Meeting, Note, Task } from './objects.ts';
import { completeTask, reopenTask } from './verbs.ts';

export const activities = defineModule({
  name: 'activities',
  objects: [Task, Call, Meeting, Note],
  verbs: [completeTask, reopenTask],
});

export { Call, Meeting, Note, Task };
