import { IAlarmResponse, IMemberListResponse, IStatusResponse } from 'etcd3';
import { StoreMember, StoreStatus } from '../port/coordination-store.js';
import { Cluster } from './cluster.js';
import { call, Endpoint } from './endpoint.js';

/** State of the cluster: what one member says of the whole, and each that we know says of itself. Throws CallFailure. */
export async function readStatus(cluster: Cluster, deadlineMs: number): Promise<StoreStatus> {
  const [status, { members }, { alarms }, everyOne] = await Promise.all([
    cluster.call<IStatusResponse>('Maintenance', 'status', {}, deadlineMs),
    cluster.call<IMemberListResponse>('Cluster', 'memberList', {}, deadlineMs),
    cluster.call<IAlarmResponse>('Maintenance', 'alarm', { action: 'Get' }, deadlineMs),
    Promise.all(cluster.endpoints.map((endpoint) => statusOf(endpoint, deadlineMs))),
  ]);
  const byId = new Map(everyOne.flatMap((one) => (one ? [[one.header.member_id, one] as const] : [])));
  byId.set(status.header.member_id, status);
  return {
    revision: Number(status.header.revision),
    dbSizeBytes: Math.max(...[...byId.values()].map((one) => Number(one.dbSize))),
    dbInUseBytes: Math.max(...[...byId.values()].map((one) => Number((one as StatusWithUse).dbSizeInUse))),
    alarms: [...new Set(alarms.map(({ alarm }) => alarm.toUpperCase()))],
    members: members.map(
      ({ ID: id, name }): StoreMember => ({
        id,
        name,
        version: byId.get(id)?.version ?? 'unknown',
        leader: id === status.leader,
      }),
    ),
  };
}

/** Of one member; undefined when it does not answer. */
async function statusOf(endpoint: Endpoint, deadlineMs: number): Promise<IStatusResponse | undefined> {
  try {
    const connection = await endpoint.connect('Maintenance', deadlineMs);
    return connection && (await call<IStatusResponse>(connection, 'status', {}, deadlineMs));
  } catch {
    return undefined;
  }
}

/** In the protocol since etcd 3.4, and missing in etcd3's types. */
interface StatusWithUse extends IStatusResponse {
  readonly dbSizeInUse: string;
}
