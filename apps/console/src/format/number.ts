const STEPS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `512 B`, `1.2 MB`: decimal units, two digits where they say something. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let step = 0;
  while (value >= 999.5 && step < STEPS.length - 1) {
    value /= 1000;
    step += 1;
  }
  const digits = step === 0 || value >= 100 ? 0 : 1;
  return `${Number(value.toFixed(digits))} ${STEPS[step]}`;
}

/** `9,214`. */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** `99.8 %`, never 100 where something failed and never 0 where something succeeded. */
export function formatShare(share: number): string {
  if (share > 0.999 && share < 1) {
    return '> 99.9 %';
  }
  if (share > 0 && share < 0.001) {
    return '< 0.1 %';
  }
  return `${Number((share * 100).toFixed(1))} %`;
}
