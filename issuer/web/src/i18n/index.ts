import {
  addWords,
  currentText as anyText,
  useText as useAnyText,
  type AppLanguage,
  type Text as AnyText,
  type UiWordKey,
} from '../../../../ui/i18n/index.js';
import type { zhCN as applications } from '../applications/messages/zh-CN.js';
import type { zhCN as keys } from '../keys/messages/zh-CN.js';
import type { zhCN as parts } from '../parts/messages/zh-CN.js';
import type { zhCN as printing } from '../printing/messages/zh-CN.js';
import type { zhCN as registry } from '../registry/messages/zh-CN.js';
import type { zhCN as secondPerson } from '../second-person/messages/zh-CN.js';
import type { zhCN as sessions } from '../sessions/messages/zh-CN.js';
import type { zhCN as signIn } from '../sign-in/messages/zh-CN.js';
import type { zhCN as supervision } from '../supervision/messages/zh-CN.js';
import type { zhCN } from './messages/zh-CN.js';

/** The Chinese sentences of every part of the console: each area may keep its own in `<area>/messages/`, one file for each language. */
type Sentences = (typeof zhCN &
  typeof applications &
  typeof keys &
  typeof parts &
  typeof printing &
  typeof registry &
  typeof sessions &
  typeof secondPerson &
  typeof signIn &
  typeof supervision)['words'];

/** Name of one sentence of the console, its own or one that every app has. */
export type WordKey = UiWordKey | keyof Sentences;

/** Words and sentences in the reader's language. */
export type Text = AnyText<WordKey>;

const files = import.meta.glob<Record<string, AppLanguage>>(['./messages/*.ts', '../*/messages/*.ts'], { eager: true });
addWords(Object.values(files).flatMap((file) => Object.values(file)));

/** The reader's language with the sentences of the console; the component renders again when it changes. */
export const useText = useAnyText as () => Text;

/** The same outside of components. */
export const currentText = anyText as () => Text;
