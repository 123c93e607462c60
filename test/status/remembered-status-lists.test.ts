import assert from 'node:assert/strict';
import { buildCredential, statusListUrl } from '../../shared/certificate/credential.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import type { VerificationKey } from '../../shared/proof/types.js';
import { createBitstring } from '../../shared/status/bitstring.js';
import { checkStatus } from '../../shared/status/check-status.js';
import { verifyStatusListOnce } from '../../shared/status/remembered-status-lists.js';
import { buildStatusListCredential } from '../../shared/status/status-list-credential.js';
import { ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { testKey } from '../proof/keys.js';

const { signer, key } = testKey(ISSUER, 1);
const [entry] = buildCredential(sampleRecord()).credentialStatus;

describe('a status list that is remembered', () => {
  let list: string;
  let asked: number;
  const keys = () => {
    asked = 0;
    return (id: string): VerificationKey | undefined => {
      asked++;
      return id === key.id ? key : undefined;
    };
  };
  before(async () => {
    const unsigned = buildStatusListCredential({
      id: statusListUrl(ISSUER, 'revocation', 1),
      issuer: ISSUER,
      purpose: 'revocation',
      bits: createBitstring(131_072),
      validFrom: '2026-11-20T12:00:00Z',
      validUntil: '2026-11-21T12:00:00Z',
    });
    list = JSON.stringify(await eddsaRdfc2022.sign(unsigned, { signer, created: '2026-11-20T12:00:00Z' }));
  });

  it('is verified once, and asked how old it is each time', async () => {
    const keyOf = keys();
    const at = async (now: string): Promise<string> =>
      (
        await checkStatus(entry, {
          issuer: ISSUER,
          list,
          keyOf,
          now,
          verifiedList: verifyStatusListOnce(list, { keyOf, now }),
        })
      ).code;
    assert.equal(await at('2026-11-21T00:00:00Z'), 'STATUS_CLEAR');
    assert.equal(await at('2026-11-21T01:00:00Z'), 'STATUS_CLEAR');
    assert.equal(await at('2026-11-22T00:00:00Z'), 'STATUS_LIST_STALE');
    assert.equal(asked, 1);
  });

  it('is verified again with other keys, and for an earlier instant, when it may be from the future', async () => {
    const keyOf = keys();
    await verifyStatusListOnce(list, { keyOf, now: '2026-11-21T00:00:00Z' });
    await assert.rejects(verifyStatusListOnce(list, { keyOf: () => undefined, now: '2026-11-21T00:00:00Z' }), {
      code: 'STATUS_LIST_KEY_UNKNOWN',
    });
    await assert.rejects(verifyStatusListOnce(list, { keyOf, now: '2026-11-20T00:00:00Z' }), {
      code: 'STATUS_LIST_PROOF_INVALID',
    });
    await verifyStatusListOnce(list, { keyOf, now: '2026-11-21T00:00:00Z' });
    assert.equal(asked, 3, 'a refusal is not remembered');
  });
});
