import type { Answer } from '../../../../shared/trust/types.js';
import type { Decision } from '../../../../shared/trust/types.js';
import { explain } from '../../../../shared/trust/explain.js';
import type { TrustLanguage } from '../../../../shared/trust/trust-translator.js';
import { askCertificate, decideOptionsOf } from '../../../../shared/verdict/certificate-question.js';
import { createEngine } from '../../../../ui/verify/engine.js';
import { hostsOfTrust } from '../core/receive/suspicious-host.js';
import { whereItCounts } from '../core/worth/where-it-counts.js';

/** What a certificate counts as under one authority, in a sentence. */
export interface WorthRow {
  authority: string;
  name: string;
  answer: Answer;
  decision: Decision;
  headline: string;
}

/** What the wallet's engine can do, beside what every app's can. */
export type WalletEngine = ReturnType<typeof createWalletEngine>;

/** The engine with what only a wallet asks. All times are RFC 3339. */
export function createWalletEngine() {
  const { engine, trusted, suiteOf } = createEngine();
  return {
    ...engine,
    /** Where a certificate counts, by the statements of every authority held. @throws YizhengError `TRUST_MISSING` */
    worth: async (asked: { text: string; now: string; language: TrustLanguage }): Promise<WorthRow[]> => {
      const { anchor, view } = trusted();
      const { text, now, language } = asked;
      const context = { trust: view, anchor, now, suite: await suiteOf() };
      const question = await askCertificate({ carrier: 'json', json: text }, context);
      const { facts } = question;
      if (!facts) return [];
      return whereItCounts(question, view, now).map((row) => ({
        ...row,
        headline: explain(facts, view, { anchor: row.authority, now, language, ...decideOptionsOf(question) }).headline,
      }));
    },
    /** Hosts of the authorities and institutions held, which a link may be made to resemble. */
    hosts: (): string[] => hostsOfTrust(trusted().view),
  };
}
