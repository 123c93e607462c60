/** Sentences of supervision in Chinese; their keys are those of every other language. */
export const zhCN = {
  tag: 'zh-CN',
  words: {
    'role.supervisor': '监管',
    'role.supervisor.help': '查看发证数量、异常提示和考核场次；不能更改任何内容',
  },
};
