import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { INSTITUTION_CODE } from '../../shared/certificate/certificate-number.js';
import { YizhengError } from '../../shared/errors.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { createFile } from '../create-file.js';
import { readSettings, variableOf } from '../serve/settings.js';
import { withToken } from '../token-options.js';

const institution = z.string().regex(INSTITUTION_CODE, 'must be a 13-character institution code');
const exportOptions = z.object({ institution, out: z.string(), transferPassphraseFile: z.string() });
const importOptions = z.object({ receipt: z.string(), transferPassphraseFile: z.string() });
const closeOptions = z.object({ institution, receipt: z.string() });
const reopenOptions = z.object({
  institution,
  archiveNotUsed: z.literal(true, 'say that no archive was or will be used'),
});
const eraseOptions = z.object({ institution, confirm: z.string() });

/** `yizheng tenant …`: an institution moves to another issuer, with its history. On the machines of the two hosts only. */
export function registerTenant(program: Command, context: CliContext): void {
  const tenant = program
    .command('tenant')
    .summary('机构迁移 · move an institution to another service')
    .description(
      '把一个机构连同全部历史迁到另一个签发平台:export(原平台)→ import(新平台)→ 把地址指过去 → close、erase(原平台)。说明见 docs/moving.md\n' +
        'Move an institution with its whole history to another issuer: export (old host) → import (new host) → point the address there → ' +
        'close, erase (old host). See docs/moving.md',
    );

  command(tenant, 'export', '写出档案,机构从此停办', 'Write the archive; the institution stands still from then on')
    .requiredOption('--institution <code>', '机构代码 · institution code')
    .requiredOption('--out <folder>', '写到哪个新文件夹 · folder to make')
    .requiredOption(
      '--transfer-passphrase-file <file>',
      '档案的口令文件,权限 0600;口令另行告知新平台 · file with the passphrase of the archive, mode 0600; told to the new host apart from it',
    )
    .action(context.act((call) => exportOne(call, context)));

  command(
    tenant,
    'import <folder>',
    '从档案接收机构,全收或不收',
    'Take in an institution from an archive, all or nothing',
  )
    .requiredOption('--transfer-passphrase-file <file>', '档案的口令文件 · file with the passphrase of the archive')
    .requiredOption(
      '--receipt <file>',
      '回执写到哪个新文件,交给原平台 · file to write the receipt to, for the old host',
    )
    .action(context.act((call) => importOne(call, context)));

  command(
    tenant,
    'close',
    '凭回执放手:此后回答 410,私钥删除',
    'Let go by receipt: 410 from then on, private keys erased',
  )
    .requiredOption('--institution <code>', '机构代码 · institution code')
    .requiredOption('--receipt <file>', '新平台的回执 · receipt of the new host')
    .action(context.act((call) => closeOne(call, context)));

  command(tenant, 'reopen', '不迁了,在这里继续办理', 'Go on here after all')
    .requiredOption('--institution <code>', '机构代码 · institution code')
    .requiredOption(
      '--archive-not-used',
      '确认没有、也不会有平台接收档案;否则两处会发同样的编号 · no host took the archive in or will: two would give the same numbers',
    )
    .action(context.act((call) => reopenOne(call, context)));

  command(tenant, 'erase', '删去已放手机构留下的数据,日志除外', 'Erase what a closed institution left, except the log')
    .requiredOption('--institution <code>', '机构代码 · institution code')
    .requiredOption('--confirm <code>', '再写一遍机构代码 · the institution code once more')
    .action(context.act((call) => eraseOne(call, context)));
}

function command(tenant: Command, usage: string, chinese: string, english: string): Command {
  const made = tenant
    .command(usage)
    .summary(`${chinese} · ${english}`)
    .description(`${chinese}\n${english}`)
    .option('--base-url <url>', `本平台的地址 · address of this issuer (${variableOf('baseUrl')})`)
    .option('--keystore <file>', `密钥库文件 · keystore file (${variableOf('keystore')})`)
    .option(
      '--passphrase-file <file>',
      `密钥库的口令文件,权限 0600 · file with its passphrase, mode 0600 (${variableOf('passphraseFile')})`,
    ) // prettier-ignore
    .option('--passphrase-fd <number>', '口令的文件描述符 · open file descriptor with the passphrase')
    .option(
      '--database-url-file <file>',
      '写有数据库地址的文件,权限 0600;或用 DATABASE_URL · file with the database address, mode 0600; or DATABASE_URL',
    );
  return withToken(made, variableOf);
}

/** The issuer is heavy; the other commands do not wait for it to load. */
async function issuerParts() {
  return { ...(await import('../serve/move-tenant.js')), ...(await import('../../issuer/index.js')) };
}

async function exportOne(call: Call, context: CliContext): Promise<CommandResult> {
  const { institution: code, out, transferPassphraseFile } = call.options(exportOptions);
  const { besideIssuer, exportInstitution, OPERATOR, transferPassphrase } = await issuerParts();
  const passphrase = await transferPassphrase(transferPassphraseFile);
  const { manifest, sha256 } = await besideIssuer(readSettings('tenant', call, context), context, (effects) =>
    exportInstitution(effects, { code, folder: out, passphrase, actor: OPERATOR }),
  );
  const rows = (name: string): number => manifest.tables.find((table) => table.name === name)?.rows ?? 0;
  return {
    json: { archive: manifest.id, manifestSha256: sha256, folder: out, tables: manifest.tables },
    text: [
      call.say(
        `✔ 档案 ${manifest.id}:${rows('certificates')} 张证书、${rows('audit_log')} 条日志,在 ${out}`,
        `✔ Archive ${manifest.id}: ${rows('certificates')} certificates, ${rows('audit_log')} log entries, in ${out}`,
      ),
      call.say(`  校验值 ${sha256}(口头核对)`, `  Digest ${sha256} (compare it by word of mouth)`),
      call.say(
        '  机构现在停办:不签发、不查询;DID 文件和状态列表照常提供。',
        '  The institution stands still now: nothing is issued or looked up; DID document and status lists are still served.',
      ),
      call.say(
        '  下一步,在新平台:yizheng tenant import <文件夹>。不迁了:yizheng tenant reopen。',
        '  Next, on the new host: yizheng tenant import <folder>. To go on here after all: yizheng tenant reopen.',
      ),
    ],
  };
}

