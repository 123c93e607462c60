import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { createLogger, listen } from '../../server/index.js';
import { createSafeFetch } from '../../server/safe-fetch.js';
import { YizhengError } from '../../shared/errors.js';
import { parseJsonObject } from '../../shared/json/parse-json.js';
import { createVerifier, type Anchor } from '../../verifier/index.js';
import type { CliContext } from '../context.js';
import { didOption } from '../option-schemas.js';
import { openAsking } from './open-asking.js';
import { isLocal } from './open-service.js';
import type { Settings } from './settings.js';
import { untilSignal } from './until-signal.js';

const anchorsSchema = z.strictObject({
  anchors: z
    .array(
      z.strictObject({
        did: didOption,
        root: z.strictObject({ version: z.int().min(1).optional(), digestMultibase: z.string().regex(/^u[A-Za-z0-9_-]+$/) }), // prettier-ignore
        bundle: z.string().optional(),
        online: z.boolean().optional(),
      }),
    )
    .min(1)
    .max(100),
});

/** Runs the verifier with the authorities of its anchors file until it is asked to stop, reading their data again now and then. */
export async function serveVerifier(settings: Settings<'verifier'>, { now }: Pick<CliContext, 'now'>): Promise<void> {
  const { baseUrl, requestsPerMinute, trustedProxies: trustedProxyHops, refreshMinutes } = settings;
  const logger = createLogger({ name: 'verifier', level: settings.logLevel });
  const asking = await openAsking(settings, { now });
  const verifier = await createVerifier({
    anchors: await readAnchors(settings.anchors),
    directory: settings.data,
    clock: now,
    logger,
    version: '1.0.0',
    fetch: createSafeFetch({ allowLoopback: isLocal(baseUrl), maxBytes: 64 * 1024 * 1024 }),
    ownHosts: [new URL(baseUrl).host],
    requestsPerMinute,
    trustedProxyHops,
    ...asking.options,
  });
  let refreshing: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    refreshing = refreshing.then(() => verifier.refresh());
  }, refreshMinutes * 60_000);
  try {
    const listener = await listen(verifier.app, settings);
    const stop = untilSignal();
    logger.info({ url: listener.url, baseUrl }, 'listening');
    logger.info({ signal: await stop }, 'stopping');
    await listener.close();
  } finally {
    clearInterval(timer);
    await refreshing;
    await verifier.close();
    await asking.close();
  }
}

async function readAnchors(file: string): Promise<Anchor[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new YizhengError('ANCHORS_FILE', `The file ${file} cannot be read.`, { at: file, cause });
  });
  const parsed = anchorsSchema.safeParse(parseJsonObject(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new YizhengError('ANCHORS_FILE', `/${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'is invalid'}`, {
      at: `${file} /${issue?.path.join('/') ?? ''}`,
    });
  }
  return parsed.data.anchors.map(({ did, root, bundle, online }) => ({
    did,
    root: { digestMultibase: root.digestMultibase, ...(root.version !== undefined && { version: root.version }) },
    ...(bundle !== undefined && { bundle }),
    ...(online !== undefined && { online }),
  }));
}
