import { join } from 'node:path';
import type { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import { programName } from '../program-name.js';
import type { Call, CliContext } from '../context.js';
import type { ServiceClient } from '../service-client.js';
import type { BatchAnswer } from './answers.js';
import { count } from './batch-text.js';
import { download } from './download.js';
import type { resultOptions, serviceOptions } from './options.js';
import { batchPath } from './watch-batch.js';

type ResultOptions = z.infer<z.ZodObject<typeof resultOptions & typeof serviceOptions>>;

const MIB = 1024 * 1024;
const SHOWN_EVERY_MS = 500;

/** What was written, and what was left out and why. */
export interface FetchedResults {
  files: string[];
  notes: string[];
}

/**
 * Writes what a batch made into a folder: result sheet, batch record, and a ZIP with the files of its certificates.
 * @throws YizhengError `FILE_UNWRITABLE`, and what the service refuses with
 */
export async function fetchResults(
  service: ServiceClient,
  batch: BatchAnswer,
  options: ResultOptions,
  call: Call,
  { terminal, err }: Pick<CliContext, 'terminal' | 'err'>,
): Promise<FetchedResults> {
  const path = batchPath(batch.id);
  const folder = join(options.out, batch.id);
  const left = new AbortController();
  const files: string[] = [];
  const notes: string[] = [];
  const fetchFile = async (name: string, at: string, onBytes?: Parameters<typeof download>[2]): Promise<void> => {
    const file = join(folder, name);
    await download(service, { path: `${path}/${at}`, file, signal: left.signal }, onBytes);
    files.push(file);
  };
  await fetchFile('result.xlsx', `result.xlsx?lang=${call.language}`);
  if (batch.state === 'done') await fetchFile('batch-record.jwt', 'record');
  const makesCertificates = batch.operation === 'issue' || batch.operation === 'correct';
  if (!makesCertificates || options.files.length === 0 || batch.done === 0) return { files, notes };
  const query = new URLSearchParams({
    files: options.files.join(','),
    lang: call.language,
    ...(options.from === undefined ? {} : { from: String(options.from) }),
    ...(options.to === undefined ? {} : { to: String(options.to) }),
  });
  const title = call.say('正在生成并下载压缩包', 'making and fetching the ZIP');
  if (!terminal.isLive) err(`${title}…\n`);
  let shown = 0;
  const stopListening = terminal.onInterrupt(() => left.abort());
  try {
    await fetchFile('certificates.zip', `result.zip?${query.toString()}`, (bytes, headers) => {
      if (!terminal.isLive || Date.now() - shown < SHOWN_EVERY_MS) return;
      shown = Date.now();
      const all = Number(headers.get('yizheng-certificates') ?? '0');
      const of = all === 0 ? '' : call.say(`(共 ${count(all)} 张证书)`, ` (${count(all)} certificates)`);
      terminal.overwrite(`${title}${of}: ${(bytes / MIB).toFixed(1)} MiB`);
    });
  } catch (error) {
    // The certificates are issued and the result sheet is there; the archive can be fetched in parts.
    const isTooLarge = error instanceof YizhengError && error.code === 'BATCH_ZIP_TOO_LARGE';
    if (!isTooLarge && !left.signal.aborted) throw error;
    notes.push(
      call.say('压缩包没有下载;随时可以再取:', 'The ZIP was not fetched; fetch it at any time:'),
      `  ${programName()} batch results ${batch.id} --out ${options.out} --issuer ${options.issuer} --key-file ${options.keyFile}${isTooLarge ? ' --files qr --from 2 --to 5001' : ''}`,
    );
  } finally {
    stopListening();
    if (terminal.isLive) terminal.overwrite('');
  }
  return { files, notes };
}
