import { randomUUID } from 'node:crypto';
import { constants, openAsBlob } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { programName } from '../program-name.js';
import { STATUS_REASONS_OF } from '../../shared/certificate/status-reasons.js';
import { YizhengError } from '../../shared/errors.js';
import { parseJson, type JsonValue } from '../../shared/json/parse-json.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { createServiceClient, ServiceProblem, type ServiceClient } from '../service-client.js';
import { batchAnswer, problemsAnswer, readAnswer, type BatchAnswer, type ProblemsAnswer } from './answers.js';
import { checkedLine, count, MOST_SHOWN, operationName, problemTable } from './batch-text.js';
import { download } from './download.js';
import { fetchResults } from './fetch-results.js';
import { resultOptions, serviceOptions } from './options.js';
import { startBatch } from './start-batch.js';
import { askForEver, isIrreversible, isYes, standDown } from './take-back.js';
import { batchPath } from './watch-batch.js';

const sheetOptions = z.object({
  ...serviceOptions,
  reason: z.string().optional(),
  out: z.string().optional(),
});
const runOptions = (operation: SheetOperation) =>
  z.object({
    ...serviceOptions,
    ...resultOptions,
    reason:
      operation === 'issue' || operation === 'correct'
        ? z.undefined().optional()
        : z.enum(STATUS_REASONS_OF[operation]).optional(),
    yes: z.boolean().optional(),
    goodRows: z.boolean().optional(),
  });

/** What a sheet is uploaded for. */
export type SheetOperation = 'issue' | 'correct' | 'revoke' | 'suspend' | 'reinstate';

/** `yizheng batch check`: the dry run alone. Exit code 0 when every row can be used, 1 when some are wrong. */
export async function checkSheet(call: Call, context: CliContext, operation: SheetOperation): Promise<CommandResult> {
  const { issuer, keyFile, out, reason } = call.options(sheetOptions);
  const service = await createServiceClient(issuer, keyFile);
  const { batch, problems, lines, files } = await upload(service, call, context, { operation, reason, out });
  const access = `--issuer ${issuer} --key-file ${keyFile}`;
  return {
    exitCode: batch.wrong === 0 ? EXIT.accepted : EXIT.refused,
    json: { batch, problems: problems.problems, files },
    text: [
      ...lines,
      '',
      ...(batch.ready === 0
        ? notDone(batch, access, call)
        : [
            call.say('还没有办理。要办理:', 'Nothing was done yet. To go on:'),
            `  ${programName()} batch confirm ${batch.id}${batch.wrong === 0 ? '' : ' --good-rows'} ${access}`,
          ]),
    ],
  };
}

/**
 * `yizheng batch run` and its kin: dry run, question, job with progress, results. Exit code 0 when every row of the sheet was done, 1
 * when some were wrong, refused or left out, 2 when it is not over yet.
 * @throws YizhengError `CONFIRMATION_NEEDED` where nobody can be asked
 */
export async function runSheet(call: Call, context: CliContext, operation: SheetOperation): Promise<CommandResult> {
  const options = call.options(runOptions(operation));
  const { issuer, keyFile, out, reason } = options;
  if (options.yes !== true && options.goodRows !== true && !context.terminal.canAsk)
    throw new YizhengError('CONFIRMATION_NEEDED', 'Nobody can be asked here: add --yes, or --good-rows.', {
      at: '--yes',
    });
  const service = await createServiceClient(issuer, keyFile);
  const access = `--issuer ${issuer} --key-file ${keyFile}`;
  const { batch, problems, lines, files } = await upload(service, call, context, { operation, reason, out });
  context.err(`${lines.join('\n')}\n`);
  const found = { problems: problems.problems, files };
  const rows = await decide(service, batch, options, call, context);
  if (rows === undefined) {
    if (!isIrreversible(batch))
      return {
        exitCode: batch.ready === 0 ? endCode(batch) : EXIT.refused,
        json: { batch, ...found },
        text: notDone(batch, access, call),
      };
    const cancelled = await standDown(service, batch.id, call);
    const again = batch.wrong === 0 ? [] : [call.say('改好表格后重新运行。', 'Correct the sheet and run it again.')];
    return {
      exitCode: EXIT.refused,
      json: { batch: cancelled.batch, ...found },
      text: [cancelled.text, ...again],
    };
  }
  const started = await startBatch(service, { id: batch.id, rows }, { issuer, keyFile, out }, call, context);
  if (!('over' in started))
    return { exitCode: EXIT.undetermined, json: { batch: started.batch, ...found }, text: started.text };
  const { over } = started;
  const fetched = await fetchResults(service, over, options, call, context);
  return {
    exitCode: endCode(over),
    json: { batch: over, problems: problems.problems, files: [...files, ...fetched.files] },
    text: [endLine(over, call), ...[...files, ...fetched.files].map((file) => `  ${file}`), ...fetched.notes],
  };
}

