import { RGB } from './sgr';

/** Red, green and blue, 0 to 255 each. */
export type Rgb = readonly [number, number, number];

const FIRST_16: readonly Rgb[] = [
  [0, 0, 0],
  [197, 15, 31],
  [19, 122, 60],
  [176, 128, 0],
  [0, 90, 190],
  [136, 23, 152],
  [20, 130, 160],
  [204, 204, 204],
  [118, 118, 118],
  [231, 72, 86],
  [22, 198, 120],
  [240, 210, 90],
  [80, 150, 255],
  [200, 90, 220],
  [97, 214, 214],
  [255, 255, 255],
];
const STEPS = [0, 95, 135, 175, 215, 255] as const;
/** WCAG AA for text. */
const ENOUGH = 4.5;

/** What a colour of `TextStyle` (0 or more) looks like. */
export function paletteColor(color: number): Rgb {
  if (color >= RGB) {
    return [(color >> 16) & 255, (color >> 8) & 255, color & 255];
  }
  if (color < 16) {
    return FIRST_16[color]!;
  }
  if (color < 232) {
    const place = color - 16;
    return [STEPS[Math.floor(place / 36)]!, STEPS[Math.floor(place / 6) % 6]!, STEPS[place % 6]!];
  }
  const grey = 8 + (color - 232) * 10;
  return [grey, grey, grey];
}

/** The colour, moved towards black or white until it can be read on the ground; without one, black or white itself. */
export function legible(color: Rgb | undefined, ground: Rgb): Rgb {
  const far: Rgb = contrast([255, 255, 255], ground) > contrast([0, 0, 0], ground) ? [255, 255, 255] : [0, 0, 0];
  if (!color) {
    return far;
  }
  for (let share = 0; share < 1; share += 0.1) {
    const mixed = color.map((part, index) => Math.round(part + (far[index]! - part) * share)) as unknown as Rgb;
    if (contrast(mixed, ground) >= ENOUGH) return mixed;
  }
  return far;
}

/** Contrast of two colours as WCAG counts it, 1 to 21. */
export function contrast(left: Rgb, right: Rgb): number {
  const [dark, light] = [luminance(left), luminance(right)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
