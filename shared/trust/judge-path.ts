import { checkAccreditation, type JudgeContext } from './check-accreditation.js';
import { failure, type Failure } from './judgement.js';
import { judgeHop, type Standing } from './judge-hop.js';
import { outsideScope, scopeQuestion, type ScopeQuestion } from './scope.js';
import { instant, within } from './time.js';
import type { Chain } from './search-chains.js';
import type { CertificateFacts } from './types.js';

/** A certificate that stands at the anchor along one chain. */
export interface Candidate extends Standing {
  chain: Chain;
  /** Statement ids from the anchor down to the accreditation. */
  path: string[];
}

/** What a chain yields. */
export interface PathJudgement {
  candidates: Candidate[];
  failures: Failure[];
  /** True when some candidate failed without a fact that cannot be undone, so newer data might save it. */
  open: boolean;
  /** True when the chain ends in an accreditation of the issuer. */
  found: boolean;
}

/** Judges a chain from the certificate up to the anchor (TRUST §2.6-4). */
export function judgePath(facts: CertificateFacts, chain: Chain, context: JudgeContext): PathJudgement {
  const { view } = context;
  const last = chain.at(-1) ?? '';
  const result: PathJudgement = { candidates: [], failures: [], open: false, found: false };
  for (const row of view.accreditations(last, facts.issuer)) {
    result.found = true;
    const question = scopeQuestion(facts, row);
    const denied = denial(facts, question, chain, context);
    if (denied !== undefined) {
      result.failures.push(failure('DENIED_BY_ANCHOR', 90, denied));
      result.open = true;
      continue;
    }
    const found = checkAccreditation(facts, row, context, question);
    if (found.failures.length > 0) {
      const known = found.failures.filter((item) => item.weight !== 'unknown');
      result.failures.push(...(known.length > 0 ? known : found.failures));
      result.open ||= !known.some((item) => item.weight === 'final');
      continue;
    }
    let standings: Standing[] = [
      {
        as: question,
        counts: true,
        treatment: ['full'],
        obligations: [],
        entitlements: [],
        mappings: 0,
        warnings: found.warnings,
        statements: [row.id],
        mutual: chain.length > 1,
      },
    ];
    for (let i = chain.length - 1; i > 0 && standings.length > 0; i--) {
      const hop = {
        maker: chain[i - 1] ?? '',
        subject: chain[i] ?? '',
        below: chain.length - 1 - i,
        accreditation: row,
      };
      const above: Standing[] = [];
      for (const standing of standings) {
        const judged = judgeHop(facts, standing, hop, context);
        above.push(...judged.standings);
        result.failures.push(...judged.failures);
        result.open ||= judged.failures.some((item) => item.weight !== 'final');
      }
      standings = above;
    }
    for (const standing of standings)
      result.candidates.push({
        as: standing.as,
        counts: standing.counts,
        treatment: standing.treatment,
        obligations: standing.obligations,
        entitlements: standing.entitlements,
        mappings: standing.mappings,
        warnings: standing.warnings,
        statements: standing.statements,
        mutual: standing.mutual,
        chain,
        path: standing.statements.toReversed(),
      });
  }
  return result;
}

/** Id of the anchor's own live denial of the issuer or of anyone on the chain; what others deny is ignored. */
function denial(
  facts: CertificateFacts,
  question: ScopeQuestion,
  chain: Chain,
  { view, now }: JudgeContext,
): string | undefined {
  const anchor = chain[0] ?? '';
  for (let i = 0; i < chain.length; i++)
    for (const event of view.eventsBy(anchor, i === 0 ? facts.issuer : (chain[i] ?? '')))
      if (
        event.event === 'deny' &&
        within(
          now,
          instant(event.effectiveFrom),
          event.effectiveUntil === undefined ? undefined : instant(event.effectiveUntil),
        ) &&
        outsideScope(event.scope ?? {}, question, 'all').length === 0
      )
        return event.id;
  return undefined;
}
