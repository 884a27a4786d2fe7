import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Watches how long the machine kept this process from running, which nothing measured meanwhile can be blamed for.
 * Returns a function that ends the watch and gives the longest such time in milliseconds.
 */
export function watchMachine(): () => number {
  const delays = monitorEventLoopDelay({ resolution: 10 });
  delays.enable();
  return () => {
    delays.disable();
    return Math.ceil(delays.max / 1e6);
  };
}
