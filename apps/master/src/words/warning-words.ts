import { sayInstant } from './say-instant.js';
import { Words } from './words.js';

/** What the cluster page says when something is not well: what it is, why it matters, what to look at. Per code. */
export const WARNING_WORDS = {
  storeAway: (): Words => ({
    en: 'The coordination store does not answer: nothing new is claimed, what runs goes on for now. Bring it back.',
    zh: '协调存储没有响应：不会启动新的执行，正在执行的暂时继续。请尽快恢复。',
  }),
  storeAlarm: (alarms: readonly string[]): Words =>
    alarms.includes('NOSPACE')
      ? {
          en: `The coordination store raises ${alarms.join(', ')}: it takes no writes, so nothing new is claimed. Compact and defragment it, then disarm the alarm.`,
          zh: `协调存储发出告警 ${alarms.join('、')}：不再接受写入，因此不会启动新的执行。请压缩并整理碎片，然后解除告警。`,
        }
      : alarms.includes('DISK')
        ? {
            en: 'The disk of the coordination store takes no writes, so nothing new is claimed. Make room where FLEETCRON_DATA is.',
            zh: '协调存储所在的磁盘无法写入，因此不会启动新的执行。请为 FLEETCRON_DATA 所在磁盘腾出空间。',
          }
        : {
            en: `The coordination store raises ${alarms.join(', ')}. Look at its logs.`,
            zh: `协调存储发出告警：${alarms.join('、')}。请查看其日志。`,
          },
  storeAlmostFull: (sizeBytes: number, quotaBytes: number): Words => ({
    en: `The coordination store holds ${megabytes(sizeBytes)} of ${megabytes(quotaBytes)} MB: once it is full nothing new is claimed. Compact and defragment it.`,
    zh: `协调存储即将写满：已用 ${megabytes(sizeBytes)} MB，上限 ${megabytes(quotaBytes)} MB，写满后不会启动新的执行。请压缩并整理碎片。`,
  }),
  storeGrows: (grownBytes: number, hours: number): Words => ({
    en: `Nobody compacts the coordination store: in ${hours} hours it grew by ${megabytes(grownBytes)} MB. Let the masters compact it (FLEETCRON_COMPACT), or etcd itself.`,
    zh: `协调存储没有被压缩：${hours} 小时内增长了 ${megabytes(grownBytes)} MB。请允许管理节点压缩（FLEETCRON_COMPACT），或启用 etcd 的自动压缩。`,
  }),
  noLeader: (): Words => ({
    en: 'No master leads: nobody tidies history, jobs go on. Look at the logs of the masters.',
    zh: '当前没有主节点：历史暂时无人清理，任务照常执行。请查看管理节点的日志。',
  }),
  historyAway: (since?: number): Words => ({
    en: `History does not answer${since === undefined ? '' : `, and has taken no records since ${at(since)}`}: records wait and arrive later. Bring it back before the disks of the workers are full.`,
    zh: `历史存储没有响应${since === undefined ? '' : `，自 ${at(since)} 起未接收任何记录`}：执行记录会先等待，稍后补上。请在执行节点的磁盘写满之前恢复。`,
  }),
  watchBehind: (seconds: number): Words => ({
    en: `This master is ${seconds} s behind the store: lists may be old. Look at the network between them.`,
    zh: `这个管理节点比协调存储落后 ${seconds} 秒：列表可能不是最新。请检查两者之间的网络。`,
  }),
  noWorker: (): Words => ({
    en: 'No worker is up: nothing runs. Start one.',
    zh: '没有执行节点在线：任何任务都不会执行。请启动一个。',
  }),
  workerUnwell: (id: string, reason: Words): Words => ({
    en: `Worker ${id} is unwell: ${reason.en}`,
    zh: `执行节点 ${id} 异常：${reason.zh}`,
  }),
  masterUnwell: (ids: readonly string[]): Words => ({
    en: `The clock is off by more than 2 s on ${fewOf(ids).en}: no edit, run or drain is taken there. Mend the time service.`,
    zh: `${fewOf(ids).zh} 的时钟偏差超过 2 秒：不接受任何修改、手动运行或停用节点的请求。请修复时间同步服务。`,
  }),
  clockOff: (ids: readonly string[], offMs: number): Words => ({
    en: `The clock is off by up to ${seconds(offMs)} s on ${fewOf(ids).en}. Beyond 2 s a worker claims nothing and a master takes no edit, run or drain. Look at the time service.`,
    zh: `${fewOf(ids).zh} 的时钟偏差最多 ${seconds(offMs)} 秒。超过 2 秒后，执行节点不再领取任务，管理节点不再接受修改、手动运行或停用节点的请求。请检查时间同步服务。`,
  }),
  workersLate: (ids: readonly string[], lateMs: number): Words => ({
    en: `Fires start late on ${fewOf(ids).en}: up to ${seconds(lateMs)} s after they were due, in the last minute. Look at the load of the machine, and at how fast the coordination store answers.`,
    zh: `${fewOf(ids).zh} 上的触发启动偏晚：最近一分钟内最多晚 ${seconds(lateMs)} 秒。请检查机器负载，以及协调存储的响应速度。`,
  }),
  loopStalls: (ids: readonly string[], stallMs: number, waitMs?: number): Words => {
    const why = whyItStalled(stallMs, waitMs);
    return {
      en: `Standstills of up to ${stallMs} ms on ${fewOf(ids).en} in the last minute: whatever is due meanwhile waits. ${why.en}`,
      zh: `${fewOf(ids).zh} 的进程最近一分钟内停顿最长 ${stallMs} 毫秒：其间到期的一切都要等待。${why.zh}`,
    };
  },
  workersBehind: (ids: readonly string[], lagSeconds: number): Words => ({
    en: `What ${fewOf(ids).en} knows of the store is up to ${lagSeconds} s old: edits, kills and other workers' deaths arrive late. Look at the network between them.`,
    zh: `${fewOf(ids).zh} 对协调存储的了解最多落后 ${lagSeconds} 秒：修改、强杀和其他节点的离线会晚到。请检查两者之间的网络。`,
  }),
  workerHistoryAway: (ids: readonly string[], since: number): Words => ({
    en: `History has taken nothing from ${fewOf(ids).en} since ${at(since)}: records wait on disk and arrive later. Look at the network between them.`,
    zh: `自 ${at(since)} 起历史存储不接收 ${fewOf(ids).zh} 的记录：它们在磁盘上等待，稍后补上。请检查两者之间的网络。`,
  }),
  spoolGrows: (ids: readonly string[], bytes: number, limitBytes: number): Words => ({
    en: `Up to ${megabytes(bytes)} MB wait for history on the disk of ${fewOf(ids).en}: beyond ${megabytes(limitBytes)} MB output is dropped, records never are. Look at history, and at the disk.`,
    zh: `${fewOf(ids).zh} 的磁盘上有最多 ${megabytes(bytes)} MB 等待写入历史：超过 ${megabytes(limitBytes)} MB 后会丢弃输出，但不会丢弃记录。请检查历史存储与磁盘。`,
  }),
  claimsRefused: (ids: readonly string[], share: number): Words => ({
    en: `Up to ${percent(share)} of the claims of ${fewOf(ids).en} came second to another worker: they do not agree whose turn it is. Look at clocks, at watch lag and at standstills.`,
    zh: `${fewOf(ids).zh} 的领取中最多 ${percent(share)} 被其他节点抢先：各节点对先后顺序的认识不一致。请检查时钟、监听延迟与进程停顿。`,
  }),
  mixedVersions: (versions: readonly string[]): Words => ({
    en: `Different versions of fleetcron are at work: ${versions.join(', ')}. Bring all to one when the upgrade is through.`,
    zh: `正在运行不同版本的 fleetcron：${versions.join('、')}。升级完成后请统一版本。`,
  }),
  mixedTimeZones: (versions: readonly string[]): Words => ({
    en: `Different time zone data is at work: ${versions.join(', ')}. Jobs in zones that changed may be planned differently. Run one version of Node on all.`,
    zh: `时区数据版本不一致：${versions.join('、')}。所在时区规则有变的任务，计划可能不同。请统一 Node 版本。`,
  }),
  noEligibleWorker: (jobNames: readonly string[]): Words => ({
    en: `No worker may run ${fewOf(jobNames).en}: look at their group and selector.`,
    zh: `没有执行节点可以执行 ${fewOf(jobNames, '任务').zh}：请检查任务的分组与选择器。`,
  }),
  cursorInFuture: (jobNames: readonly string[]): Words => ({
    en: `Nothing fires of ${fewOf(jobNames).en} for now: the time up to which fires count as decided is in the future. Look at the clocks, or set the cursor back.`,
    zh: `${fewOf(jobNames, '任务').zh} 暂时不会触发：调度游标位于将来，此前的触发都算作已处理。请检查时钟，或重设游标。`,
  }),
} as const satisfies Readonly<Record<string, (...facts: never[]) => Words>>;

