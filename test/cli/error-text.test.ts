import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { codeSentence, errorText } from '../../cli/error-text.js';
import { requestError } from '../../server/define-route.js';
import { YizhengError } from '../../shared/errors.js';

const FOLDERS = ['shared', 'keys', 'cli', 'server', 'issuer', 'registry'];

/** Codes no command meets: guards of calls between our own parts, routes the command line has no command for. */
const NOT_AT_THE_TERMINAL = new Set([
  'ACTION_UNKNOWN',
  'RESOURCE_UNKNOWN',
  'TIME_IN_FUTURE',
  'CONTEXT_UNKNOWN',
  'DID_NOT_RESOLVED',
  'PROOF_EXISTS',
  'TERM_UNDEFINED',
  'URL_NOT_ALLOWED',
]);

async function codesThrown(): Promise<Set<string>> {
  const codes = new Set<string>();
  for (const folder of FOLDERS)
    for (const name of await readdir(folder, { recursive: true })) {
      // Pages have sentences of their own.
      if (!name.endsWith('.ts') || name.startsWith('web/')) continue;
      const source = await readFile(join(folder, name), 'utf8');
      for (const [, code] of source.matchAll(/new YizhengError\(\s*'([A-Z][A-Z0-9_]*)'/g)) codes.add(code ?? '');
    }
  return codes;
}

describe('what the command line says about an error', () => {
  it('has a Chinese sentence for every code a command can meet', async () => {
    const codes = await codesThrown();
    assert.ok(codes.size > 150, `only ${codes.size} codes were found`);
    const silent = [...codes].filter((code) => !/\p{Script=Han}/u.test(codeSentence(code, 'zh-CN') ?? ''));
    assert.deepEqual(
      silent.filter((code) => !NOT_AT_THE_TERMINAL.has(code)),
      [],
    );
    assert.deepEqual(
      [...NOT_AT_THE_TERMINAL].filter((code) => !silent.includes(code)),
      [],
      'an exception is no longer one',
    );
  });

  it('names place and code, and shows the own message of a code nobody has put into words', () => {
    const error = new YizhengError('ID_NUMBER_INVALID', 'It is wrong.', { at: '/holder/idNumber' });
    assert.equal(
      errorText(error, 'zh-CN'),
      '出错:证件号码的格式或校验位不对;请对照证件核对。(/holder/idNumber)[ID_NUMBER_INVALID]',
    );
    assert.equal(errorText(error, 'en'), 'Error: It is wrong. (/holder/idNumber) [ID_NUMBER_INVALID]');
    assert.equal(errorText(new YizhengError('NEVER_HEARD', 'It is odd.'), 'zh-CN'), '出错:It is odd. [NEVER_HEARD]');
  });

  it('speaks of files too where a text is no certificate', () => {
    const error = new YizhengError('QR_NOT_OURS', 'This code is not a Yizheng certificate.');
    assert.match(errorText(error, 'en'), /^Error: The text in this file or code is not/);
    assert.match(errorText(error, 'zh-CN'), /这个文件或二维码/);
  });

  it('shows nothing of a schema library as it is', () => {
    const schema = z.strictObject({
      holder: z.object({}),
      kind: z.enum(['a', 'b']),
      list: z.array(z.string()).min(1),
      day: z.string().regex(/^\d+$/),
      count: z.number(),
    });
    const good = { holder: {}, kind: 'a', list: ['x'], day: '1', count: 1 };
    const bad = [{ holder: undefined }, { kind: 'c' }, { list: [] }, { day: 'x' }, { count: 'x' }, { other: 1 }];
    for (const change of bad) {
      const parsed = schema.safeParse({ ...good, ...change });
      assert.ok(parsed.error);
      const error = requestError(parsed.error);
      const [member = ''] = Object.keys(change);
      for (const language of ['zh-CN', 'en'] as const) {
        const text = errorText(error, language);
        assert.ok(text.includes(`/${member}`), text);
        assert.doesNotMatch(text, /Invalid|expected|received|Too small|Unrecognized/);
      }
      assert.doesNotMatch(errorText(error, 'zh-CN'), /[a-z]{3,} [a-z]{3,}/);
    }
    const missing = schema.safeParse({ ...good, holder: undefined });
    assert.ok(missing.error);
    assert.match(errorText(requestError(missing.error), 'zh-CN'), /缺少这一项,应填一个对象/);
  });

  it('says what to do about an old bundle, a missing pin and the state of another authority', () => {
    const both = (code: string) =>
      (['zh-CN', 'en'] as const).map((language) => errorText(new YizhengError(code, 'Bad.'), language)).join('\n');
    assert.match(both('BUNDLE_ROLLBACK'), /去掉 --bundle 即可用已存的数据核验[^]*leave out --bundle to check/);
    assert.match(
      both('BUNDLE_ANCHOR_UNPINNED'),
      /--anchor-root 给出主管部门公布的根摘要[^]*bundle info[^]*--anchor-root/,
    );
    assert.match(both('STATE_OF_OTHER_ANCHOR'), /--state[^]*--state/);
  });
});
