import assert from 'node:assert/strict';
import fc from 'fast-check';
import { knownSearch } from '../../shared/trust/known-search.js';
import { searchChains } from '../../shared/trust/search-chains.js';
import { createTrustView } from '../../shared/trust/trust-view.js';
import * as w from './world.js';

const AUTHORITIES = ['a', 'b', 'c', 'd', 'e'].map((name) => `did:web:${name}.example`);
const INSTITUTIONS = ['i', 'j', 'k'].map((name) => `did:web:${name}.example`);
const FULL = w.recognition();

/** Who recognises whom (an institution too), who accredits whom, and whose feed is in the view. */
const worlds = fc.record({
  recognitions: fc.uniqueArray(
    fc.record({
      maker: fc.constantFrom(...AUTHORITIES),
      subject: fc.constantFrom(...AUTHORITIES, 'did:web:i.example'),
      onward: fc.boolean(),
    }),
    { maxLength: 14, selector: ({ maker, subject }) => `${maker} ${subject}` },
  ),
  accreditations: fc.array(fc.tuple(fc.constantFrom(...AUTHORITIES), fc.constantFrom(...INSTITUTIONS)), {
    maxLength: 6,
  }),
  feeds: fc.subarray(AUTHORITIES, { minLength: 1 }),
});
const questions = fc.array(
  fc.record({
    issuer: fc.constantFrom(...INSTITUTIONS, ...AUTHORITIES),
    authority: fc.constantFrom(...AUTHORITIES, 'did:web:stranger.example'),
    anchor: fc.constantFrom(...AUTHORITIES),
    maxDepth: fc.integer({ min: 1, max: 3 }),
    maxChains: fc.constantFrom(1, 3, 256),
  }),
  { minLength: 10, maxLength: 40 },
);

describe('trust: remembered searches', () => {
  it('find what a new search finds, whatever was asked of the view before', () => {
    fc.assert(
      fc.property(worlds, questions, ({ recognitions, accreditations, feeds }, asked) => {
        const contents = feeds.map((authority) =>
          w.feed(authority, {
            recognitions: recognitions
              .filter(({ maker, subject }) => maker === authority && subject !== maker)
              .map(({ subject, onward }, i) => ({
                ...FULL,
                id: `urn:yizheng:recognition:${i}`,
                authority,
                subject,
                actions: FULL.actions.map((action) => ({ ...action, action: onward ? 'recognize' : action.action })),
              })),
            accreditations: accreditations
              .filter(([maker]) => maker === authority)
              .map(([, institution], i) => ({
                ...w.accreditation(),
                id: `urn:yizheng:accreditation:${i}`,
                authority,
                institution,
              })),
          }),
        );
        const view = createTrustView(contents, AUTHORITIES[0] ?? '');
        for (const { issuer, authority, anchor, ...policy } of asked) {
          const facts = { ...w.facts(), issuer, issuedUnder: { id: 'urn:yizheng:accreditation:0', authority } };
          const { heard, ...found } = knownSearch(facts, view, anchor, policy);
          const fresh = searchChains(facts, view, anchor, policy);
          assert.deepEqual(found, fresh);
          assert.deepEqual(
            heard,
            [...new Set([...fresh.consulted, ...fresh.chains.flat()])].filter((did) => view.feedOf(did)),
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});
