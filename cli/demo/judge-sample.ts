import { createCarrierIo } from '../../server/carrier-io.js';
import { openCarrier } from '../../shared/carrier/open-carrier.js';
import type { Language } from '../../shared/verdict/translator.js';
import type { Headline, Verdict } from '../../shared/verdict/types.js';
import { verdictText } from '../../shared/verdict/verdict-text.js';
import { verify } from '../../shared/verdict/verify.js';
import type { Verifier } from '../../verifier/index.js';
import type { SampleCertificate } from './issue-sample.js';
import type { SeededAuthority } from './seed-alliance.js';

/** What one authority's rules say of the certificate. */
export interface SampleVerdict {
  anchor: string;
  verdict: Verdict;
  /** For the terminal. */
  lines: string[];
}

const MARKS: Readonly<Record<Headline, string>> = {
  accepted: '✔',
  'accepted-with-conditions': '◐',
  refused: '✘',
  undetermined: '?',
};

/** Opens the printed PDF as an employer would and verifies it under every anchor of the demo. */
export async function judgeSample(
  { pdf }: SampleCertificate,
  authorities: readonly SeededAuthority[],
  { trust }: Verifier,
  { language, now }: { language: Language; now: Date },
): Promise<SampleVerdict[]> {
  const opened = await openCarrier(pdf, createCarrierIo());
  const verdicts: SampleVerdict[] = [];
  for (const { did, name } of authorities) {
    const verdict = await verify(opened, { trust: trust.viewOf(did), anchor: did, now: now.toISOString() });
    const text = verdictText(verdict, language);
    verdicts.push({
      anchor: did,
      verdict,
      lines: [
        `${MARKS[verdict.headline]} ${text.headline} — ${name}`,
        ...text.questions.map(({ title, answer, sentence }) => `    ${title} ${answer} — ${sentence}`),
      ],
    });
  }
  return verdicts;
}
