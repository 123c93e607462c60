import type { DeriveTemplates } from '../../shared/proof/compiled/template.js';
import { YizhengError } from '../../shared/errors.js';
import type { TemplateAnswer, TemplateQuestion } from './messages.js';

/**
 * Templates for a thread, derived by whoever started it: the libraries that takes are there already, and would take 7 MB of heap in
 * each thread.
 */
export class AskedTemplates {
  readonly #ask: (question: TemplateQuestion) => void;
  readonly #waiting = new Map<number, (answer: TemplateAnswer) => void>();
  #questions = 0;

  /** @param ask sends a question; the answer comes by {@link AskedTemplates.settle} */
  constructor(ask: (question: TemplateQuestion) => void) {
    this.#ask = ask;
  }

  /** See `deriveTemplates`. */
  readonly derive: DeriveTemplates = async (document, shape) => {
    const question = this.#questions++;
    const answer = await new Promise<TemplateAnswer>((resolve) => {
      this.#waiting.set(question, resolve);
      this.#ask({ question, document, shape });
    });
    if ('templates' in answer) return answer.templates;
    throw new YizhengError(answer.failed.code, answer.failed.message, { status: answer.failed.status });
  };

  /** Takes an answer. */
  settle(answer: TemplateAnswer): void {
    this.#waiting.get(answer.question)?.(answer);
    this.#waiting.delete(answer.question);
  }
}