/** What to do with a batch nobody agreed to. */
function notDone({ id, wrong, already, ready }: BatchAnswer, access: string, { say }: Call): string[] {
  if (ready === 0 && wrong === 0 && already > 0)
    return [
      say('每一行此前都已发证,不用再办。证书编号见结果表:', 'Every row was certified before. Which numbers they have:'),
      `  ${programName()} batch results ${id} --out ${say('<文件夹>', '<folder>')} ${access}`,
    ];
  if (ready === 0)
    return [say('没有一行可以办理。改好表格后重新运行。', 'No row can be used. Correct the sheet and run it again.')];
  const confirm = `  ${programName()} batch confirm ${id}${wrong === 0 ? '' : ' --good-rows'} ${access}`;
  return wrong === 0
    ? [say('没有办理。要办理时:', 'Nothing was done. To go on later:'), confirm]
    : [
        say(
          '没有办理。改好表格后重新运行,或只办理没有问题的行:',
          'Nothing was done. Correct the sheet and run it again, or go on with the good rows:',
        ),
        confirm,
      ];
}

/** Exit code of a batch that is over: 0 only when every row of the sheet was done, now or before. */
export function endCode({ rows, already, done }: BatchAnswer): ExitCode {
  return rows === done + already ? EXIT.accepted : EXIT.refused;
}

/** How a batch ended, in one line. */
export function endLine(
  { operation, state, rows, already, done, failed, wrong, skipped }: BatchAnswer,
  { say }: Call,
): string {
  const verb = operationName(operation, say);
  const rest = [
    ...(already === 0 ? [] : [say(`${count(already)} 行此前已发证`, `${count(already)} certified before`)]),
    ...(wrong === 0 ? [] : [say(`${count(wrong)} 行有问题、没有办`, `${count(wrong)} wrong and left out`)]),
    ...(failed === 0 ? [] : [say(`${count(failed)} 行被拒`, `${count(failed)} refused`)]),
    ...(skipped === 0 ? [] : [say(`${count(skipped)} 行没有办`, `${count(skipped)} not done`)]),
  ];
  const mark = rows === done + already ? '✔' : '!';
  const head =
    state === 'cancelled'
      ? say(`已取消,取消前办理了 ${count(done)} 行(${verb})`, `Cancelled after ${count(done)} rows (${verb})`)
      : say(`办完:${verb} ${count(done)} / ${count(rows)} 行`, `Done: ${verb} ${count(done)} of ${count(rows)} rows`);
  return `${mark} ${[head, ...rest].join(say(',', ', '))}`;
}

interface Uploaded {
  batch: BatchAnswer;
  problems: ProblemsAnswer;
  /** What the dry run found, for a person. */
  lines: string[];
  /** Files written: the sheet of wrong cells. */
  files: string[];
}

