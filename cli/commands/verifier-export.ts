import type { Command } from 'commander';
import { z } from 'zod';
import { BUNDLE_LIMITS } from '../../shared/json/parse-json.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { readFileChecked } from '../read-input.js';
import { replaceFile } from '../replace-file.js';
import { trustOptions } from '../trust-state.js';

const exportOptions = trustOptions
  .pick({ anchor: true, anchorRoot: true })
  .required()
  .extend({
    bundle: z.string(),
    out: z.string(),
    host: z
      .array(z.string().regex(/^[a-z0-9.-]{1,253}(?::\d{1,5})?$/, { error: 'expected a host, e.g. verify.example' }))
      .default([]),
  });

/** `yizheng verifier export`: the employer's verifier as one HTML file that needs no network, not even once. */
export function registerVerifier(program: Command, context: CliContext): void {
  program
    .command('verifier')
    .summary('离线核验程序 · offline verifier')
    .description('用人单位的离线核验程序\nThe offline verifier of employers')
    .command('export')
    .summary('导出单个网页文件 · as one HTML file')
    .description(
      '把核验程序和一份数据包写成一个网页文件:放进 U 盘或内网,首次打开也无需联网\n' +
        'Write the verifier and a bundle as one HTML file: from a USB stick or the intranet it works with no network, first use included',
    )
    .requiredOption('--bundle <file>', '数据包 · bundle file')
    .requiredOption('--anchor <did>', '按哪个主管部门的规则 · authority whose rules count')
    .requiredOption('--anchor-root <digest>', '该部门公布的根摘要 uEi… · digest of its root as it announces it')
    .option(
      '--host <host...>',
      '本单位核验网站的域名;二维码指向别处时会提醒 · hosts of your own verifier; codes pointing elsewhere get a warning',
    )
    .requiredOption('--out <file>', '写到 · where to write it, e.g. verifier.html')
    .action(context.act((call) => exportVerifier(call, context)));
}

async function exportVerifier(call: Call, context: CliContext): Promise<CommandResult> {
  const { bundle, anchor, anchorRoot, host, out } = call.options(exportOptions);
  const { exportSingleFile } = await import('../../verifier/export-single-file.js');
  const { html, findings } = await exportSingleFile({
    bundle: await readFileChecked(bundle, BUNDLE_LIMITS.maxBytes),
    anchor,
    rootDigest: anchorRoot,
    hosts: host,
    now: `${context.now().toISOString().slice(0, 19)}Z`,
  });
  await replaceFile(out, html);
  const bytes = Buffer.byteLength(html);
  return {
    json: { file: out, bytes, anchor, findings },
    text: [
      call.say(
        `已写入 ${out}(${(bytes / 1e6).toFixed(1)} MB)。用浏览器打开即可,不需要网络。`,
        `Wrote ${out} (${(bytes / 1e6).toFixed(1)} MB). Open it in a browser; it needs no network.`,
      ),
      ...findings.map(({ code, authority, detail }) => `  ! ${code} ${authority ?? ''} ${detail}`),
    ],
  };
}
