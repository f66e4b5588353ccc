import { defineModule } from '../../engine/index.ts';
import { agenda } from './agenda.ts';
import { answerMeeting, noteAnswer } from './answering.ts';
import { busy, meetingTimes } from './busy.ts';
import { importing } from './importing.ts';
import { guestAnswer, inviteGuest } from './invitation-letters.ts';
import { inviting, MeetingLetter } from './invitations.ts';
import { Meeting } from './meeting.ts';
import { rolling } from './meeting-series.ts';
import { cancelMeeting, changeMeeting } from './meeting-verbs.ts';
import { Call, Email, Note } from './objects.ts';
import { repeating } from './repeating.ts';
import { Task } from './task.ts';
import { unreached } from './unreached.ts';
import { completeTask, reopenTask, skipTask } from './verbs.ts';

export const activities = defineModule({
  name: 'activities',
  objects: [Task, Call, Meeting, Note, Email, MeetingLetter],
  importing: [importing],
  verbs: [completeTask, reopenTask, skipTask, changeMeeting, cancelMeeting, answerMeeting, noteAnswer],
  watches: [repeating, rolling, inviting],
  jobs: [inviteGuest],
  links: [guestAnswer],
  reports: [agenda, unreached, busy, meetingTimes],
});

export { Call, Email, Meeting, Note, Task };
