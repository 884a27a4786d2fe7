import { isKnownZone } from './instant';
import { remembered } from './remembered';

/** The zone of this device. */
export const deviceZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** The zone times are shown in: the device's, unless another was chosen under Settings. */
export const viewerZone = remembered('zone', deviceZone, (value) => typeof value === 'string' && isKnownZone(value));

/** All zones this browser knows, UTC first. */
export function allZones(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
}