async function importOne(call: Call, context: CliContext): Promise<CommandResult> {
  const { transferPassphraseFile, receipt: file } = call.options(importOptions);
  const { besideIssuer, importInstitution, OPERATOR, transferPassphrase } = await issuerParts();
  const passphrase = await transferPassphrase(transferPassphraseFile);
  const settings = readSettings('tenant', call, context);
  const { manifest, receipt, again, address, sha256 } = await besideIssuer(settings, context, (effects) =>
    importInstitution(effects, { folder: call.args[0] ?? '', passphrase, actor: OPERATOR }),
  );
  await createFile(file, `${receipt}\n`);
  const { code, name } = manifest.institution;
  const here = `${settings.baseUrl}/institutions/${code}`;
  const isHere = address === here;
  return {
    json: {
      institution: manifest.institution,
      archive: manifest.id,
      manifestSha256: sha256,
      receipt: file,
      again,
      address,
      here,
    },
    text: [
      again
        ? call.say(
            `✔ ${name}(${code})早已接收;回执重写到 ${file}`,
            `✔ ${name} (${code}) was taken in before; receipt written again to ${file}`,
          )
        : call.say(
            `✔ 已接收 ${name}(${code});回执在 ${file},交给原平台`,
            `✔ ${name} (${code}) is here; the receipt for the old host is ${file}`,
          ),
      call.say(`  档案校验值 ${sha256}`, `  Digest of the archive ${sha256}`),
      ...(isHere
        ? [
            call.say(
              `  核验方在 ${address} 找它:把这个地址指到本机。`,
              `  Verifiers look for it at ${address}: point that address to this machine.`,
            ),
          ]
        : [
            call.say(
              `! 核验方仍在 ${address} 找它,那里不是本平台。`,
              `! Verifiers still look for it at ${address}, which is not this service.`,
            ),
            call.say(
              `  请让那个地址把请求转给 ${here}(反向代理,不是跳转)。`,
              `  Have that address forward to ${here} (a reverse proxy, no redirect).`,
            ),
          ]),
      call.say(
        '  人员没有密码跟来:请在“人员”里给每个人一个新的开始,或 yizheng invite 先请一位管理员。',
        '  People come without passwords: give each a new beginning under “People”, or invite an administrator first (yizheng invite).',
      ),
    ],
  };
}

async function closeOne(call: Call, context: CliContext): Promise<CommandResult> {
  const { institution: code, receipt: file } = call.options(closeOptions);
  const { besideIssuer, closeInstitution, OPERATOR } = await issuerParts();
  const receipt = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new YizhengError('FILE_UNREADABLE', `${file} cannot be read.`, { at: file, cause });
  });
  const arrived = await besideIssuer(readSettings('tenant', call, context), context, (effects) =>
    closeInstitution(effects, { code, receipt, actor: OPERATOR }),
  );
  return {
    json: arrived,
    text: [
      call.say(
        `✔ ${code} 已放手;现在在 ${arrived.at},${arrived.certificates} 张证书于 ${arrived.importedAt} 到达`,
        `✔ ${code} is let go of; it is at ${arrived.at} now, ${arrived.certificates} certificates arrived ${arrived.importedAt}`,
      ),
      call.say('  私钥已从密钥库删除。', '  Its private keys are erased from the keystore.'),
    ],
  };
}

async function reopenOne(call: Call, context: CliContext): Promise<CommandResult> {
  const { institution: code } = call.options(reopenOptions);
  const { besideIssuer, reopenInstitution, OPERATOR } = await issuerParts();
  await besideIssuer(readSettings('tenant', call, context), context, (effects) =>
    reopenInstitution(effects, { code, actor: OPERATOR }),
  );
  return {
    json: { institution: code, state: 'open' },
    text: call.say(
      `✔ ${code} 在这里继续办理;请销毁写出的档案`,
      `✔ ${code} goes on here; destroy the archives that were written`,
    ),
  };
}

async function eraseOne(call: Call, context: CliContext): Promise<CommandResult> {
  const { institution: code, confirm } = call.options(eraseOptions);
  if (confirm !== code)
    throw new YizhengError('OPTION_INVALID', '--confirm: must be the institution code once more.', { at: '--confirm' });
  const { besideIssuer, eraseInstitution, OPERATOR } = await issuerParts();
  const erased = await besideIssuer(readSettings('tenant', call, context), context, (effects) =>
    eraseInstitution(effects, { code, actor: OPERATOR }),
  );
  const rows = Object.values(erased).reduce((sum, count) => sum + count, 0);
  return {
    json: { institution: code, erased },
    text: call.say(
      `✔ 已删去 ${code} 的 ${rows} 行;日志保留,备份里的请另行处理`,
      `✔ ${rows} rows of ${code} erased; the log stays, see to the backups yourself`,
    ),
  };
}
