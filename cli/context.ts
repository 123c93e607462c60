import { homedir } from 'node:os';
import type { Command } from 'commander';
import type { z } from 'zod';
import { YizhengError } from '../shared/errors.js';
import type { Language } from '../shared/verdict/translator.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { chooseLanguage } from './language.js';
import { processTerminal, type Terminal } from './terminal.js';
import { terminalText } from './terminal-text.js';

/** What a finished command has to say; printed in one place, as text or with `--json`. */
export interface CommandResult {
  /** {@link EXIT}.accepted unless given. */
  exitCode?: ExitCode;
  /** For machines. */
  json: unknown;
  /** For people, in the language asked for. */
  text: string | readonly string[];
}

/** One call of a command. */
export interface Call {
  args: string[];
  language: Language;
  /** The sentence in the language asked for. */
  say: (chinese: string, english: string) => string;
  /** The options, checked. @throws YizhengError `OPTION_INVALID` */
  options: <T extends z.ZodType>(schema: T) => z.infer<T>;
}

/** The world outside the command line; tests and `up` may bring another. */
export interface CliContext {
  out: (text: string) => void;
  err: (text: string) => void;
  readStdin: () => Promise<Uint8Array>;
  now: () => Date;
  environment: Readonly<Record<string, string | undefined>>;
  home: string;
  terminal: Terminal;
  exitCode: ExitCode;
  /** Makes a Commander action of a handler: checks language, prints the result, keeps the exit code. */
  act: (handler: (call: Call) => Promise<CommandResult> | CommandResult) => (this: Command) => Promise<void>;
}

/** The context of a real process. */
export function nodeContext(): CliContext {
  const context: CliContext = {
    out: (text) => void process.stdout.write(terminalText(text)),
    err: (text) => void process.stderr.write(terminalText(text)),
    readStdin: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return new Uint8Array(Buffer.concat(chunks));
    },
    now: () => new Date(),
    environment: process.env,
    home: homedir(),
    terminal: processTerminal(),
    exitCode: EXIT.accepted,
    act: (handler) =>
      async function act(this: Command) {
        const all = this.optsWithGlobals();
        const language = chooseLanguage(all['lang'], context.environment);
        const result = await handler({
          args: this.args,
          language,
          say: (chinese, english) => (language === 'en' ? english : chinese),
          options: (schema) => checkOptions(schema, all),
        });
        const text = typeof result.text === 'string' ? [result.text] : result.text;
        context.out(all['json'] === true ? `${JSON.stringify(result.json, null, 2)}\n` : `${text.join('\n')}\n`);
        context.exitCode = result.exitCode ?? EXIT.accepted;
      },
  };
  return context;
}

function checkOptions<T extends z.ZodType>(schema: T, options: unknown): z.infer<T> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue?.path.map(String).join('.') ?? '';
  const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new YizhengError('OPTION_INVALID', `${flag}: ${issue?.message ?? 'is invalid'}.`, { at: flag });
}
