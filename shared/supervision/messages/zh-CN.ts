/** What supervision says of a rule, in Chinese. */
export const zhCN = {
  'rule.quota': '核定数量',
  'rule.seats': '考核人数',
  'rule.history': '与往月相比',
  'rule.pass-rate': '合格率',
  'rule.top-level-share': '高级技师及以上占比',
  'rule.outside-region-share': '外省考核占比',
  'rule.day-peak': '单日发证',
  'quota.fail':
    '核定数量：{{period}} 截至本月已发 {{value}} 张，超过备案核定的每{{per}} {{most}} 张。依据：备案 {{accreditation}}。',
  'quota.pass': '核定数量：{{period}} 截至本月已发 {{value}} 张，在备案核定的每{{per}} {{most}} 张以内。',
  'seats.fail':
    '考核人数：场次 {{session}} 共发证 {{value}} 张，应不超过{{basis}} {{most}} 人；有此情形的场次共 {{over}} 个。',
  'seats.pass': '考核人数：本月 {{sessions}} 个场次的发证数都不超过合格人数。',
  'history.fail':
    '与往月相比：本月 {{value}} 张，按该机构往月（有发证的 {{months}} 个月，中位数 {{median}} 张）预计不超过 {{most}} 张。这是统计提示，不是规定的上限。',
  'history.pass':
    '与往月相比：本月 {{value}} 张，在预计的 {{most}} 张以内（往月 {{months}} 个月，中位数 {{median}} 张）。',
  'pass-rate.fail':
    '合格率：{{value}}%，高于设定的 {{most}}%（合格 {{passed}} 人，参加 {{sat}} 人）。界限由管理员设定，没有规定出处。',
  'pass-rate.pass': '合格率：{{value}}%，不高于设定的 {{most}}%。',
  'top-level-share.fail':
    '高级技师及以上占比：{{value}}%（{{part}}/{{whole}} 张），高于设定的 {{most}}%。界限由管理员设定，没有规定出处。',
  'top-level-share.pass': '高级技师及以上占比：{{value}}%，不高于设定的 {{most}}%。',
  'outside-region-share.fail':
    '外省考核占比：{{value}}%（{{part}}/{{whole}} 张在机构所在省份以外考核），高于设定的 {{most}}%。界限由管理员设定，没有规定出处。',
  'outside-region-share.pass': '外省考核占比：{{value}}%，不高于设定的 {{most}}%。',
  'day-peak.fail': '单日发证：{{day}} 一天发证 {{value}} 张，多于设定的 {{most}} 张。界限由管理员设定，没有规定出处。',
  'day-peak.pass': '单日发证：最多的一天 {{value}} 张，不多于设定的 {{most}} 张。',
  'unknown.HISTORY_TOO_SHORT':
    '{{rule}}：未知。往月只有 {{months}} 个月有发证，至少要 {{atLeastMonths}} 个月才能比较。',
  'unknown.SESSIONS_NOT_RECORDED':
    '{{rule}}：未知。本月 {{sessions}} 个考核场次中有 {{unrecorded}} 个没有在系统中登记，无法核对人数。',
  'unknown.RESULTS_NOT_RECORDED': '{{rule}}：未知。考核场次的成绩还没有登记完整，无法核对。',
  'unknown.ACCREDITATION_UNKNOWN': '{{rule}}：未知。没有该机构的备案数据。',
  'unknown.TOO_FEW': '{{rule}}：未知。只有 {{whole}} 个，少于 {{atLeast}} 个，不作比较。',
  'unknown.CERTIFICATES_NOT_COUNTED': '{{rule}}：未知。有 {{notCounted}} 张证书无法归入本表，累计数不完整。',
  'per.year': '年',
  'per.month': '月',
  'basis.passed': '合格人数',
  'basis.seats': '考位数',
};
