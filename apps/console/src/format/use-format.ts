import { computed } from 'vue';
import { language } from '../i18n/language';
import { formatDistance, formatDuration, formatLateness } from './duration';
import { formatDate, formatDay, formatInstant, formatShort, formatTime } from './instant';
import { formatBytes, formatCount, formatShare } from './number';
import { viewerZone } from './zone';

/** Everything that turns facts into words, in the language and the zone the person chose. Instants are ISO or epoch ms. */
export function useFormat() {
  return {
    language: computed(() => language.value),
    zone: computed(() => viewerZone.value),
    duration: (ms: number) => formatDuration(ms, language.value),
    lateness: (ms: number) => formatLateness(ms, language.value),
    distance: (ms: number) => formatDistance(ms, language.value),
    bytes: formatBytes,
    count: formatCount,
    share: formatShare,
    instant: (at: string | number, zone = viewerZone.value) => formatInstant(epoch(at), zone),
    short: (at: string | number, now: number, zone = viewerZone.value) => formatShort(epoch(at), zone, now),
    day: (at: string | number, zone = viewerZone.value) => formatDay(epoch(at), zone),
    date: (at: string | number, zone = viewerZone.value) => formatDate(epoch(at), zone, language.value),
    time: (at: string | number, zone = viewerZone.value) => formatTime(epoch(at), zone),
  };
}

/** Epoch milliseconds of an instant as the API writes it. */
export function epoch(at: string | number): number {
  return typeof at === 'number' ? at : Date.parse(at);
}
