import type { Resolvable } from 'did-resolver';
import { openCarrier, type CarrierIo } from '../shared/carrier/open-carrier.js';
import type { JsonValue } from '../shared/json/parse-json.js';
import { checkVpToken } from '../shared/presentation/check-vp-token.js';
import { checkProofOnly } from '../shared/proof/data-integrity/check-proof-only.js';
import { ecdsaSd2023 } from '../shared/proof/data-integrity/ecdsa-sd-2023.js';
import type { ProofSuite } from '../shared/proof/types.js';
import type { TrustView } from '../shared/trust/trust-view.js';
import { verifyOpened } from '../shared/verdict/verify-opened.js';
import { checkVcApiCredential, checkVcApiPresentation } from './check-vc-api.js';
import type { Job, JobResult } from './worker-messages.js';

/** What a job may lean on. */
export interface JobContext {
  viewOf: (anchor: string) => TrustView;
  io: CarrierIo;
  /** Checks our own certificates. */
  suite: ProofSuite;
  /** For DIDs of others' credentials and presentations; our own certificates never need it. */
  resolver: Resolvable;
}

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
      return { kind: 'credential', ...(await checkVcApiCredential(job.json, job, context)) };
    case 'presentation':
      return { kind: 'presentation', ...(await checkVcApiPresentation(job, context)) };
    case 'proof-only': {
      const { publicKeyMultibase } = job;
      const { answer, code } = await checkProofOnly(job.json, {
        resolver: context.resolver,
        suites: [ecdsaSd2023],
        ...(publicKeyMultibase !== undefined && { publicKeyMultibase }),
      });
      return { kind: 'proof-only', problems: answer === 'pass' ? [] : [{ answer, code }] };
    }
    case 'vp-token': {
      const { anchor, now, asked } = job;
      const trust = { trust: context.viewOf(anchor), anchor, now, suite: context.suite };
      return { kind: 'vp-token', check: await checkVpToken(JSON.parse(job.json) as JsonValue, asked, trust) };
    }
  }
}
