import type { zhCN } from './zh-CN.js';

/** What supervision says of a rule, in English. */
export const en: Record<keyof typeof zhCN, string> = {
  'rule.quota': 'Quota',
  'rule.seats': 'Candidates',
  'rule.history': 'Own history',
  'rule.pass-rate': 'Pass rate',
  'rule.top-level-share': 'Share of senior technicians and above',
  'rule.outside-region-share': 'Share assessed outside the province',
  'rule.day-peak': 'Most in one day',
  'quota.fail':
    'Quota: {{value}} certificates in {{period}} up to this month, more than the {{most}} a {{per}} the accreditation allows. Basis: {{accreditation}}.',
  'quota.pass':
    'Quota: {{value}} certificates in {{period}} up to this month, within the {{most}} a {{per}} the accreditation allows.',
  'seats.fail':
    'Candidates: session {{session}} has {{value}} certificates, expected at most the {{most}} {{basis}}; {{over}} session(s) are like this.',
  'seats.pass':
    'Candidates: in all {{sessions}} sessions of this month there are no more certificates than people who passed.',
  'history.fail':
    'Own history: {{value}} this month; from its {{months}} earlier months with certificates (median {{median}}) at most {{most}} are expected. A statistical sign, not an official limit.',
  'history.pass':
    'Own history: {{value}} this month, within the expected {{most}} ({{months}} earlier months, median {{median}}).',
  'pass-rate.fail':
    'Pass rate: {{value}}%, above the {{most}}% set here ({{passed}} of {{sat}} passed). The limit is an administrator’s, not official.',
  'pass-rate.pass': 'Pass rate: {{value}}%, not above the {{most}}% set here.',
  'top-level-share.fail':
    'Share of senior technicians and above: {{value}}% ({{part}} of {{whole}}), above the {{most}}% set here. The limit is an administrator’s, not official.',
  'top-level-share.pass': 'Share of senior technicians and above: {{value}}%, not above the {{most}}% set here.',
  'outside-region-share.fail':
    'Share assessed outside the province: {{value}}% ({{part}} of {{whole}}), above the {{most}}% set here. The limit is an administrator’s, not official.',
  'outside-region-share.pass': 'Share assessed outside the province: {{value}}%, not above the {{most}}% set here.',
  'day-peak.fail':
    'Most in one day: {{value}} on {{day}}, more than the {{most}} set here. The limit is an administrator’s, not official.',
  'day-peak.pass': 'Most in one day: {{value}}, not more than the {{most}} set here.',
  'unknown.HISTORY_TOO_SHORT':
    '{{rule}}: unknown. Only {{months}} earlier months have certificates; at least {{atLeastMonths}} are needed to compare.',
  'unknown.SESSIONS_NOT_RECORDED':
    '{{rule}}: unknown. {{unrecorded}} of {{sessions}} assessment sessions are not recorded here, so numbers cannot be compared.',
  'unknown.RESULTS_NOT_RECORDED': '{{rule}}: unknown. Results of assessment sessions are not complete yet.',
  'unknown.ACCREDITATION_UNKNOWN': '{{rule}}: unknown. No accreditation data of this institution are held.',
  'unknown.TOO_FEW': '{{rule}}: unknown. There are only {{whole}}, fewer than {{atLeast}}; not compared.',
  'unknown.CERTIFICATES_NOT_COUNTED':
    '{{rule}}: unknown. {{notCounted}} certificates could not be placed in this table, so the sum is not complete.',
  'per.year': 'year',
  'per.month': 'month',
  'basis.passed': 'who passed',
  'basis.seats': 'seats',
};
