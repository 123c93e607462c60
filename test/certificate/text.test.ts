import assert from 'node:assert/strict';
import { certificateTextProblem } from '../../shared/certificate/text.js';

describe('text on a certificate', () => {
  for (const text of [
    '张伟',
    '陳大文',
    '𠮷野家',
    'Ana María',
    'නිමල්\u200dසිරි',
    'علی\u200cرضا',
    '买买提·艾合买提',
    'O’Brien & Söhne "GmbH" <a>',
  ])
    it(`takes ${text}`, () => assert.equal(certificateTextProblem(text), undefined));

  const refused: [string, string][] = [
    ['NUL', '张\u0000伟'],
    ['a line break', '张\n伟'],
    ['a C1 control', '张\u0085伟'],
    ['a right-to-left override', '张\u202e伟'],
    ['a bidi isolate', '张\u2066伟'],
    ['an Arabic letter mark', '张\u061c伟'],
    ['a zero-width space', '张\u200b伟'],
    ['a word joiner', '张\u2060伟'],
    ['a soft hyphen', '张\u00ad伟'],
    ['a byte-order mark', '\ufeff张伟'],
    ['a variation selector', '张\ufe0f伟'],
    ['a Hangul filler', '张\u3164伟'],
    ['a blank Braille cell', '张\u2800伟'],
    ['a private-use character', '张\ue000伟'],
    ['a tag character', '张\u{e0041}伟'],
    ['an ideographic variation selector', '葛\u{e0100}'],
    ['half a character', '张\ud842'],
    ['a decomposed accent', 'Ana Mari\u0301a'],
    ['a leading blank', ' 张伟'],
    ['a trailing ideographic blank', '张伟\u3000'],
    ['two blanks', '张  伟'],
  ];
  for (const [name, text] of refused)
    it(`refuses ${name}`, () => assert.notEqual(certificateTextProblem(text), undefined));
});
