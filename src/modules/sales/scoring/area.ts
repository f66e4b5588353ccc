import type { ModuleArea } from '../../../engine/index.ts';
import { scoringDemo } from './demo.ts';
import { learnScores, scoreRecords, scoringWatch } from './learning.ts';
import { resetScores } from './reset.ts';
import { makeCards, Scorecard, ScoreModel, ScoreRule, trainScorecard, useScoreModel } from './scorecard.ts';
import { checkScores, scoringReport, whyScore } from './why.ts';

/** How promising records are, and why. */
export const scoring: ModuleArea = {
  objects: [Scorecard, ScoreRule, ScoreModel],
  verbs: [trainScorecard, useScoreModel, ...resetScores],
  jobs: [learnScores, scoreRecords],
  watches: [scoringWatch],
  reports: [whyScore, scoringReport, checkScores],
  seed: makeCards,
  demo: scoringDemo,
};
