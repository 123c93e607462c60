/** What the parts of the console say, in Chinese. */
export const zhCN = {
  tag: 'zh-CN',
  words: {
    'parts.required': '（必填）',
    'parts.choose': '选择 {{row}}',
    'parts.choose-all': '选择列出的全部',
    'parts.close': '关闭',
  },
};
