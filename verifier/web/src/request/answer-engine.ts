import type { JsonObject } from '../../../../shared/json/parse-json.js';
import { checkVpToken, type AnswerProblem, type AskedQuery } from '../../../../shared/presentation/check-vp-token.js';
import { createEngine } from '../../../../ui/verify/engine.js';
import { memorandaOf } from '../../../../ui/verify/statements.js';
import type { CheckResult } from '../../../../ui/verify/types.js';

/** An answer judged on this device: each certificate as any other one, or why the answer is refused. */
export type JudgedAnswer = { accepted: true; results: CheckResult[] } | { accepted: false; problems: AnswerProblem[] };

/** What the engine of a verifier that asks for certificates can do, beside what every app's can. */
export type AnswerEngine = ReturnType<typeof createAnswerEngine>;

/** The engine with the judgement of answers. All times are RFC 3339. */
export function createAnswerEngine() {
  const { engine, trusted, suiteOf } = createEngine();
  return {
    ...engine,
    /**
     * Judges an answer the way the server did, by the trust data of this device.
     * @throws YizhengError `TRUST_MISSING`
     */
    judgeAnswer: async (given: { vpToken: JsonObject; asked: AskedQuery; now: string }): Promise<JudgedAnswer> => {
      const { anchor, view } = trusted();
      const { vpToken, asked, now } = given;
      const check = await checkVpToken(vpToken, asked, { trust: view, anchor, now, suite: await suiteOf() });
      if (!check.accepted) return check;
      const results = check.presentations.map(({ credential, verdict }) => ({
        verdict,
        json: credential,
        carrier: 'json' as const,
        memoranda: memorandaOf(verdict, view),
      }));
      return { accepted: true, results };
    },
  };
}
