import type { Command } from 'commander';
import { z } from 'zod';
import { KEY_PURPOSES, type KeyInfo } from '../../keys/custody.js';
import { didDocument } from '../../keys/did-document.js';
import { Keystore } from '../../keys/keystore.js';
import { readPassphrase } from '../../keys/read-passphrase.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { didOption, instantOption } from '../option-schemas.js';

const keystoreOptions = z.object({
  keystore: z.string(),
  passphraseFile: z.string().optional(),
  passphraseFd: z.coerce.number().int().min(0).optional(),
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
    .option('--fragment <name>', '密钥名,默认 key-<n> · name of the key, key-<n> unless given')
    .option('--init', '密钥库文件不存在时新建 · make the keystore file if there is none')
    .action(
      context.act(async (call) => {
        const options = call.options(keyOptions.extend({ fragment: z.string().optional(), init: z.boolean().optional() })); // prettier-ignore
        const keystore = await openKeystore(call, context, options.init === true);
        const key = await keystore.createKey({
          controller: options.did,
          purpose: options.purpose,
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
        return shown(call, [rotated.retired, rotated.active], rotated);
      }),
    );

  onKeystore(keys, 'retire <key-id>', '停用密钥,不换新', 'Retire a key without successor').action(
    context.act(async (call) => {
      const keystore = await openKeystore(call, context);
      const key = await keystore.retire(call.args[0] ?? '', context.now());
      return shown(call, [key], key);
    }),
  );

  onKeystore(keys, 'compromise <key-id>', '声明密钥已泄露', 'Declare a key to be in other hands')
    .requiredOption('--since <time>', '从何时起 · since when, e.g. 2026-11-21T08:00:00+08:00')
    .action(
      context.act(async (call) => {
        const { since } = call.options(z.object({ since: instantOption }));
        const key = await (await openKeystore(call, context)).compromise(call.args[0] ?? '', since, context.now());
        return shown(call, [key], key);
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
}

function onKeystore(keys: Command, usage: string, chinese: string, english: string): Command {
  return keys
    .command(usage)
    .summary(`${chinese} · ${english}`)
    .description(`${chinese}\n${english}`)
    .requiredOption('--keystore <file>', '密钥库文件 · keystore file')
    .option('--passphrase-file <file>', '口令文件,权限 0600 · file with the passphrase, mode 0600')
    .option('--passphrase-fd <number>', '口令的文件描述符 · open file descriptor with the passphrase');
}

async function openKeystore(call: Call, context: CliContext, isNew = false): Promise<Keystore> {
  const { keystore, passphraseFile, passphraseFd } = call.options(keystoreOptions);
  const passphrase = await readPassphrase({ file: passphraseFile, fd: passphraseFd });
  if (!isNew) return Keystore.open(keystore, passphrase);
  return Keystore.create(keystore, passphrase, { now: context.now() });
}

function shown({ say }: Call, keys: readonly KeyInfo[], json: unknown): CommandResult {
  const states = {
    active: say('在用', 'active'),
    retired: say('已停用', 'retired'),
    compromised: say('已泄露', 'compromised'),
  };
  const text = keys.flatMap((key) => [
    `${key.id}  ${states[key.state]}  ${key.purpose}`,
    `  ${key.publicKeyMultibase}`,
    `  ${key.validFrom} → ${key.validUntil ?? '…'}` +
      (key.compromisedSince === undefined ? '' : `  ${say('泄露始于', 'compromised since')} ${key.compromisedSince}`),
  ]);
  return { json, text: text.length === 0 ? say('没有密钥。', 'No keys.') : text };
}
