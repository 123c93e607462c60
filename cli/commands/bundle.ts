import type { Command } from 'commander';
import { z } from 'zod';
import { errorCode, YizhengError } from '../../shared/errors.js';
import { BUNDLE_LIMITS } from '../../shared/json/parse-json.js';
import { readBundle } from '../../shared/trust/bundle.js';
import { digestMultibase } from '../../shared/trust/digest.js';
import {
  freshnessSchema,
  manifestSchema,
  readEnvelope,
  readPayload,
  rootSchema,
} from '../../shared/trust/feed-metadata.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import type { FeedFiles } from '../../shared/trust/verify-feed.js';
import type { Call, CliContext, CommandResult } from '../context.js';
import { errorText } from '../error-text.js';
import { EXIT } from '../exit-code.js';
import { serviceUrlOption } from '../option-schemas.js';
import { readFileChecked } from '../read-input.js';
import { replaceFile } from '../replace-file.js';
import { withTrustOptions } from '../trust-options.js';
import { loadTrust, trustOptions } from '../trust-state.js';
import { registerBundleUpdate } from './bundle-update.js';

const MAX_BYTES = BUNDLE_LIMITS.maxBytes;
/** Errors of a bundle that could be read and must not be believed. */
const REFUSED = /^(?:BUNDLE_(?!INVALID)|FEED_|STATEMENT_)/;

/** `yizheng bundle …`: the one file a verifier needs to work without network. */
export function registerBundle(program: Command, context: CliContext): void {
  const bundle = program
    .command('bundle')
    .summary('信任数据包 · trust bundle')
    .description(
      '下载、查看、验证离线核验用的信任数据包\nFetch, show and verify the trust bundle for offline verification',
    );

  bundle
    .command('fetch <url>')
    .summary('下载 · fetch')
    .description('下载信任数据包;内容要到 verify 时才验证\nFetch a trust bundle; it is verified when it is used')
    .requiredOption('--out <file>', '保存到 · where to keep it')
    .action(context.act((call) => fetchBundle(call)));

  bundle
    .command('info <file>')
    .summary('查看,不验证 · show, unverified')
    .description(
      '列出数据包里的数据源和根摘要;不验证签名\nList the feeds and root digests in a bundle; signatures are not checked',
    )
    .action(
      context.act(async (call) => {
        const { feeds } = readBundle(await readFileChecked(call.args[0] ?? '', MAX_BYTES));
        const rows = Object.entries(feeds).map(([authority, files]) => feedInfo(authority, files));
        return { json: { verified: false, feeds: rows }, text: infoLines(call, rows) };
      }),
    );

  const verifying = bundle
    .command('verify <file>')
    .summary('验证并存下 · verify and keep')
    .description(
      '验证数据包的全部签名与新旧,并存为已有数据\nVerify all signatures and the age of a bundle, and keep it as held data',
    );
  withTrustOptions(verifying).action(context.act((call) => verifyBundle(call, context)));
  registerBundleUpdate(bundle, context);
}

async function fetchBundle({ args, options, say }: Call): Promise<CommandResult> {
  const { out } = options(z.object({ out: z.string() }));
  const url = serviceUrlOption.safeParse(args[0]);
  if (!url.success) throw new YizhengError('OPTION_INVALID', 'Expected an https address (http for localhost only).', { at: 'url' }); // prettier-ignore
  const { createSafeFetch } = await import('../../server/safe-fetch.js');
  const fetch = createSafeFetch({ allowLoopback: true, maxBytes: MAX_BYTES, timeoutMs: 120_000 });
  const { status, body } = await fetch(url.data, { accept: 'application/json' });
  if (status !== 200)
    throw new YizhengError('SERVICE_ANSWER', `The address answered with status ${status}.`, { status: 502 });
  const { feeds } = readBundle(body);
  await replaceFile(out, body);
  const authorities = Object.keys(feeds);
  return {
    json: { file: out, bytes: body.length, feeds: authorities },
    text: say(
      `已保存 ${out}:${body.length} 字节,${authorities.length} 个数据源(尚未验证)。`,
      `Saved ${out}: ${body.length} bytes, ${authorities.length} feeds (not verified yet).`,
    ),
  };
}

async function verifyBundle(call: Call, context: CliContext): Promise<CommandResult> {
  const options = call.options(trustOptions);
  try {
    const { view, findings } = await loadTrust({ ...options, bundle: call.args[0] }, context);
    const feeds = view.feeds.map((feed) => ({ ...feed, ...namesOf(view, feed.authority) }));
    return {
      json: { verified: true, anchor: options.anchor, goodUntil: view.goodUntil, feeds, findings },
      text: [
        call.say('数据包验证通过。', 'The bundle verifies.'),
        ...feeds.map(({ authority, name, sequence }) => `  ${name}  ${authority}  #${sequence}`),
        `${call.say('可用至', 'good until')} ${view.goodUntil ?? '—'}`,
        ...findings.map(({ code, authority, detail }) => `  ! ${code} ${authority ?? ''} ${detail}`),
      ],
    };
  } catch (error) {
    if (!(error instanceof YizhengError) || !REFUSED.test(errorCode(error))) throw error;
    return {
      exitCode: EXIT.refused,
      json: { verified: false, anchor: options.anchor, error: { code: error.code, message: error.message } },
      text: [call.say('数据包没有采用。', 'The bundle is refused.'), errorText(error, call.language)],
    };
  }
}

function namesOf(view: TrustView, authority: string): { name: string; issuedAt: string | null } {
  return { name: view.authorityName(authority) ?? authority, issuedAt: view.feedOf(authority)?.issuedAt ?? null };
}

interface FeedInfo {
  authority: string;
  name: string;
  rootVersion: number;
  rootDigest: string;
  sequence: number;
  issuedAt: string;
  nextUpdate: string;
  staleAfter: string;
  parts: { name: string; rows: number }[];
}

function feedInfo(authority: string, files: FeedFiles): FeedInfo {
  const root = readPayload(readEnvelope(files.roots.at(-1)), rootSchema);
  const freshness = readPayload(readEnvelope(files.freshness), freshnessSchema).value;
  const manifest = readPayload(readEnvelope(files.manifest), manifestSchema).value;
  return {
    authority,
    name: root.value.name,
    rootVersion: root.value.version,
    rootDigest: digestMultibase(root.text),
    sequence: manifest.sequence,
    issuedAt: freshness.issuedAt,
    nextUpdate: freshness.nextUpdate,
    staleAfter: manifest.staleAfter,
    parts: manifest.parts.map(({ name, rows }) => ({ name, rows })),
  };
}

function infoLines({ say }: Call, feeds: readonly FeedInfo[]): string[] {
  return [
    say('【未验证】数据包自称包含:', '[NOT VERIFIED] The bundle says it holds:'),
    ...feeds.flatMap((feed) => [
      `${feed.name}  ${feed.authority}  #${feed.sequence}`,
      `  ${say('根摘要(请与主管部门公布的核对)', 'root digest (compare with what the authority announces)')}: ${feed.rootDigest} v${feed.rootVersion}`,
      `  ${feed.issuedAt} → ${feed.nextUpdate}, ${say('可用至', 'good until')} ${feed.staleAfter}`,
      `  ${feed.parts.map(({ name, rows }) => `${name} ${rows}`).join(', ')}`,
    ]),
  ];
}
