import type { Command } from 'commander';
import { z } from 'zod';
import { KEY_PURPOSES, type KeyInfo } from '../../keys/custody.js';
import { didDocument } from '../../keys/did-document.js';
import { Keystore } from '../../keys/keystore.js';
import { readPassphrase } from '../../keys/read-passphrase.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { openToken, TOKEN_SETTINGS } from '../serve/open-token.js';
import { withToken } from '../token-options.js';
import { didOption, instantOption } from '../option-schemas.js';
import { registerPassphraseShares } from './passphrase-shares.js';

const keystoreOptions = z.object({
  keystore: z.string(),
  passphraseFile: z.string().optional(),
  passphraseFd: z.coerce.number().int().min(0).optional(),
  ...TOKEN_SETTINGS,
});
const keyOptions = z.object({ did: didOption, purpose: z.enum(KEY_PURPOSES) });

/** `yizheng keys …`: everything a custodian does with a keystore file. */
export function registerKeys(program: Command, context: CliContext): void {
  const keys = program
    .command('keys')
    .summary('密钥库 · keys in custody')
    .description(
      '管理加密的密钥库文件;口令只从文件或文件描述符读取,绝不从参数或环境变量读取\n' +
        'Manage an encrypted keystore; the passphrase comes from a file or descriptor, never from arguments or environment',
    );

  onKeystore(keys, 'create', '建立密钥', 'Make a key')
    .requiredOption('--did <did>', '密钥所属的 DID · DID the key belongs to')
    .requiredOption('--purpose <purpose>', `用途 · purpose: ${KEY_PURPOSES.join(' | ')}`, 'assertion')
    .option(
      '--algorithm <kind>',
      '密钥种类;P-256、P-384 只用于 vc-api · kind: Ed25519 | P-256 | P-384 (vc-api only)',
      'Ed25519',
    )
    .option('--fragment <name>', '密钥名,默认 key-<n> · name of the key, key-<n> unless given')
    .option('--init', '密钥库文件不存在时新建 · make the keystore file if there is none')
    .action(
      context.act(async (call) => {
        const options = call.options(keyOptions.extend({ fragment: z.string().optional(), init: z.boolean().optional(), algorithm: z.enum(['Ed25519', 'P-256', 'P-384']) })); // prettier-ignore
        const keystore = await openKeystore(call, context, options.init === true);
        const key = await keystore.createKey({
          controller: options.did,
          purpose: options.purpose,
          algorithm: options.algorithm,
          now: context.now(),
          ...(options.fragment === undefined ? {} : { fragment: options.fragment }),
        });
        return shown(call, [key], key);
      }),
    );

  onKeystore(keys, 'list', '列出密钥(含已停用的)', 'List keys, retired ones included')
    .option('--did <did>', '只列这个 DID 的 · of this DID only')
    .action(
      context.act(async (call) => {
        const { did } = call.options(z.object({ did: didOption.optional() }));
        const keystore = await openKeystore(call, context);
        const list = keystore.list(did === undefined ? {} : { controller: did });
        return shown(call, list, list);
      }),
    );

  onKeystore(keys, 'rotate', '换新密钥,旧的停用', 'Retire the active key and make its successor')
    .requiredOption('--did <did>', '密钥所属的 DID · DID the key belongs to')
    .requiredOption('--purpose <purpose>', `用途 · purpose: ${KEY_PURPOSES.join(' | ')}`, 'assertion')
    .action(
      context.act(async (call) => {
        const { did, purpose } = call.options(keyOptions);
        const rotated = await (await openKeystore(call, context)).rotate(did, purpose, context.now());
        return shown(call, [rotated.retired, rotated.active], rotated, afterNewKey(call, purpose));
      }),
    );

  onKeystore(keys, 'prepare', '建立下一把密钥,先公布、不签名', 'Make the next key: published, not signing yet')
    .requiredOption('--did <did>', '密钥所属的 DID · DID the key belongs to')
    .requiredOption('--purpose <purpose>', `用途 · purpose: ${KEY_PURPOSES.join(' | ')}`, 'assertion')
    .action(
      context.act(async (call) => {
        const { did: controller, purpose } = call.options(keyOptions);
        const keystore = await openKeystore(call, context);
        const key = await keystore.prepareNext({ controller, purpose, now: context.now() });
        return shown(call, [key], key, afterNewKey(call, purpose, true));
      }),
    );

  onKeystore(keys, 'activate', '启用下一把密钥,旧的停用', 'Let the next key sign and retire the active one')
    .requiredOption('--did <did>', '密钥所属的 DID · DID the key belongs to')
    .requiredOption('--purpose <purpose>', `用途 · purpose: ${KEY_PURPOSES.join(' | ')}`, 'assertion')
    .action(
      context.act(async (call) => {
        const { did, purpose } = call.options(keyOptions);
        const done = await (await openKeystore(call, context)).activateNext(did, purpose, context.now());
        return shown(call, [...(done.retired ? [done.retired] : []), done.active], done);
      }),
    );

  onKeystore(keys, 'retire <key-id>', '停用密钥,不换新', 'Retire a key without successor').action(
    context.act(async (call) => {
      const keystore = await openKeystore(call, context);
      const key = await keystore.retire(call.args[0] ?? '', context.now());
      const others = keystore.list({ controller: key.controller });
      const isLast = !others.some(({ state, purpose }) => state === 'active' && purpose === key.purpose);
      return shown(call, [key], key, isLast ? afterLastKey(call, key) : []);
    }),
  );

  onKeystore(keys, 'compromise <key-id>', '声明密钥已泄露', 'Declare a key to be in other hands')
    .requiredOption('--since <time>', '从何时起 · since when, e.g. 2026-11-21T08:00:00+08:00')
    .action(
      context.act(async (call) => {
        const { since } = call.options(z.object({ since: instantOption }));
        const key = await (await openKeystore(call, context)).compromise(call.args[0] ?? '', since, context.now());
        return shown(call, [key], key, afterCompromise(call, key));
      }),
    );

  onKeystore(keys, 'did-document', '输出 DID 文档,发布到 did.json', 'Print the DID document to serve as did.json')
    .requiredOption('--did <did>', '主体 · subject')
    .action(
      context.act(async (call) => {
        const { did } = call.options(z.object({ did: didOption }));
        const document = didDocument(did, (await openKeystore(call, context)).list());
        return { json: document, text: JSON.stringify(document, null, 2) };
      }),
    );

  registerPassphraseShares(keys, context);
}

