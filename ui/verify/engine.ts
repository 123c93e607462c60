import type { OpenedCarrier } from '../../shared/carrier/open-carrier.js';
import { YizhengError } from '../../shared/errors.js';
import { compiledEddsaRdfc2022 } from '../../shared/proof/compiled-eddsa-rdfc-2022.js';
import type { ProofSuite } from '../../shared/proof/types.js';
import type { HolderCheck } from '../../shared/proof/holder-check.js';
import { explain } from '../../shared/trust/explain.js';
import { importBundle, viewOfState, type HeldState } from '../../shared/trust/import-bundle.js';
import type { TrustLanguage } from '../../shared/trust/trust-translator.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import { updateTrust } from '../../shared/trust/update-trust.js';
import type { RootPin } from '../../shared/trust/verify-feed.js';
import { askCertificate, decideOptionsOf } from '../../shared/verdict/certificate-question.js';
import type { Receipt } from '../../shared/verdict/receipt.js';
import type { ReceiptRecheck } from '../../shared/verdict/receipt-recheck.js';
import type { Verdict } from '../../shared/verdict/types.js';
import { verify } from '../../shared/verdict/verify.js';
import { verifyOpened } from '../../shared/verdict/verify-opened.js';
import { openInput, warmReaders } from '../carrier/open-input.js';
import { bundleFeeds } from '../trust/bundle-feeds.js';
import { mirrorFetch } from '../trust/mirror-fetch.js';
import { platformVerify, provideDigest } from './platform-crypto.js';
import { readReceipt, receiptOf, recheck, type ReceiptAsked, type RecheckAsked } from './receipts.js';
import { memorandaOf, statementsOf } from './statements.js';
import { summaryOf } from './summary.js';
import type { BundleFeed, CheckInput, CheckResult, Explained, NewTrust, TrustSummary } from './types.js';
import { warmStatusLists } from './warm-status-lists.js';
import { warmSuite } from './warm-suite.js';

/** Trust data held. */
export interface Held {
  anchor: string;
  view: TrustView;
}

/** Where new trust data starts from. */
export interface TrustStart {
  anchor: string;
  pin: RootPin;
  held?: HeldState;
  now: string;
}

/** A credential as text, and what is known of who holds it. */
export interface JudgeAsked {
  text: string;
  holder?: HolderCheck;
  now: string;
}

/** What the engine can do; the other end asks by these names. All times are RFC 3339. */
export type Engine = ReturnType<typeof createEngine>['engine'];

/**
 * Makes the engine: everything that computes, away from the page. No part of a verification makes a request.
 * @returns beside the engine `trusted` and `suiteOf`, for what an app computes in the same thread from the trust data held
 */
export function createEngine() {
  provideDigest();
  let held: Held | undefined;
  let suite: Promise<ProofSuite> | undefined;
  const suiteOf = (): Promise<ProofSuite> =>
    (suite ??= platformVerify().then((check) => compiledEddsaRdfc2022({ verify: check })));
  const trusted = (): Held => {
    if (!held) throw new YizhengError('TRUST_MISSING', 'No authority is chosen yet.');
    return held;
  };

  const engine = {
    /** Judges by this state from now on; undefined = by none. */
    adopt: ({ state, now }: { state?: HeldState; now: string }): TrustSummary | undefined => {
      held = state && { anchor: state.anchor, view: viewOfState(state) };
      if (held) warmStatusLists(held.view, now);
      return held && summaryOf(held.view, held.anchor, now);
    },
    /** @throws YizhengError `TRUST_MISSING`, and the codes of `openInput` */
    verify: async ({ input, now }: { input: CheckInput; now: string }): Promise<CheckResult> => {
      const { anchor, view } = trusted();
      const { opened, pages } = await openInput(input);
      const { host } = opened;
      const verdict = await verifyOpened(opened, { trust: view, anchor, now, suite: await suiteOf() });
      return {
        verdict,
        json: opened.json,
        carrier: opened.carrier,
        memoranda: memorandaOf(verdict, view),
        ...(host !== undefined && { host }),
        ...(input.name !== undefined && { name: input.name }),
        ...(pages && { pages }),
      };
    },
    /**
     * Answers the five questions about a credential in any of its forms; undefined while no authority is chosen.
     * @throws YizhengError when it cannot be read as one
     */
    judge: async ({ text, holder, now }: JudgeAsked): Promise<Verdict | undefined> => {
      if (!held) return undefined;
      const { anchor, view } = held;
      const input = { carrier: 'json' as const, json: text, ...(holder && { holder }) };
      return verify(input, { trust: view, anchor, now, suite: await suiteOf() });
    },
    /** Takes a certificate out of what was given and says nothing about it. @throws YizhengError the codes of `openInput` */
    open: async ({ input }: { input: CheckInput }): Promise<OpenedCarrier> => (await openInput(input)).opened,
    /** Why a certificate counts or not; undefined when it is not genuine. */
    explain: async (asked: { json: string; now: string; language: TrustLanguage }): Promise<Explained | undefined> => {
      const { anchor, view } = trusted();
      const { json, now, language } = asked;
      const context = { trust: view, anchor, now, suite: await suiteOf() };
      const question = await askCertificate({ carrier: 'json', json }, context);
      if (!question.facts) return undefined;
      const explanation = explain(question.facts, view, { anchor, now, language, ...decideOptionsOf(question) });
      return { explanation, statements: statementsOf(explanation, view, anchor) };
    },
    /** What a bundle says it holds; unverified, to be chosen from. */
    inspect: ({ bytes }: { bytes: Uint8Array }): BundleFeed[] => bundleFeeds(bytes),
    /** Verifies a bundle; nothing is kept here. */
    importBundle: ({ bytes, anchor, pin, held: before, now }: TrustStart & { bytes: Uint8Array }): NewTrust => {
      const { view, state, findings } = importBundle(bytes, { anchor, anchorRoot: pin, held: before, now });
      return { state, findings, summary: summaryOf(view, anchor, now) };
    },
    /** Fetches what changed from one host, the one configured; nothing is kept here. */
    update: async ({ anchor, pin, held: before, now, base }: TrustStart & { base: string }): Promise<NewTrust> => {
      const fetchFor = mirrorFetch(base);
      const { view, state, findings, bytesFetched } = await updateTrust({
        anchor,
        anchorRoot: pin,
        held: before,
        now,
        fetchFor,
      });
      return { state, findings, bytesFetched, summary: summaryOf(view, anchor, now) };
    },
    /** The receipt of a verdict just found; see `receiptOf`. */
    receipt: (asked: ReceiptAsked): Receipt => receiptOf(asked, trusted().view),
    /** Reads a receipt; see `readReceipt`. */
    readReceipt: ({ input }: { input: CheckInput }): Promise<Receipt> => readReceipt(input),
    /** Checks a receipt again by the data held; see `recheck`. */
    recheck: async (asked: RecheckAsked): Promise<ReceiptRecheck> => {
      const { anchor, view } = trusted();
      return recheck(asked, view, anchor, await suiteOf());
    },
    /** Loads what the first verification needs, so that it waits for nothing. */
    warm: async (): Promise<void> => {
      await Promise.all([suiteOf().then(warmSuite), warmReaders()]);
    },
  };
  return { engine, trusted, suiteOf };
}
