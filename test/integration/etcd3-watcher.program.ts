import { Etcd3 } from 'etcd3';

/** Watches from a revision with etcd3's own watcher, as one does who forgot to listen for `error`. */
const [host = '', revision = ''] = process.argv.slice(2);
new Etcd3({ hosts: host }).watch().key('/t/compacted').startRevision(revision).watcher();
setTimeout(() => process.exit(0), 10_000);
