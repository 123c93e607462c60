import assert from 'node:assert/strict';
import { readRecord } from '../../shared/certificate/credential.js';
import { compiledEddsaRdfc2022 } from '../../shared/proof/compiled-eddsa-rdfc-2022.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import type { ProofSuite } from '../../shared/proof/types.js';
import { loadWebModule } from './load-web-module.js';

describe('what the verifier app does before the first certificate', function () {
  this.timeout(60_000);

  it('is a certificate exactly of our shape, so that the templates of the fast path are ready', async () => {
    const { warmSuite } = (await loadWebModule('verify/warm-suite.ts')) as {
      warmSuite: (suite: ProofSuite) => Promise<void>;
    };
    let seen: object | undefined;
    const general: ProofSuite = {
      ...eddsaRdfc2022,
      sign: () => Promise.reject(new Error('the general path was taken')),
    };
    const suite = compiledEddsaRdfc2022({ general });
    await warmSuite({
      ...suite,
      sign: (unsigned, options) => {
        seen = unsigned;
        return suite.sign(unsigned, options);
      },
    });
    assert.equal(readRecord(seen).issuer.id, 'did:web:nobody.invalid');
  });
});
