import assert from 'node:assert/strict';
import canonicalize from 'canonicalize';
import type { Browser } from 'playwright-core';
import { openCarrier } from '../../shared/carrier/open-carrier.js';
import { errorCode } from '../../shared/errors.js';
import { importBundle } from '../../shared/trust/import-bundle.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import type { Verdict } from '../../shared/verdict/types.js';
import { verify } from '../../shared/verdict/verify.js';
import { FRESH, parityCorpus, type ParityCase, type ParityCorpus } from './parity-corpus.js';
import { launchBrowser } from './browser.js';
import { serveApp } from './serve-app.js';

const COUNT = 200;

/** What Node says, by the reference implementation: the verdict, or the code of the error. */
async function inNode({ bundle, roots, cases }: ParityCorpus): Promise<string[]> {
  const views = new Map<string, TrustView>();
  const said: string[] = [];
  for (const { anchor, now, text } of cases) {
    const anchorRoot = { digestMultibase: roots[anchor] ?? '' };
    const view = views.get(anchor) ?? importBundle(bundle, { anchor, anchorRoot, now: FRESH }).view;
    views.set(anchor, view);
    said.push(
      await openCarrier(text)
        .then((opened) => verify(opened, { trust: view, anchor, now }))
        .then((verdict) => canonicalize(verdict) ?? '', errorCode),
    );
  }
  return said;
}

/** What the app's own worker says, as it is delivered. */
async function inChromium(browser: Browser, address: string, corpus: ParityCorpus): Promise<string[]> {
  const page = await browser.newPage();
  await page.goto(`${address}manifest.webmanifest`);
  const answers = await page.evaluate(
    async ({ bundle, roots, cases, worker, now: fresh }) => {
      const { trustedTypes } = globalThis as unknown as { trustedTypes: { createPolicy: (name: string, rules: object) => { createScriptURL: (url: string) => string } } }; // prettier-ignore
      const policy = trustedTypes.createPolicy('yizheng', { createScriptURL: (url: string) => url });
      const engine = new Worker(policy.createScriptURL(worker), { type: 'module', name: 'engine' });
      const waiting = new Map<number, (answer: { result?: unknown; error?: { code: string } }) => void>();
      await new Promise<void>((resolve) => {
        engine.onmessage = ({
          data,
        }: MessageEvent<'ready' | { id: number; result?: unknown; error?: { code: string } }>) =>
          data === 'ready' ? resolve() : waiting.get(data.id)?.(data);
      });
      let last = 0;
      const ask = (method: string, argument: unknown) =>
        new Promise<{ result?: unknown; error?: { code: string } }>((resolve) => {
          waiting.set(++last, resolve);
          engine.postMessage({ id: last, method, argument });
        });
      const bytes = new TextEncoder().encode(bundle);
      const found: unknown[] = [];
      for (const anchor of new Set(cases.map((one) => one.anchor))) {
        const argument = { bytes, anchor, pin: { digestMultibase: roots[anchor] }, now: fresh };
        const { result: imported, error: refused } = await ask('importBundle', argument);
        if (refused) throw new Error(refused.code);
        await ask('adopt', { state: (imported as { state: unknown }).state, now: fresh });
        for (const [i, { now, text }] of cases.entries()) {
          if (cases[i]?.anchor !== anchor) continue;
          const { result, error } = await ask('verify', { input: { text }, now });
          found[i] = error ? error.code : (result as { verdict: unknown }).verdict;
        }
      }
      engine.terminate();
      return found;
    },
    { ...corpus, worker: `${address}worker.js`, now: FRESH },
  );
  await page.close();
  return answers.map((answer) => (typeof answer === 'string' ? answer : (canonicalize(answer) ?? '')));
}

describe('the same verdict everywhere @slow', () => {
  let corpus: ParityCorpus;
  before(async () => {
    corpus = await parityCorpus(COUNT);
  });

  it(`gives ${COUNT} certificates the same verdicts and reason codes in Node and in Chromium, byte for byte`, async () => {
    const server = await serveApp();
    const browser = await launchBrowser();
    try {
      const [node, chromium] = [await inNode(corpus), await inChromium(browser, server.address, corpus)];
      assert.equal(node.length, COUNT);
      const differ = node.flatMap((said, i) => (said === chromium[i] ? [] : [describeCase(corpus.cases[i], said, chromium[i])])); // prettier-ignore
      assert.deepEqual(differ, []);
      assertBroad(node);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});

function describeCase(found: ParityCase | undefined, node: string, chromium: string | undefined): string {
  return `${found?.name ?? ''}\n  Node ${node}\n  Chromium ${chromium ?? ''}`;
}

/** The corpus asks enough: every headline, every answer of the first four questions, many reasons. */
function assertBroad(said: readonly string[]): void {
  const verdicts = said.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text) as Verdict);
  const least = { accepted: 20, 'accepted-with-conditions': 2, refused: 20, undetermined: 10 };
  for (const [headline, count] of Object.entries(least))
    assert.ok(verdicts.filter((verdict) => verdict.headline === headline).length >= count, headline);
  const codes = new Set(verdicts.flatMap(({ questions }) => Object.values(questions).map(({ code }) => code)));
  assert.ok(codes.size >= 25, `only ${codes.size} reason codes`);
  assert.ok(said.length - verdicts.length >= 2, 'nothing unreadable');
}
