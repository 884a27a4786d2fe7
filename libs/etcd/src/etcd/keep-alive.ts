import { ILeaseKeepAliveResponse } from 'etcd3';
import { CallFailure, GrpcStatus } from './call-failure.js';
import { Connection } from './endpoint.js';

/**
 * Renews a lease once, on a stream opened for it; gives the seconds it now lives, 0 when it is gone. Throws CallFailure.
 *
 * etcd3's own keep-alive would announce a lost lease only after twice its time to live.
 */
export function keepAliveOnce(connection: Connection, lease: string, deadlineMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = openKeepAlive(connection, deadlineMs);
    stream.on('data', (response) => {
      resolve(Number(response.TTL));
      stream.cancel();
    });
    // Stays for good: the cancelled stream says so by an error too.
    stream.on('error', (error) => {
      const { code = 2, details = error.message } = error;
      reject(new CallFailure(code, details, true));
    });
    stream.on('end', () => reject(new CallFailure(GrpcStatus.UNAVAILABLE, 'etcd ended the keep-alive', true)));
    stream.write({ ID: lease });
  });
}

interface RawKeepAlive {
  write(request: { ID: string }): void;
  cancel(): void;
  on(event: 'data', listener: (response: ILeaseKeepAliveResponse) => void): void;
  on(event: 'error', listener: (error: Error & { code?: number; details?: string }) => void): void;
  on(event: 'end', listener: () => void): void;
}

function openKeepAlive({ client, metadata }: Connection, deadlineMs: number): RawKeepAlive {
  const methods = client as unknown as { leaseKeepAlive(metadata: object, options: object): RawKeepAlive };
  return methods.leaseKeepAlive(metadata, { deadline: Date.now() + deadlineMs });
}
