import { Clock, Log } from '@app/platform';

/** How to reach an etcd cluster. */
export interface EtcdStoreOptions {
  /** `host:port` of one or more members of one cluster. */
  readonly hosts: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** Signs in, where etcd asks for it. */
  readonly username?: string;
  readonly password?: string;
  /** Speaks TLS; `true` trusts the system's certificate authorities. */
  readonly tls?: boolean | EtcdTls;
  /** A watch on which nothing was heard for this long is given up, ms, though it is asked for a sign of life meanwhile; default 30,000. */
  readonly watchSilenceMs?: number;
}

/** PEM files' contents. */
export interface EtcdTls {
  readonly rootCertificate: Buffer;
  /** Of this client, where etcd asks for one. */
  readonly privateKey?: Buffer;
  readonly certChain?: Buffer;
}
