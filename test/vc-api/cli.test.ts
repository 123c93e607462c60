import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cli } from '../cli/run.js';
import { startVcApi, type VcApiWorld } from './vc-api-world.js';

describe('yizheng vc-api', () => {
  let api: VcApiWorld;
  let options: string[];
  before(async () => {
    api = await startVcApi();
    const keyFile = join(api.world.folder, 'host.key');
    await writeFile(keyFile, api.world.secrets.host, { mode: 0o600 });
    options = ['--issuer', api.world.listener.url, '--key-file', keyFile];
  });
  after(() => api.remove());

  it('makes an identity, names it in the list, and says in plain words when the name is taken', async () => {
    const home = api.world.folder;
    const create = ['vc-api', 'create', 'school', ...options, '--method', 'key', '--cryptosuite', 'ecdsa-jcs-2019', '--curve', 'P-384', '--status', 'revocation']; // prettier-ignore
    const made = await cli(['--json', ...create], { home });
    assert.equal(made.code, 0, made.err);
    const { did, issue } = JSON.parse(made.out) as { did: string; issue: string };
    assert.match(did, /^did:key:z82/);
    assert.match(issue, /\/vc-api\/school\/credentials\/issue$/);
    const list = await cli(['vc-api', 'list', ...options], { home });
    assert.equal(list.code, 0);
    assert.ok(list.out.includes('school') && list.out.includes(did));
    const again = await cli(create, { home });
    assert.equal(again.code, 1);
    assert.match(again.err, /这个名字的身份已经有了/);
  });
});
