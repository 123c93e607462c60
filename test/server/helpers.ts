import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, openDatabase, type Database, type Migration } from '../../server/index.js';

/** A logger that keeps its lines. */
export function memoryLogger() {
  const lines: string[] = [];
  const logger = createLogger({
    name: 'test',
    level: 'trace',
    destination: { write: (line) => void lines.push(line) },
  });
  return { logger, lines };
}

/** A database file of its own, removed by `remove`. */
export async function temporaryDatabase(
  migrations: readonly Migration[] = [],
): Promise<{ database: Database; file: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'yizheng-server-'));
  const file = join(folder, 'test.db');
  const database = await openDatabase({ url: `sqlite:${file}`, migrations });
  return {
    database,
    file,
    remove: async () => {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

export const effects = { randomBytes: (length: number) => new Uint8Array(randomBytes(length)) };