function onKeystore(keys: Command, usage: string, chinese: string, english: string): Command {
  const command = keys
    .command(usage)
    .summary(`${chinese} · ${english}`)
    .description(`${chinese}\n${english}`)
    .requiredOption('--keystore <file>', '密钥库文件 · keystore file')
    .option(
      '--passphrase-file <file>',
      '口令文件:一行 UTF-8 文字,行末换行不算,权限 0600 · file with the passphrase: one line of UTF-8, the newline at its end does not count, mode 0600',
    )
    .option('--passphrase-fd <number>', '口令的文件描述符 · open file descriptor with the passphrase');
  return withToken(command);
}

async function openKeystore(call: Call, context: CliContext, isNew = false): Promise<Keystore> {
  const { keystore, passphraseFile, passphraseFd, ...settings } = call.options(keystoreOptions);
  const passphrase = await readPassphrase({ file: passphraseFile, fd: passphraseFd });
  const token = await openToken(settings);
  if (!isNew) return Keystore.open(keystore, passphrase, { token });
  return Keystore.create(keystore, passphrase, { now: context.now(), token });
}

function shown(call: Call, keys: readonly KeyInfo[], json: unknown, next: readonly string[] = []): CommandResult {
  const { say } = call;
  const states = {
    next: say('待启用', 'next'),
    active: say('在用', 'active'),
    retired: say('已停用', 'retired'),
    compromised: say('已泄露', 'compromised'),
  };
  const text = keys.flatMap((key) => [
    `${key.id}  ${states[key.state]}  ${key.purpose}`,
    `  ${key.publicKeyMultibase}`,
    `  ${key.validFrom} → ${key.validUntil ?? '…'}` +
      (key.compromisedSince === undefined ? '' : `  ${say('泄露始于', 'compromised since')} ${key.compromisedSince}`),
    ...placeOf(call, key),
  ]);
  return { json, text: text.length === 0 ? say('没有密钥。', 'No keys.') : [...text, ...next] };
}

