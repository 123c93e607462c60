import type { Command } from 'commander';
import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import { exportBundle } from '../../shared/trust/export-bundle.js';
import { feedFetcher } from '../../shared/trust/feed-fetch.js';
import { MAX_PART_BYTES } from '../../shared/trust/feed-part.js';
import { NODE_CRYPTO } from '../../server/node-feed-crypto.js';
import { updateTrust } from '../../shared/trust/update-trust.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { EXIT } from '../exit-code.js';
import { replaceFile } from '../replace-file.js';
import { withStateOptions } from '../trust-options.js';
import { openState, trustOptions } from '../trust-state.js';

const FILE_DEADLINE_MS = 120_000;

/** `yizheng bundle update` and `bundle export`: trust data over the network by delta, and onto a USB stick. */
export function registerBundleUpdate(bundle: Command, context: CliContext): void {
  const updating = bundle
    .command('update')
    .summary('联网增量更新 · update by delta')
    .description(
      '从主管部门及其互认方的登记处下载有变化的部分,验证后存下\nFetch what changed at the authority and those it recognises, verify it and keep it',
    );
  withStateOptions(updating).action(context.act((call) => update(call, context)));
  const exporting = bundle
    .command('export')
    .summary('导出到 U 盘 · export')
    .description(
      '把已存的信任数据写成数据包文件,带到离线设备\nWrite what is held as a bundle file for a device without network',
    )
    .requiredOption('--out <file>', '写到 · where to write it');
  withStateOptions(exporting).action(context.act((call) => exportHeld(call, context)));
}

async function update(call: Call, context: CliContext): Promise<CommandResult> {
  const options = call.options(trustOptions.omit({ bundle: true, at: true }));
  const { createSafeFetch } = await import('../../server/safe-fetch.js');
  const fetch = createSafeFetch({ allowLoopback: true, maxBytes: MAX_PART_BYTES, timeoutMs: FILE_DEADLINE_MS });
  const { held, keep } = await openState(options, context);
  const { state, view, findings, bytesFetched } = await updateTrust({
    anchor: options.anchor,
    anchorRoot: options.anchorRoot === undefined ? undefined : { digestMultibase: options.anchorRoot },
    held,
    fetchFor: feedFetcher(fetch),
    now: `${context.now().toISOString().slice(0, 19)}Z`,
    crypto: NODE_CRYPTO,
  });
  await keep(state);
  const anchorRefused = findings.some(
    ({ authority, code }) => authority === options.anchor && !code.startsWith('FEED_DELTA_'),
  );
  return {
    exitCode: anchorRefused ? EXIT.refused : EXIT.accepted,
    json: { anchor: options.anchor, updated: !anchorRefused, bytesFetched, goodUntil: view.goodUntil, feeds: view.feeds, findings }, // prettier-ignore
    text: [
      anchorRefused
        ? call.say('没有更新:仍使用已存的数据。', 'Not updated: what is held stays in use.')
        : call.say(`已更新,下载 ${bytesFetched} 字节。`, `Updated; ${bytesFetched} bytes fetched.`),
      ...view.feeds.map(({ authority, sequence }) => `  ${view.authorityName(authority) ?? authority}  #${sequence}`),
      `${call.say('可用至', 'good until')} ${view.goodUntil ?? '—'}`,
      ...findings.map(({ code, authority, detail }) => `  ! ${code} ${authority ?? ''} ${detail}`),
    ],
  };
}

async function exportHeld(call: Call, context: CliContext): Promise<CommandResult> {
  const options = call.options(trustOptions.extend({ out: z.string() }));
  const { held } = await openState(options, context);
  if (!held)
    throw new YizhengError('TRUST_DATA_MISSING', 'No trust data is held for this anchor yet.', { at: '--anchor' });
  const bundle = exportBundle(held);
  await replaceFile(options.out, bundle);
  const feeds = Object.keys(held.feeds);
  return {
    json: { file: options.out, bytes: Buffer.byteLength(bundle), feeds },
    text: call.say(`已写入 ${options.out}:${feeds.length} 个数据源。`, `Wrote ${options.out}: ${feeds.length} feeds.`),
  };
}
