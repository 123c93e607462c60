/** Chinese, the first language: its keys are those of every other. */
export const zhCN = {
  tag: 'zh-CN',
  name: '中文',
  sentences: 'zh-CN',
  words: {
    'app.brand': '一证',
    'app.tagline': '职业技能证书核验',
    'nav.label': '主要功能',
    'nav.verify': '核验',
    'nav.roster': '批量',
    'nav.receipt': '凭据',
    'nav.history': '记录',
    'nav.settings': '设置',
  },
} as const;
