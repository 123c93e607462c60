import type { Call } from '../context.js';
import type { BatchAnswer, ProblemsAnswer } from './answers.js';

type Say = Call['say'];

/** Most wrong cells a terminal shows; all of them stand in the sheet. */
export const MOST_SHOWN = 40;

/** How far a batch is, in one line. */
export function progressLine(batch: BatchAnswer, say: Say): string {
  const { rows, wrong, already, done, failed, skipped, rowsPerSecond, secondsLeft } = batch;
  const wanted = rows - wrong - already;
  const over = done + failed + skipped;
  if (batch.state === 'done')
    return say(
      `处理完 ${count(over)} 行:成功 ${count(done)},未办成 ${count(over - done)}`,
      `${count(over)} rows processed: ${count(done)} done, ${count(over - done)} not`,
    );
  const percent = wanted === 0 ? 100 : Math.floor((over / wanted) * 100);
  const parts = [
    `${stateName(batch, say)} ${count(over)} / ${count(wanted)} (${percent}%)`,
    ...(batch.state === 'running' && rowsPerSecond !== undefined && rowsPerSecond > 0
      ? [say(`每秒 ${count(Math.round(rowsPerSecond))} 行`, `${count(Math.round(rowsPerSecond))} rows/s`)]
      : []),
    ...(batch.state === 'running' && secondsLeft !== undefined
      ? [say(`还需 ${duration(secondsLeft, say)}`, `${duration(secondsLeft, say)} left`)]
      : []),
    ...(failed === 0 ? [] : [say(`${count(failed)} 行未办成`, `${count(failed)} failed`)]),
    ...(batch.trouble === undefined ? [] : [troubleText(batch.trouble, batch.state, say)]),
  ];
  return parts.join(' · ');
}

function troubleText(
  { code, retryAt }: NonNullable<BatchAnswer['trouble']>,
  state: BatchAnswer['state'],
  say: Say,
): string {
  if (retryAt !== undefined || state === 'running')
    return say(`遇到问题 ${code},稍后自动重试`, `trouble: ${code}; it tries again by itself`);
  return say(
    `遇到问题 ${code};处理好后用 batch resume 继续`,
    `trouble: ${code}; put it right, then go on with batch resume`,
  );
}

/** What a watcher says. */
export function watchWords({ say }: Pick<Call, 'say'>): { show: (batch: BatchAnswer) => string; lost: string } {
  return {
    show: (batch) => progressLine(batch, say),
    lost: say(
      '签发服务暂时连不上,正在重试(批次不受影响)…',
      'the issuer cannot be reached; trying again (the batch is not harmed)…',
    ),
  };
}

/** Name of a batch's state. */
export function stateName({ state }: Pick<BatchAnswer, 'state'>, say: Say): string {
  switch (state) {
    case 'checking':
      return say('正在检查', 'checking');
    case 'checked':
      return say('已检查,尚未办理', 'checked, nothing done yet');
    case 'waiting-approval':
      return say('等待第二人批准', 'waiting for a second person');
    case 'running':
      return say('办理中', 'running');
    case 'paused':
      return say('已暂停', 'paused');
    case 'cancelled':
      return say('已取消', 'cancelled');
    case 'done':
      return say('已办完', 'done');
  }
}

/** Name of what a batch does, as the object of a sentence. */
export function operationName(operation: string, say: Say): string {
  switch (operation) {
    case 'issue':
      return say('签发', 'issue');
    case 'correct':
      return say('更正重发', 'correct');
    case 'revoke':
      return say('撤销', 'revoke');
    case 'suspend':
      return say('暂停', 'suspend');
    case 'reinstate':
      return say('恢复', 'reinstate');
    default:
      return say('整场作废', 'void');
  }
}

/** What the dry run found, in one line. */
export function checkedLine(batch: BatchAnswer, say: Say): string {
  const { rows, wrong, already, ready, operation } = batch;
  const verb = operationName(operation, say);
  const before = already === 0 ? '' : say(`,${count(already)} 行此前已发证`, `, ${count(already)} certified before`);
  if (already > 0 && wrong === 0)
    return say(
      `检查完毕:共 ${count(rows)} 行,${count(ready)} 行可以${verb}${before}。`,
      `Checked: ${count(rows)} rows, ${count(ready)} can be used (${verb})${before}.`,
    );
  return wrong === 0
    ? say(`检查完毕:共 ${count(rows)} 行,都可以${verb}。`, `Checked: ${count(rows)} rows, all can be used (${verb}).`)
    : say(
        `检查完毕:共 ${count(rows)} 行,${count(ready)} 行可以${verb}${before},${count(wrong)} 行有问题。`,
        `Checked: ${count(rows)} rows, ${count(ready)} can be used (${verb})${before}, ${count(wrong)} are wrong.`,
      );
}

/** Wrong cells as a table: row and column as the spreadsheet program shows them, and what to write instead. */
export function problemTable({ problems }: ProblemsAnswer, say: Say): string[] {
  if (problems.length === 0) return [];
  const [row, column] = [say('行', 'row'), say('列', 'col')];
  const line = (left: string, middle: string, right: string): string =>
    `  ${pad(left, 7, 'start')}  ${pad(middle, 4, 'end')}  ${right}`;
  return [
    line(row, column, say('问题和改法', 'what is wrong, and what to write')),
    ...problems.map(({ row: at, letter, text }) => line(at === 0 ? '-' : String(at), letter ?? '', text)),
  ];
}

/** Whole seconds as a person says them. */
export function duration(seconds: number, say: Say): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return say(`${whole} 秒`, `${whole} s`);
  const minutes = Math.round(whole / 60);
  return minutes < 90
    ? say(`${minutes} 分钟`, `${minutes} min`)
    : say(`${Math.round(minutes / 60)} 小时`, `${Math.round(minutes / 60)} h`);
}

/** A number with thousands set apart. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Chinese characters take two places. */
function pad(text: string, width: number, side: 'start' | 'end'): string {
  const used = [...text].reduce((sum, sign) => sum + (/\p{Script=Han}/u.test(sign) ? 2 : 1), 0);
  const blanks = ' '.repeat(Math.max(0, width - used));
  return side === 'start' ? blanks + text : text + blanks;
}
