import { z } from 'zod';
import type { Call, CliContext, CommandResult } from '../context.js';
import { EXIT } from '../exit-code.js';
import { programName } from '../program-name.js';
import { createServiceClient } from '../service-client.js';
import { progressLine, watchWords } from './batch-text.js';
import { fetchResults } from './fetch-results.js';
import { resultOptions, serviceOptions } from './options.js';
import { endCode, endLine } from './run-sheet.js';
import { isOver, readBatch, watchBatch } from './watch-batch.js';

const watchOptions = z.object(serviceOptions);
const fetchOptions = z.object({ ...serviceOptions, ...resultOptions });

/** `yizheng batch watch`: follows a batch to its end. Exit code as `run`; 2 when the person left before. */
export async function watchCommand(call: Call, context: CliContext): Promise<CommandResult> {
  const { issuer, keyFile } = call.options(watchOptions);
  const id = call.args[0] ?? '';
  const service = await createServiceClient(issuer, keyFile);
  const over = await watchBatch(service, id, watchWords(call), context);
  if (over?.state === 'checked')
    return {
      exitCode: EXIT.undetermined,
      json: { batch: over },
      text: [
        call.say('还没有确认,不会办理。要办理:', 'Not confirmed yet, so nothing happens. To go on:'),
        `  ${programName()} batch confirm ${id} --issuer ${issuer} --key-file ${keyFile}`,
      ],
    };
  if (over) return { exitCode: endCode(over), json: { batch: over }, text: endLine(over, call) };
  const batch = await readBatch(service, id);
  return {
    exitCode: EXIT.undetermined,
    json: { batch },
    text: call.say('已离开;服务端继续办理。', 'Left; the issuer goes on.'),
  };
}

/** `yizheng batch results`: writes what a batch made so far. */
export async function resultsOfBatch(call: Call, context: CliContext): Promise<CommandResult> {
  const options = call.options(fetchOptions);
  const service = await createServiceClient(options.issuer, options.keyFile);
  const batch = await readBatch(service, call.args[0] ?? '');
  const { files, notes } = await fetchResults(service, batch, options, call, context);
  return {
    exitCode: isOver(batch) ? endCode(batch) : EXIT.undetermined,
    json: { batch, files },
    text: [
      isOver(batch) ? endLine(batch, call) : progressLine(batch, call.say),
      ...files.map((file) => `  ${file}`),
      ...notes,
    ],
  };
}
