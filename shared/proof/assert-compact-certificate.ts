import type { JsonObject } from '../json/parse-json.js';
import { assertCompact } from './compaction.js';
import { SIGNED_CERTIFICATE_SHAPE } from './compiled/certificate-shape.js';
import { matchShape } from './compiled/shape.js';

/** Variants remembered; some hundred exist in practice. */
const MOST = 1024;

const compact = new Set<number>();

/**
 * `assertCompact` for a signed certificate. JSON-LD is asked once for each combination of members a document of exactly our shape
 * may have: names, constants and beginnings of ids are fixed by the shape and no prefix is defined, so what else it says cannot
 * change how JSON-LD writes it. Any other document is asked about every time.
 * @throws YizhengError `COMPACTION_DIFFERS`, `TERM_UNDEFINED`
 */
export async function assertCompactCertificate(document: JsonObject): Promise<void> {
  const match = matchShape(document, SIGNED_CERTIFICATE_SHAPE);
  if (match && !match.hasHalfCharacter && compact.has(match.variant)) return;
  await assertCompact(document);
  if (!match || match.hasHalfCharacter) return;
  if (compact.size >= MOST) compact.clear();
  compact.add(match.variant);
}
