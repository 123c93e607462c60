import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Call, CommandResult } from '../context.js';
import { EXIT } from '../exit-code.js';
import { readFileChecked } from '../read-input.js';
import { createServiceClient } from '../service-client.js';
import { batchAnswer, batchesAnswer, readAnswer } from './answers.js';
import { checkedLine, operationName, progressLine } from './batch-text.js';
import { serviceOptions } from './options.js';
import { batchPath } from './watch-batch.js';

const plainOptions = z.object(serviceOptions);
/** What the service takes. */
const MOST_SHEET_BYTES = 200 * 1024 * 1024;
const BEIJING_MS = 8 * 3_600_000;

/** `yizheng batch approve|pause|resume|cancel`. */
export async function actOnBatch(
  call: Call,
  action: 'approve' | 'pause' | 'resume' | 'cancel',
): Promise<CommandResult> {
  const { issuer, keyFile } = call.options(plainOptions);
  const service = await createServiceClient(issuer, keyFile);
  const path = `${batchPath(call.args[0] ?? '')}/${action}`;
  const batch = readAnswer(batchAnswer, await service.json({ method: 'POST', path }));
  return { json: { batch }, text: `✔ ${progressLine(batch, call.say)}` };
}

/**
 * `yizheng batch same-sheet`: whether a file is the one a batch was made from, for whoever holds the file and wants to check the signed
 * record. Only its digest is sent. Exit code 1 when it is another file.
 */
export async function compareSheet(call: Call): Promise<CommandResult> {
  const { issuer, keyFile } = call.options(plainOptions);
  const service = await createServiceClient(issuer, keyFile);
  const [id = '', file = ''] = call.args;
  const body = {
    sha256: createHash('sha256')
      .update(await readFileChecked(file, MOST_SHEET_BYTES))
      .digest('hex'),
  };
  const answer = await service.json({ method: 'POST', path: `${batchPath(id)}/same-sheet`, body });
  const { same } = readAnswer(z.looseObject({ same: z.boolean() }), answer);
  return {
    exitCode: same ? EXIT.accepted : EXIT.refused,
    json: { same },
    text: same
      ? call.say('✔ 这一批就是按这份文件办的。', '✔ The batch was made from this file.')
      : call.say(
          '✘ 这一批不是按这份文件办的,或文件后来改过。',
          '✘ The batch was made from another file, or this one was changed.',
        ),
  };
}

/** `yizheng batch list`, newest first. */
export async function listBatches(call: Call): Promise<CommandResult> {
  const { issuer, keyFile } = call.options(plainOptions);
  const service = await createServiceClient(issuer, keyFile);
  const { batches } = readAnswer(batchesAnswer, await service.json({ method: 'GET', path: '/batches' }));
  return {
    json: { batches },
    text:
      batches.length === 0
        ? call.say('还没有批次。', 'There are no batches yet.')
        : batches.map((batch) =>
            [
              batch.id,
              batch.uploadedAt === undefined ? '' : beijingTime(batch.uploadedAt),
              operationName(batch.operation, call.say),
              batch.state === 'checked' ? checkedLine(batch, call.say) : progressLine(batch, call.say),
              batch.fileName ??
                (batch.assessmentId === undefined
                  ? ''
                  : call.say(`考核 ${batch.assessmentId}`, `assessment ${batch.assessmentId}`)),
            ].join('  '),
          ),
  };
}

/** An instant to the minute, in Beijing. */
function beijingTime(instant: string): string {
  return `${new Date(Date.parse(instant) + BEIJING_MS).toISOString().slice(0, 16).replace('T', ' ')} +08:00`;
}
