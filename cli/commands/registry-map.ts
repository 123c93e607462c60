import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import { mapToSvg } from '../../shared/trust/recognition-map-svg.js';
import { mapToText, recognitionMap } from '../../shared/trust/recognition-map.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { withTrustOptions } from '../trust-options.js';
import { loadTrust, trustOptions } from '../trust-state.js';

/** `yizheng registry map`: who recognises whom, as text and picture. Without network. */
export function registerRegistryMap(registry: Command, context: CliContext): void {
  const command = registry
    .command('map')
    .summary('认可关系图 · map of who recognises whom')
    .description(
      '列出谁认可谁、效果、起止;双方引用同一备忘录的标为互认\nList who recognises whom, with effect and period; mutual pairs are derived',
    )
    .option('--svg <file>', '另存为图片 · also draw it into this SVG file')
    .option('--at <time>', '假定时间 · as if it were then');
  withTrustOptions(command).action(context.act((call) => drawMap(call, context)));
}

async function drawMap(call: Call, context: CliContext): Promise<CommandResult> {
  const options = call.options(trustOptions.extend({ svg: z.string().min(1).optional() }));
  const { view, findings, now } = await loadTrust(options, context);
  for (const finding of findings) context.err(`! ${finding.code} ${finding.authority ?? ''} ${finding.detail}\n`);
  const map = recognitionMap(view, { anchor: options.anchor, now });
  const { svg } = options;
  if (svg !== undefined) await writePicture(svg, mapToSvg(map, view, call.language));
  return {
    json: { ...map, ...(svg !== undefined && { svg }) },
    text: [
      ...mapToText(map, view, call.language),
      ...(svg === undefined ? [] : ['', `✔ ${call.say('已画图', 'Drawn')}: ${svg}`]),
    ],
  };
}

async function writePicture(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new YizhengError('FILE_UNWRITABLE', `${file} cannot be written.`, { at: file, cause });
  }
}
