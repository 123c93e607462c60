import type { CertificateDraft } from '../exam-result.js';
import { haveSameFacts, rowFactsName, rowFactsText } from './row-facts.js';

/** Most different facts remembered; beyond that a row gets its own. */
const REMEMBERED = 5000;
/** Drafts a new one is held against before its facts are written out. */
const RECENT = 8;

/** Gives the facts of rows ids, so that each different text of facts is stored once and not with every row. */
export class FactIds {
  private readonly ids = new Map<string, number>();
  private readonly names = new Map<string, number>();
  /** Drafts met lately, each of other facts. */
  private recent: { draft: CertificateDraft; id: number }[] = [];
  private readonly shared = new Map<CertificateDraft, number>();
  private fresh = new Map<number, string>();
  private next = 1;

  /** @param institutionCode whose batch it is */
  constructor(private readonly institutionCode: string) {}

  /** Id of the facts of a draft that many rows share. */
  idOfShared(draft: CertificateDraft): number {
    const known = this.shared.get(draft);
    if (known !== undefined) return known;
    const id = this.idOf(draft);
    this.shared.set(draft, id);
    return id;
  }

  /** Id of the facts of a draft. */
  idOf(draft: CertificateDraft): number {
    for (const { draft: before, id } of this.recent) if (haveSameFacts(before, draft)) return id;
    const id = this.idOfNew(draft);
    this.recent = [{ draft, id }, ...this.recent].slice(0, RECENT);
    return id;
  }

  private idOfNew(draft: CertificateDraft): number {
    const name = rowFactsName(draft);
    const known = name === undefined ? undefined : this.names.get(name);
    if (known !== undefined) return known;
    const id = this.idOfText(rowFactsText(draft, this.institutionCode));
    if (name !== undefined && this.names.size < REMEMBERED) this.names.set(name, id);
    return id;
  }

  private idOfText(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.next++;
    if (this.ids.size < REMEMBERED) this.ids.set(text, id);
    this.fresh.set(id, text);
    return id;
  }

  /** What has come since the last call. */
  takeFresh(): ReadonlyMap<number, string> {
    const fresh = this.fresh;
    this.fresh = new Map();
    return fresh;
  }
}