/** Codes of the warnings, as the API carries them. */
export type WarningCode = keyof typeof WARNING_WORDS;

/** Why a worker claims nothing. */
export const CLOCK_SUSPECT: Words = {
  en: 'Its clock is off, so it claims nothing.',
  zh: '时钟偏差过大，不再领取任务。',
};

export const CANNOT_START: Words = {
  en: 'It can start nothing for now, so it claims nothing: its disk takes no writes, or no supervisor comes up. Make room where FLEETCRON_DATA is; its log says more.',
  zh: '暂时无法启动任务，因此不再领取：磁盘无法写入，或监护进程无法启动。请为 FLEETCRON_DATA 所在磁盘腾出空间，详情见其日志。',
};

/** Whom to look at: the machine, when most of the time there was no processor, or the process. */
function whyItStalled(stallMs: number, waitMs?: number): Words {
  if (waitMs === undefined) {
    return { en: 'Look at the CPU of the machine.', zh: '请检查机器的 CPU。' };
  }
  return waitMs * 2 >= stallMs
    ? {
        en: `For ${waitMs} ms of the longest there was no processor for it: the machine has more to run than it can. Give it more CPU, or less to do.`,
        zh: `最长的一次中有 ${waitMs} 毫秒在等待 CPU：机器负载超出其能力。请增加 CPU，或减少其上的工作。`,
      }
    : {
        en: `Only ${waitMs} ms of the longest were spent waiting for a processor: the process itself was busy, as after a start, or was stopped.`,
        zh: `最长的一次中只有 ${waitMs} 毫秒在等待 CPU：进程自身在忙（例如刚启动），或被暂停。`,
      };
}

const FEW = 3;

/** The first few names, and how many more there are; `kind` is what they name, in Chinese. */
function fewOf(names: readonly string[], kind = '节点'): Words {
  const few = names.slice(0, FEW);
  const more = names.length - few.length;
  return {
    en: few.join(', ') + (more > 0 ? ` and ${more} more` : ''),
    zh: few.join('、') + (more > 0 ? ` 等 ${names.length} 个${kind}` : ''),
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function at(instant: number): string {
  return sayInstant(instant, 'UTC');
}