function placeOf({ say }: Call, { token, state }: KeyInfo): string[] {
  if (!token) return [];
  const { label, serial, isDestroyed, problem } = token;
  const place = say(`  令牌 ${label}(序列号 ${serial})`, `  token ${label} (serial ${serial})`);
  if (isDestroyed) return [`${place}: ${say('私钥已销毁', 'private key destroyed')}`];
  if (state === 'active' || state === 'next') return [`${place}: ${say('私钥不可复制', 'cannot be copied')}`];
  const why = problem === undefined ? '' : ` [${problem}]`;
  return [
    `${place}: ${say('! 私钥还在令牌上,没能销毁', '! the private key is still there, it could not be destroyed')}${why}`,
    say(
      '  插好这个令牌,带 --token-… 选项运行 yizheng keys list,会再销毁一次。',
      '  Put this token in and run yizheng keys list with the --token-… options: it is tried again.',
    ),
  ];
}

function afterNewKey({ say }: Call, purpose: KeyInfo['purpose'], isNext = false): string[] {
  if (purpose !== 'assertion') return [];
  return [
    '',
    say('下一步:新密钥要进了备案,用它签的证书才会被认可。', 'Next: certificates signed with the new key count only once it is accredited.'), // prettier-ignore
    say(
      '  1. 发布新的 did.json(yizheng keys did-document;签发服务会自己发布)。',
      '  1. Serve the new did.json (yizheng keys did-document; the issuer service does so itself).',
    ),
    say(
      '  2. 请主管部门更新备案的密钥:POST <登记簿地址>/accreditations/<备案编号>/keys,然后 yizheng registry publish。',
      '  2. Have the authority take it over: POST <registry>/accreditations/<id>/keys, then yizheng registry publish.',
    ),
    ...(isNext
      ? [say('  3. 导入新的数据包以后启用:yizheng keys activate。', '  3. Once its new bundle is imported: yizheng keys activate.')] // prettier-ignore
      : []),
  ];
}

function afterLastKey({ say }: Call, key: KeyInfo): string[] {
  return [
    '',
    say(
      `! ${key.controller} 已没有在用的 ${key.purpose} 密钥,不能再签名;建立新的:yizheng keys create --did ${key.controller} --purpose ${key.purpose}`,
      `! ${key.controller} has no active ${key.purpose} key left and can sign nothing; make one: yizheng keys create --did ${key.controller} --purpose ${key.purpose}`,
    ),
  ];
}

function afterCompromise({ say }: Call, { id, controller, compromisedSince }: KeyInfo): string[] {
  const event = JSON.stringify({
    about: controller,
    event: 'key-revoked',
    cause: 'integrity',
    keyId: id,
    reason: 'compromised',
    compromisedSince,
  });
  return [
    '',
    say(
      '下一步:这里的声明别人还看不到。请主管部门立即公布密钥停用,再发布新的数据包:',
      'Next: nobody else sees this yet. Have the authority publish the revocation at once, and a new bundle:',
    ),
    `  yizheng registry event - --registry … --key-file …   ← ${event}`,
    '  yizheng registry publish --registry … --key-file …',
    say('然后建立新密钥:yizheng keys create。', 'Then make a new key: yizheng keys create.'),
  ];
}
