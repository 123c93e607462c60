import { randomBytes } from 'node:crypto';
import { createLogger, openDatabase, type Database, type Migration } from '../../server/index.js';
import { freshDatabase, type DatabaseKind } from '../database/fresh-database.js';

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

/** An open database of its own, removed by `remove`. */
export async function temporaryDatabase(
  migrations: readonly Migration[] = [],
  kind: DatabaseKind = 'sqlite',
): Promise<{ database: Database; url: string; file: string; remove: () => Promise<void> }> {
  const fresh = await freshDatabase(kind, migrations);
  const database = await openDatabase({ url: fresh.url, migrations });
  return {
    database,
    url: fresh.url,
    file: fresh.url.replace(/^sqlite:/, ''),
    remove: async () => {
      await database.close();
      await fresh.remove();
    },
  };
}

export const effects = { randomBytes: (length: number) => new Uint8Array(randomBytes(length)) };
