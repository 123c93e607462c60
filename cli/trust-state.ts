import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeSecretFile } from '../keys/secret-file.js';
import { NODE_CRYPTO } from '../server/node-feed-crypto.js';
import { YizhengError } from '../shared/errors.js';
import { BUNDLE_LIMITS, parseJsonObject } from '../shared/json/parse-json.js';
import {
  importBundle,
  viewOfState,
  type HeldState,
  type ImportFinding,
  type ImportOptions,
} from '../shared/trust/import-bundle.js';
import type { TrustView } from '../shared/trust/trust-view.js';
import type { CliContext } from './context.js';
import { didOption, instantOption } from './option-schemas.js';
import { readFileChecked } from './read-input.js';

const MAX_BYTES = BUNDLE_LIMITS.maxBytes;
const stateForm = z.looseObject({
  type: z.literal('YizhengTrustState'),
  v: z.literal(1),
  anchor: didOption,
  seenTime: z.string(),
  feeds: z.record(
    z.string(),
    z.looseObject({ manifest: z.looseObject({ sequence: z.number() }), signed: z.looseObject({}) }),
  ),
});

/** Options of every command that reads trust data. */
export const trustOptions = z.object({
  bundle: z.string().optional(),
  anchor: didOption,
  anchorRoot: z
    .string()
    .regex(/^uEi[A-Za-z0-9_-]{44}$/, { error: 'expected the digest of a root, uEi…' })
    .optional(),
  state: z.string().optional(),
  at: instantOption.optional(),
});

/** Trust data ready for a decision. */
export interface LoadedTrust {
  view: TrustView;
  /** What the view was made of. */
  state: HeldState;
  findings: ImportFinding[];
  /** The instant the command judges at, RFC 3339. */
  now: string;
}

/**
 * Imports a bundle file on top of what was accepted before for this anchor, and remembers the result, so that an older bundle is
 * refused next time. Without a bundle, uses what is remembered. With `--at` nothing is remembered: it asks "what if it were then".
 *
 * The state file (0600, replaced atomically) lies where `--state` says, else under `$XDG_STATE_HOME` or `~/.local/state`.
 * @throws YizhengError those of `importBundle`, `TRUST_DATA_MISSING`, `STATE_DAMAGED`, `FILE_*`
 */
export async function loadTrust(options: z.infer<typeof trustOptions>, context: CliContext): Promise<LoadedTrust> {
  const { anchor, anchorRoot } = options;
  const file = options.state ?? defaultStateFile(anchor, context);
  const now = options.at ?? `${context.now().toISOString().slice(0, 19)}Z`;
  const held = await readState(file, anchor);
  if (options.bundle === undefined) {
    if (!held)
      throw new YizhengError('TRUST_DATA_MISSING', 'No trust data is held for this anchor yet; give --bundle.', {
        at: '--bundle',
      });
    return { view: viewOfHeld(held, file), state: held, findings: [], now };
  }
  const start: ImportOptions = {
    anchor,
    held,
    now,
    crypto: NODE_CRYPTO,
    ...(anchorRoot && { anchorRoot: { digestMultibase: anchorRoot } }),
  };
  const { view, state, findings } = importBundle(await readFileChecked(options.bundle, MAX_BYTES), start);
  if (options.at === undefined) await writeState(file, state);
  return { view, state, findings, now };
}

/** What is held for an anchor, and how to keep what takes its place. @throws YizhengError `STATE_DAMAGED`, `STATE_OF_OTHER_ANCHOR`, `FILE_*` */
export async function openState(
  { anchor, state }: Pick<z.infer<typeof trustOptions>, 'anchor' | 'state'>,
  context: CliContext,
): Promise<{ held: HeldState | undefined; keep: (state: HeldState) => Promise<void> }> {
  const file = state ?? defaultStateFile(anchor, context);
  return { held: await readState(file, anchor), keep: (next) => writeState(file, next) };
}

function defaultStateFile(anchor: string, { environment, home }: CliContext): string {
  const folder = environment['XDG_STATE_HOME'] ?? join(home, '.local', 'state');
  return join(folder, 'yizheng', `trust-${createHash('sha256').update(anchor).digest('hex').slice(0, 16)}.json`);
}

async function readState(file: string, anchor: string): Promise<HeldState | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFileChecked(file, 4 * MAX_BYTES);
  } catch (error) {
    if (error instanceof YizhengError && error.code === 'FILE_NOT_FOUND') return undefined;
    throw error;
  }
  try {
    const state = parseJsonObject(bytes, { ...BUNDLE_LIMITS, maxBytes: 4 * MAX_BYTES });
    if (stateForm.parse(state).anchor !== anchor)
      throw new YizhengError('STATE_OF_OTHER_ANCHOR', `The state in ${file} belongs to another anchor authority.`, {
        at: file,
      });
    return state as unknown as HeldState;
  } catch (cause) {
    if (cause instanceof YizhengError && cause.code === 'STATE_OF_OTHER_ANCHOR') throw cause;
    throw damaged(file, cause);
  }
}

function viewOfHeld(held: HeldState, file: string): TrustView {
  try {
    return viewOfState(held, NODE_CRYPTO);
  } catch (cause) {
    throw damaged(file, cause);
  }
}

async function writeState(file: string, state: HeldState): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeSecretFile(file, new TextEncoder().encode(JSON.stringify(state)), 'replace');
  } catch (cause) {
    throw new YizhengError(
      'STATE_UNWRITABLE',
      `The trust state cannot be kept in ${file}; name another with --state.`,
      { at: file, cause },
    );
  }
}

function damaged(file: string, cause: unknown): YizhengError {
  return new YizhengError(
    'STATE_DAMAGED',
    `The trust state in ${file} is damaged; remove it and give --anchor-root again.`,
    { at: file, cause },
  );
}
