import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { writeBundle } from '../../shared/trust/bundle.js';
import { bytesOf } from '../../shared/trust/digest.js';
import type { FeedManifest, FeedRoot } from '../../shared/trust/feed-metadata.js';
import { buildPart } from '../../shared/trust/feed-part.js';
import { feedJwk, jwkThumbprint, type FeedJwk, type FeedSigner } from '../../shared/trust/jws.js';
import { signMetadata, type SignedMetadata } from '../../shared/trust/sign-metadata.js';
import { signStatement } from '../../shared/trust/statement-credential.js';
import type { FeedFiles } from '../../shared/trust/verify-feed.js';
import type {
  Accreditation,
  Recognition,
  RegistryEvent,
  ReviewFinding,
  StatusListRow,
  SupplyChainMembership,
} from '../../shared/trust/types.js';

/** A key made from a name: the same name, the same key. */
export interface TestKey extends FeedSigner {
  sign: (bytes: Uint8Array) => Promise<Uint8Array>;
  jwk: FeedJwk;
  /** Verification method URL. */
  method: string;
}
export function key(authority: string, name: string): TestKey {
  const secret = sha256(bytesOf(`${authority} ${name}`));
  const method = `${authority}#${name}`;
  const jwk = feedJwk(ed25519.getPublicKey(secret), method);
  return { jwk, method, kid: jwkThumbprint(jwk), sign: (bytes) => Promise.resolve(ed25519.sign(bytes, secret)) };
}

export interface Rows {
  accreditations?: Accreditation[];
  recognitions?: Recognition[];
  events?: RegistryEvent[];
  reviews?: readonly ReviewFinding[];
  supplyChain?: readonly SupplyChainMembership[];
  statusLists?: readonly StatusListRow[];
}

/** An authority that publishes its registry, for tests: every step can be spoiled. */
export class Publisher {
  readonly rootKeys: TestKey[];
  registryKey: TestKey;
  freshnessKey: TestKey;
  roots: SignedMetadata[] = [];
  root!: FeedRoot;
  sequence = 0;
  prev: string | undefined;

  constructor(readonly authority: string) {
    this.rootKeys = ['r1', 'r2', 'r3'].map((name) => key(authority, name));
    this.registryKey = key(authority, 'registry');
    this.freshnessKey = key(authority, 'freshness');
  }

  /** Makes the next root version, signed by these keys. */
  async newRoot(changes: Partial<FeedRoot> = {}, signers: FeedSigner[] = this.rootKeys.slice(0, 2)): Promise<this> {
    const role = (keys: TestKey[], threshold: number) => ({ threshold, keyids: keys.map((item) => item.kid) });
    const all = [...this.rootKeys, this.registryKey, this.freshnessKey];
    this.root = {
      authority: this.authority,
      name: '示例人社厅',
      version: this.roots.length + 1,
      expires: '2030-01-01T00:00:00Z',
      keys: Object.fromEntries(all.map((item) => [item.kid, item.jwk])),
      roles: {
        root: role(this.rootKeys, 2),
        registry: role([this.registryKey], 1),
        freshness: role([this.freshnessKey], 1),
        statement: role([this.registryKey], 1),
      },
      ...changes,
    };
    this.roots.push(await signMetadata('root', this.root, signers));
    return this;
  }

  get pin() {
    return { version: 1, digestMultibase: this.roots[0]!.digestMultibase };
  }

  /** Publishes rows as the next sequence. */
  async publish(
    rows: Rows,
    day: string,
    change: {
      manifest?: Partial<FeedManifest>;
      freshness?: object;
      registryKey?: FeedSigner;
      freshnessKey?: FeedSigner;
      statementKey?: TestKey;
    } = {},
  ): Promise<FeedFiles> {
    if (this.roots.length === 0) await this.newRoot();
    const signer = change.statementKey ?? this.registryKey;
    const signedRows = await Promise.all(
      (rows.recognitions ?? []).map(async (row) => ({
        id: row.id,
        vc: await signStatement('recognition', row, { kid: signer.method, sign: (bytes) => signer.sign(bytes) }),
      })),
    );
    const parts = [
      buildPart('accreditations', rows.accreditations ?? []),
      buildPart('recognitions', signedRows),
      buildPart('events', rows.events ?? []),
      ...(rows.reviews ? [buildPart('reviews', rows.reviews)] : []),
      ...(rows.supplyChain ? [buildPart('supply-chain', rows.supplyChain)] : []),
      ...(rows.statusLists ? [buildPart('status', rows.statusLists)] : []),
    ];
    this.sequence++;
    const manifest = await signMetadata(
      'manifest',
      {
        authority: this.authority,
        sequence: this.sequence,
        ...(this.prev === undefined ? {} : { prev: this.prev }),
        issuedAt: `${day}T00:00:00Z`,
        staleAfter: plus(day, 30),
        parts: parts.map(({ name, length, sha256, rows: count }) => ({ name, length, sha256, rows: count })),
        ...change.manifest,
      },
      [change.registryKey ?? this.registryKey],
    );
    this.prev = manifest.sha256;
    return {
      roots: this.roots.map((root) => root.envelope),
      manifest: manifest.envelope,
      freshness: await this.freshness(day, manifest.sha256, change),
      parts: Object.fromEntries(parts.map((part) => [part.name, part.text])),
    };
  }

  async freshness(day: string, manifestSha256: string, change: { freshness?: object; freshnessKey?: FeedSigner } = {}) {
    const signed = await signMetadata(
      'freshness',
      {
        authority: this.authority,
        sequence: this.sequence,
        manifestSha256,
        issuedAt: `${day}T00:00:00Z`,
        nextUpdate: plus(day, 7),
        ...change.freshness,
      },
      [change.freshnessKey ?? this.freshnessKey],
    );
    return signed.envelope;
  }

  /** Packs feeds into a bundle file, with an index of what it was given. */
  async pack(feeds: Record<string, FeedFiles>, day: string, index = feeds): Promise<string> {
    const vector = Object.entries(index).flatMap(([authority, files]) => {
      const { payload = '' } = files.freshness as { payload?: string };
      const text = Buffer.from(payload, 'base64url').toString() || '{}';
      const { sequence, manifestSha256 } = JSON.parse(text) as { sequence?: number; manifestSha256?: string };
      return sequence === undefined || manifestSha256 === undefined ? [] : [{ authority, sequence, manifestSha256 }];
    });
    const signed = await signMetadata(
      'index',
      { anchor: this.authority, packedAt: `${day}T00:00:00Z`, feeds: vector },
      [this.freshnessKey],
    );
    return writeBundle(feeds, signed.envelope);
  }
}

function plus(day: string, days: number): string {
  return `${new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 19)}Z`;
}
