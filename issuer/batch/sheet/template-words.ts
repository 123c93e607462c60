import type { Language } from '../../../shared/i18n/create-translator.js';
import { EXAMPLE_MARK } from './template-marks.js';

/** What stands in a template besides columns and values. */
export interface TemplateWords {
  sheets: Readonly<Record<'issue' | 'correct' | 'revoke' | 'suspend' | 'reinstate', string>>;
  explanation: string;
  values: string;
  exampleName: string;
  notes: readonly string[];
  head: readonly string[];
  allowedHead: readonly string[];
  allowed(institution: string, authority: string): string;
  nothingAllowed(institution: string): string;
  always: string;
  optional: string;
  forKinds(kinds: string): string;
  candidates: Readonly<Record<'public' | 'own-employees' | 'supply-chain', string>>;
  comma: string;
}

/** See {@link TemplateWords}; the names of the sheets are those of `EXPLANATION_SHEETS`. */
export const TEMPLATE_WORDS: Readonly<Record<Language, TemplateWords>> = {
  'zh-CN': {
    sheets: { issue: '考核结果', correct: '更正', revoke: '撤销', suspend: '暂停', reinstate: '恢复' },
    explanation: '填写说明',
    values: '可选值',
    exampleName: `${EXAMPLE_MARK}:张三(本行上传时不读取)`,
    notes: [
      '每行一个人;带 * 的列必须填写。列的顺序可以变,不用的列可以删去,列名不要改。',
      `第 2 行是示例,开头写着“${EXAMPLE_MARK}”;留着也没关系,上传时不读取。`,
      '证件号码、编号和日期的单元格已设为文本格式;从别处粘贴时请“选择性粘贴为数值”,不要带公式,不要合并单元格。',
      '上传后先检查、不发证:每个有误的单元格都会指出行、列和改法;确认后才发证。',
    ],
    head: ['列名', '是否必填', '写法', '示例', '也认的列名'],
    allowedHead: ['证书类别', '等级', '职业', '有效期', '地区、标准', '评价对象'],
    allowed: (institution, authority) => `${institution}现在可以签发(${authority}备案):`,
    nothingAllowed: (institution) => `还没有${institution}的备案数据;请先导入主管部门的数据包,再下载模板。`,
    always: '必填',
    optional: '选填',
    forKinds: (kinds) => `以下证书必填:${kinds}`,
    candidates: { public: '社会人员', 'own-employees': '本单位职工', 'supply-chain': '本单位及产业链成员职工' },
    comma: '、',
  },
  en: {
    sheets: { issue: 'Results', correct: 'Corrections', revoke: 'Revoke', suspend: 'Suspend', reinstate: 'Reinstate' },
    explanation: 'Explanation',
    values: 'Allowed values',
    exampleName: `${EXAMPLE_MARK} Example: Zhang San (this row is not read)`,
    notes: [
      'One person per row; columns with * must be filled in. Columns may stand in any order and unused ones may be deleted; keep their names.',
      `Row 2 is an example and begins with ${EXAMPLE_MARK}; it may stay, it is not read.`,
      'Cells for numbers and dates are formatted as text; paste values only, no formulas, and do not merge cells.',
      'After the upload everything is checked and nothing issued: each wrong cell is named with what to write; you confirm afterwards.',
    ],
    head: ['Column', 'Required', 'How to write it', 'Example', 'Other names taken'],
    allowedHead: ['Kind', 'Levels', 'Occupations', 'In force', 'Regions, standards', 'Candidates'],
    allowed: (institution, authority) => `${institution} may issue now (accredited by ${authority}):`,
    nothingAllowed: (institution) =>
      `Nothing is known yet of what ${institution} may issue; import the bundle of its authority and download the template again.`,
    always: 'required',
    optional: 'optional',
    forKinds: (kinds) => `required for: ${kinds}`,
    candidates: {
      public: 'everybody',
      'own-employees': 'own employees',
      'supply-chain': 'own employees and those of the supply chain',
    },
    comma: ', ',
  },
};
