import { createInterface } from 'node:readline/promises';
import { terminalText } from './terminal-text.js';

/** The person at the terminal, where there is one. */
export interface Terminal {
  /** Somebody can be asked. */
  readonly canAsk: boolean;
  /** A line can be written over. */
  readonly isLive: boolean;
  /** Asks for one line. */
  ask(question: string): Promise<string>;
  /** Writes a line over the one before; `''` takes it away. */
  overwrite(line: string): void;
  /** Calls back when the person presses Ctrl-C, instead of ending the process; returns how to stop that. */
  onInterrupt(listener: () => void): () => void;
}

/** The terminal of a real process: questions and progress go to standard error, so that standard output stays clean. */
export function processTerminal(): Terminal {
  return {
    canAsk: process.stdin.isTTY && process.stderr.isTTY,
    isLive: process.stderr.isTTY,
    async ask(question) {
      const reader = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return (await reader.question(terminalText(question))).trim();
      } finally {
        reader.close();
      }
    },
    overwrite: (line) => void process.stderr.write(`\r\u001b[2K${terminalText(line)}`),
    onInterrupt(listener) {
      process.once('SIGINT', listener);
      return () => void process.removeListener('SIGINT', listener);
    },
  };
}
