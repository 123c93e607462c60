/** Sentences about acts of two people in Chinese; their keys are those of every other language. */
export const zhCN = {
  tag: 'zh-CN',
  words: {
    'second.same-name': '提交人和您同名（{{name}}）。请确认确实是两个人；审批记录会写明这一点。',
    'second.not-independent':
      '您和提交人之中，一方的账号或密钥是另一方开通或重置的，因此不能由您审批。请由另一位审批人办理；没有别人时，请平台管理员重置由对方开通的那个账号，再重新提交。',
    'second.same-person': '这是您自己（或您的另一把密钥）提交的，须由另一人审批。',
    'second.off-title': '本机构没有开启两人审批',
    'second.off':
      '一个人就能发证、撤销和更正。示例联盟为方便试用而关闭；正式使用时请开启。本机构管理员可以开启，只有平台管理员可以关闭。',
    'second.turn-on': '开启两人审批',
    'second.back-help': '经办人会看到，也会长期留在审计日志里：请写第几行、哪里不对，不要写证件号码。',
    'second.at': '{{name}} · {{time}}',
    'offer.withheld':
      '这张证书没有绑定持证人的证件夹，谁领取就归谁。领取码不在这里显示：请另一位工作人员核对持证人证件后，在本页“领取单”中告知。',
    'offer.list': '领取单',
    'offer.none': '还没有领取单。',
    'offer.made': '制作',
    'offer.state': '状态',
    'offer.until-column': '有效至',
    'offer.act': '办理',
    'offer.state.open': '待领取',
    'offer.state.open-withheld': '待领取，领取码未告知',
    'offer.state.used': '已领取',
    'offer.state.locked': '已锁定（输错领取码五次）',
    'offer.state.withdrawn': '已撤回',
    'offer.state.expired': '已过期',
    'offer.tell': '告知领取码',
    'offer.checked': '我已核对领取人的身份证件，确是本人',
    'offer.told': '领取码（只显示这一次，当面告诉持证人）：',
    'offer.withdraw': '撤回',
    'problem.APPROVER_NOT_INDEPENDENT':
      '您和提交人之中，一方的账号或密钥是另一方开通或重置的，因此不能由您办理。请由另一人办理；没有别人时，请平台管理员重置由对方开通的那个账号，再重新提交。',
    'problem.APPROVAL_OFF_BY_HOST': '只有平台管理员可以关闭两人审批；本机构管理员只能开启。',
    'problem.BATCH_DECIDED': '别人已经先作出了决定，请看下面是谁、什么时候。',
    'problem.NOTE_HOLDS_ID_NUMBER': '退回原因会长期留在审计日志里，不能写证件号码；请写第几行。',
    'problem.OFFER_CODE_TOLD': '这张领取单的领取码已经告知过；如需再领，请另做一张。',
    'problem.OFFER_USED': '证书已经领走，没有可以撤回的了。',
    'problem.OFFER_EXPIRED': '这张领取单已经过期；请另做一张。',
    'problem.OFFER_LOCKED': '这张领取单已经锁定；请另做一张。',
    'problem.OFFER_WITHDRAWN': '这张领取单已经撤回；请另做一张。',
  },
};
