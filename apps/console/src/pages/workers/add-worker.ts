const STORES = [
  'export FLEETCRON_STORE=etcd://ETCD-1:2379,ETCD-2:2379,ETCD-3:2379/cron',
  'export FLEETCRON_HISTORY=mongodb://MONGO-1:27017/fleetcron',
] as const;

/** A way to start a worker: its name and the lines to copy. */
export interface Recipe {
  readonly way: 'npm' | 'container' | 'kubernetes';
  readonly text: string;
}

/** How to start one more worker on etcd and MongoDB. The addresses are to be filled in: only the operator knows them. */
export const RECIPES: readonly Recipe[] = [
  {
    way: 'npm',
    text: [...STORES, 'npm ci', 'FLEETCRON_DATA=/var/lib/fleetcron npm run start:worker'].join('\n'),
  },
  {
    way: 'container',
    text: [
      'docker build -f deploy/Dockerfile --target worker -t fleetcron-worker .',
      ...STORES,
      'docker run -d --restart unless-stopped --stop-timeout 60 \\',
      '  -e FLEETCRON_STORE -e FLEETCRON_HISTORY \\',
      '  -v fleetcron-worker:/data fleetcron-worker',
    ].join('\n'),
  },
  {
    way: 'kubernetes',
    text: [
      'cp deploy/kubernetes/secret.example.yaml secret.yaml   # fill it in',
      'kubectl apply -f secret.yaml -f deploy/kubernetes/worker.yaml',
      'kubectl scale deployment/fleetcron-worker --replicas=4',
    ].join('\n'),
  },
];

/** From standalone to a fleet: the processes to start. */
export const GROW = [
  ...STORES,
  "FLEETCRON_ADMIN_PASSWORD='a long one' npm run start:master",
  'FLEETCRON_DATA=/var/lib/fleetcron npm run start:worker',
].join('\n');
