import { nodeContext, type CliContext } from '../../cli/context.js';
import type { Terminal } from '../../cli/terminal.js';
import { runCli } from '../../cli/run-cli.js';

/** What a run of the command line gave. */
export interface CliRun {
  code: number;
  out: string;
  err: string;
}

/** Runs the command line inside the test process, with a fixed clock and a home of its own. */
export async function cli(
  argv: readonly string[],
  options: {
    home: string;
    now?: string;
    stdin?: string;
    environment?: Record<string, string>;
    terminal?: Terminal;
  },
): Promise<CliRun> {
  let out = '';
  let err = '';
  const context: CliContext = Object.assign(nodeContext(), {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    now: () => new Date(options.now ?? '2026-11-21T00:00:00Z'),
    readStdin: () => Promise.resolve(new TextEncoder().encode(options.stdin ?? '')),
    environment: options.environment ?? {},
    home: options.home,
    ...(options.terminal === undefined ? {} : { terminal: options.terminal }),
  });
  const code = await runCli(argv, context);
  return { code, out, err };
}