async function upload(
  service: ServiceClient,
  call: Call,
  context: CliContext,
  wanted: { operation: SheetOperation; reason: string | undefined; out: string | undefined },
): Promise<Uploaded> {
  const sheet = call.args[0] ?? '';
  const form = new FormData();
  form.set('operation', wanted.operation);
  if (wanted.reason !== undefined) form.set('reason', wanted.reason);
  form.set('file', await sheetBlob(sheet), basename(sheet));
  context.err(`${call.say('正在上传并逐行检查', 'uploading and checking every row')}…\n`);
  const { pieces } = await service
    .open({
      method: 'POST',
      path: `/batches?lang=${call.language}`,
      form,
      headers: { 'idempotency-key': `cli.${randomUUID()}` },
    })
    .catch((error: unknown) => {
      throw refusedSheet(error);
    });
  const batch = readAnswer(batchAnswer, await readJson(pieces));
  const path = `${batchPath(batch.id)}/problems`;
  const problems = readAnswer(
    problemsAnswer,
    await service.json({ method: 'GET', path: `${path}?limit=${MOST_SHOWN}&lang=${call.language}` }),
  );
  const lines = [checkedLine(batch, call.say), ...problemTable(problems, call.say)];
  const files: string[] = [];
  if (problems.problems.length > 0 && wanted.out !== undefined) {
    const file = join(wanted.out, batch.id, 'problems.xlsx');
    await download(service, { path: `${path}.xlsx?lang=${call.language}`, file });
    files.push(file);
    lines.push(call.say(`  问题清单:${file}`, `  all problems: ${file}`));
  } else if (problems.next !== undefined)
    lines.push(
      call.say('  还有更多;用 --out <文件夹> 得到完整清单。', '  There are more; --out <folder> writes them all.'),
    );
  return { batch, problems, lines, files };
}

/** Says everything that is wrong with the file as a whole, in the language asked for. */
function refusedSheet(error: unknown): unknown {
  if (!(error instanceof ServiceProblem)) return error;
  const parsed = problemsAnswer.safeParse(error.problem);
  if (!parsed.success) return error;
  const { code, status } = error;
  return new YizhengError(code, parsed.data.problems.map(({ text }) => text).join('\n      '), { status });
}

/** Which rows to confirm; undefined = none. */
async function decide(
  service: ServiceClient,
  batch: BatchAnswer,
  options: { yes?: boolean | undefined; goodRows?: boolean | undefined },
  call: Call,
  { terminal }: CliContext,
): Promise<'all' | 'good' | undefined> {
  const { wrong, ready, operation } = batch;
  const { say } = call;
  if (ready === 0) return undefined;
  const rows = wrong === 0 ? 'all' : 'good';
  if (options.goodRows === true) return rows;
  if (options.yes === true) return wrong === 0 ? 'all' : undefined;
  if (isIrreversible(batch)) return (await askForEver(service, batch, call, terminal)) ? rows : undefined;
  const verb = operationName(operation, say);
  const question =
    wrong === 0
      ? say(`${verb}这 ${count(ready)} 行?[y/N] `, `Go on with these ${count(ready)} rows (${verb})? [y/N] `)
      : say(
          `只${verb}没有问题的 ${count(ready)} 行?[y/N] `,
          `Go on with the ${count(ready)} good rows only (${verb})? [y/N] `,
        );
  return isYes(await terminal.ask(question)) ? rows : undefined;
}

async function sheetBlob(file: string): Promise<Blob> {
  try {
    await access(file, constants.R_OK);
    return await openAsBlob(file);
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'ENOENT')
      throw new YizhengError('FILE_NOT_FOUND', `There is no file ${file}.`, { at: file, cause });
    throw new YizhengError('FILE_UNREADABLE', `${file} cannot be read.`, { at: file, cause });
  }
}

const ANSWER_LIMITS = { maxBytes: 1024 * 1024, maxDepth: 10, maxNodes: 10_000 };

async function readJson(pieces: AsyncIterable<Uint8Array>): Promise<JsonValue> {
  const bytes: Uint8Array[] = [];
  for await (const piece of pieces) bytes.push(piece);
  return parseJson(Buffer.concat(bytes), ANSWER_LIMITS);
}
