import { deriveTemplates } from '../../shared/proof/compiled/derive-templates.js';
import { failureOf, type TemplateAnswer, type TemplateQuestion } from './messages.js';

/** Answers what a thread asks with `AskedTemplates`. */
export async function answerTemplates({ question, document, shape }: TemplateQuestion): Promise<TemplateAnswer> {
  try {
    return { question, templates: await deriveTemplates(document, shape) };
  } catch (error) {
    return { question, failed: failureOf(error) };
  }
}
