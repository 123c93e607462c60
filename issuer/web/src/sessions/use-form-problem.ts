import { YizhengError } from '../../../../shared/errors.js';
import { problemText } from '../api/problem-text.js';
import { useText } from '../i18n/index.js';

/**
 * Puts the error of a form beside the field it is about.
 * @param prefix of the issuer's JSON pointers, e.g. `/plan`
 * @returns `errorAt` gives the sentence for a field; `rest` is the error where no field of the form is meant
 */
export function useFormProblem(
  error: unknown,
  fields: readonly string[],
  prefix = '',
): { errorAt: (pointer: string) => string | undefined; rest: unknown } {
  const { say } = useText();
  const at = error instanceof YizhengError ? error.at : undefined;
  const place = at?.startsWith(prefix) ? at.slice(prefix.length) : at;
  const field = fields.find((one) => place === one || place?.startsWith(`${one}/`));
  return {
    errorAt: (pointer) => (pointer === field ? problemText(error, say) : undefined),
    rest: field === undefined ? error : undefined,
  };
}
