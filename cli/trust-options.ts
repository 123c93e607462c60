import type { Command } from 'commander';

/** Adds `--bundle --anchor --anchor-root --state` to a command; read them with `trustOptions`. */
export function withTrustOptions(command: Command): Command {
  return withStateOptions(
    command.option('--bundle <file>', '信任数据包;不给就用上次已存的 · trust bundle; without it, what is held is used'),
  );
}

/** Adds `--anchor --anchor-root --state`: what is held, without a bundle file. */
export function withStateOptions(command: Command): Command {
  return command
    .requiredOption('--anchor <did>', '按哪个主管部门的规则 · authority whose rules count')
    .option(
      '--anchor-root <digest>',
      '该部门公布的根摘要 uEi…(bundle info 列出的要与它核对),首次使用时必须 · digest of its root as it announces it (bundle info prints the one in a bundle); needed the first time',
    )
    .option(
      '--state <file>',
      '已存信任数据,防止用旧包回退;默认每个主管部门一个文件,在 $XDG_STATE_HOME/yizheng(未设时 ~/.local/state/yizheng) · what is held, so that an older bundle is refused; by default one file per authority in $XDG_STATE_HOME/yizheng, else ~/.local/state/yizheng',
    );
}
