import { z } from 'zod';
import { programName } from '../program-name.js';
import { YizhengError } from '../../shared/errors.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { EXIT } from '../exit-code.js';
import { createServiceClient } from '../service-client.js';
import { batchAnswer, batchesAnswer, readAnswer } from './answers.js';
import { checkedLine, operationName, progressLine } from './batch-text.js';
import { serviceOptions } from './options.js';
import { batchPath } from './watch-batch.js';

const plainOptions = z.object(serviceOptions);
const confirmOptions = z.object({ ...serviceOptions, goodRows: z.boolean().optional() });
const voidOptions = z.object({ ...serviceOptions, yes: z.boolean().optional() });

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

/** `yizheng batch confirm`: starts a batch that was checked. */
export async function confirmBatch(call: Call): Promise<CommandResult> {
  const { issuer, keyFile, goodRows } = call.options(confirmOptions);
  const service = await createServiceClient(issuer, keyFile);
  const id = call.args[0] ?? '';
  const body = { rows: goodRows === true ? 'good' : 'all' };
  const batch = readAnswer(batchAnswer, await service.json({ method: 'POST', path: `${batchPath(id)}/confirm`, body }));
  return {
    json: { batch },
    text: [
      `✔ ${progressLine(batch, call.say)}`,
      `  ${programName()} batch watch ${batch.id} --issuer ${issuer} --key-file ${keyFile}`,
    ],
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
              batch.uploadedAt?.slice(0, 16).replace('T', ' ') ?? '',
              operationName(batch.operation, call.say),
              batch.state === 'checked' ? checkedLine(batch, call.say) : progressLine(batch, call.say),
              batch.fileName ?? '',
            ].join('  '),
          ),
  };
}

/**
 * `yizheng batch void-session`: withdraws every certificate of one assessment (E13), after saying how many that are.
 * @throws YizhengError `CONFIRMATION_NEEDED` where nobody can be asked
 */
export async function voidSession(call: Call, context: CliContext): Promise<CommandResult> {
  const { issuer, keyFile, yes } = call.options(voidOptions);
  if (yes !== true && !context.terminal.canAsk)
    throw new YizhengError('CONFIRMATION_NEEDED', 'Nobody can be asked here: add --yes.', { at: '--yes' });
  const service = await createServiceClient(issuer, keyFile);
  const access = `--issuer ${issuer} --key-file ${keyFile}`;
  const checked = readAnswer(
    batchAnswer,
    await service.json({ method: 'POST', path: '/batches/void-session', body: { assessmentId: call.args[0] ?? '' } }),
  );
  const question = call.say(
    `这场考核有 ${checked.ready} 张有效证书,全部作废且不能恢复?[y/N] `,
    `This assessment has ${checked.ready} certificates in force. Void them all, for ever? [y/N] `,
  );
  if (yes !== true && !/^(?:y|yes|是|好)$/i.test(await context.terminal.ask(question)))
    return {
      exitCode: EXIT.refused,
      json: { batch: checked },
      text: call.say('没有作废任何证书。', 'Nothing was voided.'),
    };
  const batch = readAnswer(
    batchAnswer,
    await service.json({ method: 'POST', path: `${batchPath(checked.id)}/confirm`, body: { rows: 'all' } }),
  );
  return {
    json: { batch },
    text: [`✔ ${progressLine(batch, call.say)}`, `  ${programName()} batch watch ${batch.id} ${access}`],
  };
}
