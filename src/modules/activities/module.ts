import { defineModule } from '../../engine/index.ts';
import { importing } from './importing.ts';
import { Call, Email, Meeting, Note, Task } from './objects.ts';
import { completeTask, reopenTask } from './verbs.ts';

export const activities = defineModule({
  name: 'activities',
  objects: [Task, Call, Meeting, Note, Email],
  importing: [importing],
  verbs: [completeTask, reopenTask],
});

export { Call, Email, Meeting, Note, Task };
