import type { Command } from 'commander';

/** Adds the options of a PKCS#11 token. @param variable of a setting, shown behind its option where a service reads it */
export function withToken(command: Command, variable: (setting: string) => string = () => ''): Command {
  const shown = (setting: string): string => {
    const name = variable(setting);
    return name === '' ? '' : ` (${name})`;
  };
  return command
    .option(
      '--token-module <file>',
      `令牌(PKCS#11)厂商的程序库;签发密钥在令牌上生成和签名 · PKCS#11 library of a token: keys that sign certificates are made and used there${shown('tokenModule')}`,
    )
    .option('--token-label <name>', `令牌的名称 · label of the token${shown('tokenLabel')}`)
    .option('--token-serial <number>', `或它的序列号 · or its serial number${shown('tokenSerial')}`)
    .option(
      '--token-pin-file <file>',
      `PIN 文件,一行,权限 0600 · file with the PIN: one line, mode 0600${shown('tokenPinFile')}`,
    )
    .option('--token-pin-fd <number>', 'PIN 的文件描述符 · open file descriptor with the PIN');
}
