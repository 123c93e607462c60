import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Browser } from '../accounts/people.js';
import { startRegistry, type RunningRegistry } from '../registry/running-registry.js';
import { cli } from './run.js';

describe('yizheng invite', () => {
  let registry: RunningRegistry;
  let keyFile: string;
  before(async () => {
    registry = await startRegistry();
    const key = { tenant: 'sc', roles: ['admin'] as const, label: 'admin', expiresAt: '2030-01-01T00:00:00Z' };
    const { secret } = await registry.service.createApiKey(key, 'test');
    keyFile = join(registry.home, 'admin.key');
    await writeFile(keyFile, secret, { mode: 0o600 });
  });
  after(() => registry.stop());

  const invite = (...argv: string[]) =>
    cli(['invite', ...argv, '--key-file', keyFile, '--name', '赵敏', '--roles', 'officer', '--json'], {
      home: registry.home,
      now: registry.now.toISOString(),
    });

  it('invites an officer to the console of an authority, at the address of its registry', async () => {
    const { code, out } = await invite('--registry', `${registry.url}/authorities/sc`);
    assert.equal(code, 0, out);
    const { address } = JSON.parse(out) as { address: string };
    const [page, token] = address.split('#invitation=');
    assert.equal(page, `${registry.url}/`);
    const { body } = await new Browser(registry.url).call('POST', '/invitations/read', { token });
    assert.deepEqual([body['name'], body['tenant'], body['roles']], ['赵敏', 'sc', ['officer']]);
  });

  it('asks for one of institution and authority, not both and not none', async () => {
    const both = ['--registry', `${registry.url}/authorities/sc`, '--issuer', `${registry.url}/institutions/x`];
    for (const argv of [[], both]) {
      const { code, out } = await invite(...argv);
      assert.notEqual(code, 0);
      assert.equal((JSON.parse(out) as { error: { code: string } }).error.code, 'OPTION_INVALID');
    }
  });
});
