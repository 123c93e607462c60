import assert from 'node:assert/strict';
import type { IssuedCertificateAnswer } from '../../issuer/index.js';
import type { Problem } from '../../server/index.js';
import { watchContract } from '../server/contract.js';
import { answer, CODE, exam, startWorld, type World } from './world.js';

describe('issuer: a certificate as an Open Badge', function () {
  this.timeout(60_000);
  const path = `/institutions/${CODE}/certificates`;
  let world: World;
  before(async () => {
    world = await startWorld({ kind: 'sqlite' });
  });
  after(() => world.remove());
  watchContract(() => world.listener.url);

  it('is signed with the key of the institution, verifies in the library, and is audited', async () => {
    const issued = await answer<IssuedCertificateAnswer>(world.call('POST', path, exam(1)), 201);
    const own = `${path}/${encodeURIComponent(issued.id)}`;
    const badge = await answer<{ type: string[]; credentialSubject: { licenseNumber: string } }>(
      world.call('POST', `${own}/open-badge`),
    );
    assert.deepEqual(badge.type, ['VerifiableCredential', 'OpenBadgeCredential']);
    assert.equal(badge.credentialSubject.licenseNumber, issued.certificateNumber);
    assert.ok(await world.libraryVerifies(badge));
    const audited: unknown = await world.database
      .knex('audit_log')
      .where({ action: 'certificate.open-badge' })
      .select('subject');
    assert.deepEqual(audited, [{ subject: issued.id }]);
  });

  it('is not made of a certificate that is suspended or revoked', async () => {
    const issued = await answer<IssuedCertificateAnswer>(world.call('POST', path, exam(2)), 201);
    for (const [status, code] of [
      ['suspended', 'CERTIFICATE_SUSPENDED'],
      ['revoked', 'CERTIFICATE_REVOKED'],
    ] as const) {
      await world.database.knex('certificates').where({ id: issued.id }).update({ status });
      const own = `${path}/${encodeURIComponent(issued.id)}`;
      const problem = await answer<Problem>(world.call('POST', `${own}/open-badge`), 409);
      assert.equal(problem.code, code);
    }
  });
});
