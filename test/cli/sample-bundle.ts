import { ed25519 } from '@noble/curves/ed25519.js';
import { writeBundle } from '../../shared/trust/bundle.js';
import { digestMultibase, sha256Hex } from '../../shared/trust/digest.js';
import {
  bundleIndexSchema,
  freshnessSchema,
  manifestSchema,
  rootSchema,
  writePayload,
} from '../../shared/trust/feed-metadata.js';
import { buildPart } from '../../shared/trust/feed-part.js';
import { feedJwk, jwkThumbprint, signEnvelope, type FeedSigner } from '../../shared/trust/jws.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import type { FeedContent } from '../../shared/trust/trust-view.js';
import { trustOf } from '../verdict/sample-trust.js';

function feedKey(byte: number) {
  const secret = new Uint8Array(32).fill(byte);
  const jwk = feedJwk(ed25519.getPublicKey(secret));
  const kid = jwkThumbprint(jwk);
  const signer: FeedSigner = { kid, sign: (bytes) => Promise.resolve(ed25519.sign(bytes, secret)) };
  return { jwk, kid, signer };
}

/** A real bundle file of an authority (the sample one unless given), and the digest of its root. */
export async function sampleBundle(
  options: {
    sequence?: number;
    issuedAt?: string;
    revoked?: number[];
    rootKey?: number;
    content?: Pick<FeedContent, 'authority' | 'accreditations' | 'statusLists'>;
  } = {},
): Promise<{ text: string; rootDigest: string }> {
  const { sequence = 1, issuedAt = '2026-11-20T12:00:00Z', revoked = [], rootKey = 11 } = options;
  const feed = options.content ?? (await trustOf(AUTHORITY, { revoked })).feedOf(AUTHORITY)!;
  const { authority } = feed;
  const [root, registry, freshness] = [feedKey(rootKey), feedKey(12), feedKey(13)];
  const role = ({ kid }: { kid: string }) => ({ threshold: 1, keyids: [kid] });
  const rootPayload = writePayload(rootSchema, {
    authority,
    name: '示例省人社厅',
    version: 1,
    expires: '2030-01-01T00:00:00Z',
    keys: Object.fromEntries([root, registry, freshness].map(({ kid, jwk }) => [kid, jwk])),
    roles: { root: role(root), registry: role(registry), freshness: role(freshness), statement: role(registry) },
  });
  const parts = [buildPart('accreditations', feed.accreditations), buildPart('status', feed.statusLists)];
  const manifestPayload = writePayload(manifestSchema, {
    authority,
    sequence,
    ...(sequence > 1 ? { prev: '0'.repeat(64) } : {}),
    issuedAt,
    staleAfter: '2026-12-20T12:00:00Z',
    parts: parts.map(({ name, length, sha256, rows }) => ({ name, length, sha256, rows })),
  });
  const manifestSha256 = sha256Hex(manifestPayload);
  const index = { anchor: authority, packedAt: issuedAt, feeds: [{ authority, sequence, manifestSha256 }] };
  const freshnessPayload = {
    authority,
    sequence,
    manifestSha256,
    issuedAt,
    nextUpdate: '2026-11-27T12:00:00Z',
  };
  const text = writeBundle(
    {
      [authority]: {
        roots: [await signEnvelope('root', rootPayload, [root.signer])],
        freshness: await signEnvelope('freshness', writePayload(freshnessSchema, freshnessPayload), [freshness.signer]),
        manifest: await signEnvelope('manifest', manifestPayload, [registry.signer]),
        parts: Object.fromEntries(parts.map((part) => [part.name, part.text])),
      },
    },
    await signEnvelope('index', writePayload(bundleIndexSchema, index), [freshness.signer]),
  );
  return { text, rootDigest: digestMultibase(rootPayload) };
}
