import { defineModule } from '../../engine/index.ts';
import { importing } from './importing.ts';
import { Call, Meeting, Note, Task } from './objects.ts';
import { completeTask, reopenTask } from './verbs.ts';

export const activities = defineModule({
  name: 'activities',
  objects: [Task, Call, Meeting, Note],
  importing: [importing],
  verbs: [completeTask, reopenTask],
});

export { Call, Meeting, Note, Task };
