import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { DEFAULT_LAYOUT } from '../../../issuer/files/print-layout.js';
import { PrintPool } from '../../../issuer/files/print/print-pool.js';
import type { CertificateJob } from '../../../issuer/files/print/messages.js';
import { readPdfAttachment } from '../../../shared/carrier/pdf-attachment.js';
import { readImageHeader } from '../../../shared/carrier/image-header.js';
import { testKey } from '../../proof/keys.js';
import { issuerKey, signedSample } from './signed-sample.js';

describe('printing threads', function () {
  this.timeout(60_000);
  let job: CertificateJob;
  before(async () => {
    const { credential } = await signedSample();
    job = {
      kind: 'certificate',
      layout: DEFAULT_LAYOUT,
      json: JSON.stringify(credential),
      verifierUrl: 'https://verify.example/',
      key: issuerKey.key,
      pdf: true,
      png: true,
    };
  });

  it('print PDF and QR picture without holding up the service', async () => {
    const pool = new PrintPool({ threads: 1 });
    const before = performance.eventLoopUtilization();
    const { pdf, png } = await pool.print(job);
    const { utilization } = performance.eventLoopUtilization(before);
    assert.equal(await readPdfAttachment(pdf ?? new Uint8Array()), job.json);
    assert.equal(readImageHeader(png ?? new Uint8Array())?.format, 'png');
    assert.ok(utilization < 0.5, `the service was busy for ${Math.round(100 * utilization)} % of the time`);
    await pool.close();
  });

  it('release nothing whose signature another implementation refuses', async () => {
    const pool = new PrintPool({ threads: 1 });
    const { publicKeyMultibase } = testKey(issuerKey.key.controller, 9).key;
    await assert.rejects(pool.print({ ...job, key: { ...issuerKey.key, publicKeyMultibase } }), {
      code: 'RELEASE_GATE_PROOF',
      status: 500,
    });
    assert.ok((await pool.print({ ...job, pdf: false })).png, 'and go on with the next');
    await pool.close();
  });

  it('give up what takes too long, and what is asked for after the end', async () => {
    const pool = new PrintPool({ threads: 1, jobMs: 20 });
    await assert.rejects(pool.print(job), { code: 'PRINTER_LOST', status: 503 });
    const waiting = pool.print(job);
    await Promise.all([assert.rejects(waiting, { code: 'PRINTER_CLOSED' }), pool.close()]);
    await assert.rejects(pool.print(job), { code: 'PRINTER_CLOSED' });
  });
});
