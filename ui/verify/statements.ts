import type { Explanation } from '../../shared/trust/explain.js';
import { findStatement, statementsOnPath } from '../../shared/trust/explain/find-statement.js';
import type { TrustView } from '../../shared/trust/trust-view.js';
import type { Verdict } from '../../shared/verdict/types.js';

/** Names of the agreements on the path of a decision, each once. */
export function memorandaOf({ decision }: Verdict, view: TrustView): string[] {
  if (!decision) return [];
  const { recognitions } = statementsOnPath(decision.anchor, decision.path, view);
  return [...new Set(recognitions.flatMap(({ memorandum }) => (memorandum ? [memorandum.name] : [])))];
}

/** The statements and events an explanation names, as JSON text. @param anchor its statements come before others of the same id */
export function statementsOf({ steps }: Explanation, view: TrustView, anchor: string): Record<string, string> {
  const makers = [anchor, ...view.feeds.map(({ authority }) => authority)];
  const found = steps.flatMap(({ statement }) => {
    if (statement === undefined) return [];
    const { recognition, accreditation, event } = findStatement(statement, view, makers);
    const row = recognition ?? accreditation ?? event;
    return row ? [[statement, JSON.stringify(row, null, 2)] as const] : [];
  });
  return Object.fromEntries(found);
}
