import { Candidates } from './candidates.js';
import { handIn } from './hand-in.js';
import { Joint } from './joint.js';
import { Plans, type SessionAddress } from './plans.js';
import { Results } from './results.js';
import type { Actor, SessionTools } from './tools.js';
import { Views } from './views.js';
import type { BatchProgress } from '../batch/types.js';

/**
 * Assessment sessions (考核计划) of the institutions of this host: plan → candidates → results → a batch of those who passed; joint
 * examinations of several institutions (DOMAIN M17).
 */
export class AssessmentSessions {
  readonly plans: Plans;
  readonly candidates: Candidates;
  readonly results: Results;
  readonly joint: Joint;
  readonly views: Views;

  constructor(private readonly tools: SessionTools) {
    this.plans = new Plans(tools);
    this.candidates = new Candidates(tools);
    this.results = new Results(tools);
    this.joint = new Joint(tools);
    this.views = new Views(tools);
  }

  /** Hands those who passed in as a batch. @throws YizhengError as `handIn` */
  handIn(address: SessionAddress, actor: Actor): Promise<BatchProgress> {
    return handIn(this.tools, address, actor);
  }
}

export { assessmentSessionMigrations } from './migrations.js';
export type { SessionAddress } from './plans.js';
export type { Candidate, ExamSession, ExamSessionDetail, PlanFit } from './types.js';
