import { deltaPath, makeDelta } from '../../shared/trust/feed-delta.js';
import type { FeedFetch } from '../../shared/trust/feed-fetch.js';
import type { FeedManifest } from '../../shared/trust/feed-metadata.js';
import type { PartName } from '../../shared/trust/feed-part.js';
import { payloadOf, type Envelope } from '../../shared/trust/jws.js';
import type { FeedFiles } from '../../shared/trust/verify-feed.js';

/** A registry in memory that serves what it is told to, and keeps book of what it was asked for. */
export class FeedServer {
  readonly files = new Map<string, Uint8Array>();
  readonly asked: { path: string; maxBytes: number }[] = [];
  /** Answers before the connection breaks. */
  breaksAfter = Infinity;
  private parts: Record<string, string> = {};

  /** Serves a publication beside the older ones, with deltas from the one before. */
  serve(files: FeedFiles, withDeltas = true): this {
    for (const [i, root] of files.roots.entries()) this.put(`root/${i + 1}.json`, JSON.stringify(root));
    const manifest = manifestOf(files);
    this.put('freshness.json', JSON.stringify(files.freshness));
    this.put(`manifest/${manifest.sequence}.json`, JSON.stringify(files.manifest));
    for (const { name, sha256 } of manifest.parts) {
      const text = files.parts[name];
      if (text === undefined) continue;
      this.put(`parts/${sha256}`, text);
      const delta = makeDelta(name as PartName, this.parts[name] ?? '', text);
      if (withDeltas && delta && this.parts[name] !== undefined)
        this.put(deltaPath(name, delta.from, delta.to), JSON.stringify(delta));
    }
    this.parts = files.parts;
    return this;
  }

  put(path: string, content: string): void {
    this.files.set(path, new TextEncoder().encode(content));
  }

  /** The only file whose path begins so. */
  find(start: string): { path: string; text: string } {
    const path = [...this.files.keys()].filter((name) => name.startsWith(start)).at(-1);
    if (path === undefined) throw new Error(`no file ${start}`);
    return { path, text: new TextDecoder().decode(this.files.get(path)) };
  }

  readonly fetch: FeedFetch = (path, maxBytes) => {
    this.asked.push({ path, maxBytes });
    return this.asked.length > this.breaksAfter
      ? Promise.reject(new Error('connection reset'))
      : Promise.resolve(this.files.get(path));
  };

  /** Paths asked for since the last call. */
  paths(): string[] {
    return this.asked.splice(0).map(({ path }) => path);
  }
}

/** The manifest of a publication. */
export function manifestOf(files: FeedFiles): FeedManifest {
  return JSON.parse(payloadOf(files.manifest as Envelope)) as FeedManifest;
}
