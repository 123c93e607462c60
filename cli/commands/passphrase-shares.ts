import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { joinPassphrase, splitPassphrase } from '../../keys/passphrase-shares.js';
import { readPassphrase } from '../../keys/read-passphrase.js';
import { isPrivateMode, writeSecretFile } from '../../keys/secret-file.js';
import { YizhengError } from '../../shared/errors.js';
import type { CliContext } from '../context.js';

const splitOptions = z.object({
  passphraseFile: z.string().optional(),
  passphraseFd: z.coerce.number().int().min(0).optional(),
  custodians: z.coerce.number(),
  needed: z.coerce.number(),
  out: z.string(),
});
const joinOptions = z.object({ share: z.array(z.string()).max(16), out: z.string() });
const MOST_BYTES = 8192;

/** `yizheng keys split-passphrase | join-passphrase`: the passphrase of a keystore in the hands of several custodians. */
export function registerPassphraseShares(keys: Command, context: CliContext): void {
  keys
    .command('split-passphrase')
    .summary('把口令分给几位保管人 · share the passphrase among custodians')
    .description(
      '每份写进一个文件,只写一次;够数的几份可还原口令,少一份什么也看不出。口令只打开密钥库文件,恢复不了令牌(PKCS#11)上的密钥\n' +
        'One file for each share, written once; as many as are needed restore the passphrase, fewer tell nothing. The passphrase opens the ' +
        'keystore file only: it does not bring back keys on a token (PKCS#11)',
    )
    .option('--passphrase-file <file>', '口令文件,权限 0600 · file with the passphrase, mode 0600')
    .option('--passphrase-fd <number>', '口令的文件描述符 · open file descriptor with the passphrase')
    .requiredOption('--custodians <count>', '保管人数,2–16 · custodians, 2 to 16', '3')
    .requiredOption('--needed <count>', '需要几份 · how many are needed', '2')
    .requiredOption('--out <folder>', '已有的目录 · an existing folder')
    .action(
      context.act(async (call) => {
        const { passphraseFile, passphraseFd, custodians, needed, out } = call.options(splitOptions);
        const passphrase = await readPassphrase({ file: passphraseFile, fd: passphraseFd });
        const shares = await splitPassphrase(passphrase, { custodians, needed });
        const files = shares.map((_, place) => join(out, `share-${place + 1}.txt`));
        for (const [place, share] of shares.entries()) await writeNew(files[place] ?? '', `${share}\n`);
        return {
          json: { files, needed },
          text: [
            ...files,
            '',
            call.say(
              `下一步:每位保管人拿走自己的一份,抄写或存好后从这里删除;任意 ${needed} 份可还原。确认能还原以后,再销毁口令的其他副本。`,
              `Next: each custodian takes one share away and it is deleted here; any ${needed} restore the passphrase. Destroy other copies of it only once that was tried.`,
            ),
          ],
        };
      }),
    );

  keys
    .command('join-passphrase')
    .summary('由几份还原口令 · restore the passphrase from shares')
    .description(
      '写进只有本人能读的新文件,最好在内存盘(如 /run);服务启动后删除\n' +
        'Into a new file readable by its owner only, best on a memory disk (e.g. /run); delete it once the service runs',
    )
    .requiredOption('--share <file...>', '一份一个文件,可重复 · one file for each share, repeatable')
    .requiredOption('--out <file>', '新文件,权限 0600 · new file, mode 0600')
    .action(
      context.act(async (call) => {
        const { share, out } = call.options(joinOptions);
        const passphrase = await joinPassphrase(await Promise.all(share.map(readShareFile)));
        await writeNew(out, `${passphrase}\n`);
        return {
          json: { file: out },
          text: [
            out,
            call.say(
              '下一步:yizheng serve … --passphrase-file 用它启动服务,然后删除它。',
              'Next: start the service with --passphrase-file, then delete it.',
            ),
          ],
        };
      }),
    );
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeSecretFile(path, new TextEncoder().encode(text), 'create');
  } catch (cause) {
    throw new YizhengError('SHARE_FILE_UNWRITABLE', `${path} exists already or cannot be written; nothing was changed in it.`, { cause }); // prettier-ignore
  }
}

async function readShareFile(path: string): Promise<string> {
  try {
    const { mode, size } = await stat(path);
    if (isPrivateMode(mode) && size <= MOST_BYTES) return await readFile(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
  throw unreadable(path);
}

function unreadable(path: string, cause?: unknown): YizhengError {
  return new YizhengError('SHARE_FILE_UNREADABLE', `${path} cannot be read, is too long, or others can read it (chmod 600).`, { cause }); // prettier-ignore
}
