import type { Resolvable } from 'did-resolver';
import { openCarrier, type CarrierIo } from '../shared/carrier/open-carrier.js';
import { claimsToBeCertificate } from '../shared/certificate/credential.js';
import { parseJsonObject, type JsonValue } from '../shared/json/parse-json.js';
import { checkVpToken } from '../shared/presentation/check-vp-token.js';
import { checkForeignCredential } from '../shared/proof/check-foreign-credential.js';
import { checkPresentation } from '../shared/proof/check-presentation.js';
import type { ProofCheck, ProofSuite } from '../shared/proof/types.js';
import type { TrustView } from '../shared/trust/trust-view.js';
import type { Verdict } from '../shared/verdict/types.js';
import { verify } from '../shared/verdict/verify.js';
import { verifyOpened } from '../shared/verdict/verify-opened.js';
import type { Job, JobResult, Problem } from './worker-messages.js';

/** What a job may lean on. */
export interface JobContext {
  viewOf: (anchor: string) => TrustView;
  io: CarrierIo;
  /** Checks our own certificates. */
  suite: ProofSuite;
  /** For DIDs of others' credentials and presentations; our own certificates never need it. */
  resolver: Resolvable;
}

/** The questions a machine's "verified" rests on; recognition and holder are the reader's own affair. */
const VC_API_QUESTIONS = ['authentic', 'authorised', 'current'] as const;

/**
 * Does one verification. Runs in a worker that the service can end.
 * @throws YizhengError for carriers and JSON that cannot be read
 */
export async function runJob(job: Job, context: JobContext): Promise<JobResult> {
  switch (job.kind) {
    case 'carrier': {
      const opened = await openCarrier(job.carrier, context.io);
      const verdict = await verifyOpened(opened, {
        trust: context.viewOf(job.anchor),
        anchor: job.anchor,
        now: job.now,
        suite: context.suite,
      });
      return {
        kind: 'carrier',
        verdict,
        carrier: opened.carrier,
        ...(opened.host === undefined ? {} : { host: opened.host }),
      };
    }
    case 'credential':
      return { kind: 'credential', ...(await checkCredential(job.json, job, context)) };
    case 'presentation': {
      const check = await checkPresentation(job.json, {
        now: job.now,
        challenge: job.challenge,
        domain: job.domain,
        resolver: context.resolver,
        checkCredential: async (json) => proofCheckOf((await checkCredential(json, job, context)).problems),
      });
      return {
        kind: 'presentation',
        problems: problemOf(check),
        ...(check.holder === undefined ? {} : { holder: check.holder }),
      };
    }
    case 'vp-token': {
      const { anchor, now, asked } = job;
      const trust = { trust: context.viewOf(anchor), anchor, now, suite: context.suite };
      return { kind: 'vp-token', check: await checkVpToken(JSON.parse(job.json) as JsonValue, asked, trust) };
    }
  }
}

async function checkCredential(
  json: string,
  { anchor, now }: Job,
  { viewOf, resolver, suite }: JobContext,
): Promise<{ problems: Problem[]; verdict?: Verdict }> {
  const document = parseJsonObject(json);
  if (claimsToBeCertificate(document)) {
    const verdict = await verify({ carrier: 'json', json }, { trust: viewOf(anchor), anchor, now, suite });
    return { problems: problemsOf(verdict), verdict };
  }
  const problems = problemOf(await checkForeignCredential(json, { now, resolver }));
  // Whether somebody else's list revoked it was not found out, and what is not known is never "verified".
  if (problems.length === 0 && document['credentialStatus'] !== undefined)
    return { problems: [{ code: 'STATUS_NOT_CHECKED', answer: 'unknown' }] };
  return { problems };
}

function problemsOf(verdict: Verdict): Problem[] {
  return VC_API_QUESTIONS.flatMap((question) => {
    const { answer, code } = verdict.questions[question];
    return answer === 'pass' ? [] : [{ question, answer, code }];
  });
}

function problemOf({ answer, code }: ProofCheck): Problem[] {
  return answer === 'pass' ? [] : [{ answer, code }];
}

function proofCheckOf(problems: readonly Problem[]): ProofCheck {
  const worst = problems.find(({ answer }) => answer === 'fail') ?? problems[0];
  return worst ? { answer: worst.answer, code: worst.code } : { answer: 'pass', code: 'PROOF_VALID' };
}
