import type { Random } from '../simulation/random.js';

type Expression = (random: Random) => string;

const hour: Expression = (random) => String(random.between(0, 23));
const minute: Expression = (random) => String(random.pick([0, 0, 0, 5, 15, 30, random.between(0, 59)]));

/** Makers of cron expressions for what fires daily or less. Repeated ones are likelier. */
export const SELDOM: readonly Expression[] = [
  ...Array<Expression>(5).fill((random) => `${minute(random)} ${hour(random)} * * *`),
  (random) => `${minute(random)} ${hour(random)} * * MON-FRI`,
  (random) => `${minute(random)} ${hour(random)} * * 1-5`,
  (random) => `${minute(random)} ${random.between(0, 11)},${random.between(12, 23)} * * *`,
  ...Array<Expression>(3).fill((random) => `${minute(random)} ${hour(random)} * * ${random.between(0, 6)}`),
  (random) => `${minute(random)} ${hour(random)} * * FRI`,
  ...Array<Expression>(3).fill((random) => `${minute(random)} ${hour(random)} ${random.between(1, 28)} * *`),
  (random) => `${minute(random)} ${hour(random)} L * *`,
  (random) => `${random.between(0, 59)} ${minute(random)} ${hour(random)} * * *`,
  () => 'H H * * *',
  () => '@daily',
  () => '@weekly',
];

/** The same for what fires many times a day: so many. */
const OFTEN: readonly { readonly perDay: number; readonly make: Expression }[] = [
  { perDay: 12, make: () => '0 */2 * * *' },
  ...Array(6).fill({ perDay: 24, make: (random: Random) => `${minute(random)} * * * *` }),
  { perDay: 24, make: () => 'H * * * *' },
  { perDay: 24, make: () => '@hourly' },
  { perDay: 48, make: () => '*/30 * * * *' },
  { perDay: 66, make: () => '*/10 8-18 * * 1-5' },
  { perDay: 96, make: () => '@every 15m' },
  { perDay: 144, make: () => '*/10 * * * *' },
  { perDay: 288, make: () => '*/5 * * * *' },
  { perDay: 1_440, make: () => '* * * * *' },
];

/** Those that fire no more often a day than told; the calmest where there is none. */
export function oftenUpTo(perDay: number): readonly Expression[] {
  const calm = OFTEN.filter((each) => each.perDay <= perDay);
  return (calm.length > 0 ? calm : OFTEN.slice(0, 1)).map(({ make }) => make);
}

export const ZONES = [
  ...['UTC', 'UTC', 'UTC', 'UTC', 'Asia/Shanghai', 'Asia/Shanghai', 'Asia/Shanghai', 'Europe/Berlin', 'Europe/Rome'],
  ...[
    'America/New_York',
    'America/Los_Angeles',
    'Asia/Kolkata',
    'Asia/Tokyo',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
  ],
];

export const TEAMS = ['pay', 'shop', 'crm', 'feeds', 'ops', 'data', 'risk', 'mobile', '财务', '物流'];

/** The twelve groups of the world. */
export function worldGroups(): readonly string[] {
  return [
    'default',
    'edge',
    'backup',
    'pay',
    'batch',
    'gpu',
    'eu-west',
    'us-east',
    'cn-north',
    'reports',
    'mail',
    '华东',
  ];
}

const THINGS = [
  ...['invoice', 'ledger', 'clearing', 'order', 'stock', 'partner', 'price', 'cache', 'session', 'report', 'mail'],
  ...['sms', 'backup', 'index', 'feed', 'coupon', 'payout', 'fraud', 'audit', 'log', 'image', 'search', 'tax'],
];
const DEEDS = [
  'export',
  'import',
  'sync',
  'cleanup',
  'check',
  'warm',
  'rotate',
  'send',
  'merge',
  'verify',
  'open',
  'close',
];
const PLACES = ['eu', 'us', 'cn', 'in', 'jp', 'br', 'au', 'global'];

/** Names as other people write them; one of each twelfth of the jobs. */
const OTHER_SCRIPTS = [
  ...[
    '订单超时回收',
    '日终对账',
    '库存同步',
    '短信提醒',
    '发票导出',
    '缓存预热',
    '报表邮件',
    '積立金計算',
    '在庫確認',
    '정산-마감',
  ],
  ...[
    'отчёт-продаж',
    'резервная-копия',
    'Überweisungen-prüfen',
    'clôture-journalière',
    'αντίγραφο',
    'نسخ-احتياطي',
    'दैनिक-रिपोर्ट',
  ],
];

/** A name no other number has. */
export function nameOf(index: number, random: Random): string {
  const number = String(index).padStart(5, '0');
  if (random.chance(0.08)) return `${random.pick(OTHER_SCRIPTS)}-${number}`;
  return `${random.pick(THINGS)}-${random.pick(DEEDS)}-${random.pick(PLACES)}-${number}`;
}
