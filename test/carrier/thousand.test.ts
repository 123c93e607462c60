import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey, sign as signBytes } from 'node:crypto';
import { base58 } from '@scure/base';
import fc from 'fast-check';
import { openCarrier } from '../../shared/carrier/open-carrier.js';
import { drawQrSymbol } from '../../shared/carrier/qr-symbol.js';
import { encodeQr } from '../../shared/carrier/qr-text.js';
import { createQrImageReader } from '../../shared/carrier/read-qr-image.js';
import { buildCredential } from '../../shared/certificate/credential.js';
import { checkCredentialProof } from '../../shared/proof/check-credential-proof.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { arbitraryRecord } from './arbitrary-certificate.js';
import { pngOfSymbol } from './png-of-symbol.js';
import { zxingWasm } from './zxing-wasm.js';

const COUNT = 1000;
const seed = createHash('sha256').update('thousand certificates').digest();
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
  format: 'der',
  type: 'pkcs8',
});
const raw = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
const publicKeyMultibase = `z${base58.encode(Uint8Array.of(0xed, 0x01, ...raw))}`;

describe('a thousand random certificates', () => {
  it('signed, drawn as QR pictures, read back and verified: none is lost @slow', async function () {
    this.timeout(240_000);
    const readQrImage = createQrImageReader(zxingWasm());
    const records = fc.sample(arbitraryRecord, { numRuns: COUNT, seed: 20_261_121 });
    let verified = 0;
    for (const record of records) {
      const created = `${record.issuedOn}T04:00:00Z`;
      const id = `${record.issuer.id}#key-1`;
      const signer = {
        id,
        algorithm: 'Ed25519' as const,
        sign: ({ data }: { data: Uint8Array }) => Promise.resolve(new Uint8Array(signBytes(null, data, privateKey))),
      };
      const certificate = await eddsaRdfc2022.sign(buildCredential(record), { signer, created });
      const { segments, form } = encodeQr(certificate, { url: 'https://verify.example/' });
      assert.equal(form, 'compact');
      const picture = pngOfSymbol(drawQrSymbol(segments));
      const { json } = await openCarrier(picture, { readQrImage });
      assert.equal(json, JSON.stringify(certificate));
      const check = await checkCredentialProof(json, {
        now: created,
        keyOf: (method) =>
          method === id
            ? { id, controller: record.issuer.id, publicKeyMultibase, validFrom: '1990-01-01T00:00:00Z' }
            : undefined,
      });
      assert.equal(check.code, 'PROOF_VALID', json);
      verified++;
    }
    assert.equal(verified, COUNT);
  });
});
