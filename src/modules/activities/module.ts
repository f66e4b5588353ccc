import { defineModule } from '../../engine/index.ts';
import { importing } from './importing.ts';
import { Call, Email, Meeting, Note } from './objects.ts';
import { repeating } from './repeating.ts';
import { Task } from './task.ts';
import { completeTask, reopenTask, skipTask } from './verbs.ts';

export const activities = defineModule({
  name: 'activities',
  objects: [Task, Call, Meeting, Note, Email],
  importing: [importing],
  verbs: [completeTask, reopenTask, skipTask],
  watches: [repeating],
});

export { Call, Email, Meeting, Note, Task };
