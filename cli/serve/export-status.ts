import { access, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { issuerMigrations, IssuerService } from '../../issuer/index.js';
import { statusListUrl } from '../../shared/certificate/credential.js';
import { BUNDLE_LIMITS, parseJsonObject } from '../../shared/json/parse-json.js';
import type { CliContext } from '../context.js';
import { replaceFile } from '../replace-file.js';
import { openService } from './open-service.js';
import type { Settings } from './settings.js';

/** What an export did. */
export interface StatusExport {
  /** Paths below the folder, written this time. */
  written: string[];
  /** Lists in the folder. */
  lists: number;
  /** Lists that had to be signed anew and could not be; the log says why. */
  overdue: number;
}

/** Remembers which signing of each list lies in the folder. */
const MARKS = '.status-export.json';

/**
 * Signs what is due and writes every list that was signed since the last export to the path its address has, each whole or not at
 * all, for a static host. Lists that stayed as they were are neither read nor written.
 * @throws YizhengError as `openService`, `FILE_UNWRITABLE`
 */
export async function exportStatusLists(
  settings: Settings<'status-export'>,
  context: Pick<CliContext, 'now'>,
): Promise<StatusExport> {
  const open = await openService('status-export', settings, issuerMigrations, context);
  try {
    const { baseUrl, out } = settings;
    const { institutions, statusLists } = new IssuerService({ ...open, baseUrl, verifierUrl: `${baseUrl}/` });
    const known = await institutions.list();
    await statusLists.refresh(known);
    const marks = await readMarks(join(out, MARKS));
    const written: string[] = [];
    const signed = await statusLists.signed();
    for (const { institution: code, list, purpose, mark } of signed) {
      const institution = known.find((one) => one.code === code);
      if (!institution) continue;
      const path = new URL(statusListUrl(institution.did, purpose, list)).pathname.slice(1);
      const file = join(out, path);
      if (marks[path] === mark && (await exists(file))) continue;
      await mkdir(dirname(file), { recursive: true });
      await replaceFile(file, await statusLists.current(institution, purpose, list));
      marks[path] = mark;
      written.push(path);
    }
    if (written.length > 0) await replaceFile(join(out, MARKS), JSON.stringify(marks));
    return { written, lists: signed.length, overdue: (await statusLists.due()).length };
  } finally {
    await open.database.close();
  }
}

async function readMarks(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return parseJsonObject(text, BUNDLE_LIMITS);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
