import { instantFromEpoch, type Instant } from '#libs/kernel';

let second = Number.NaN;
let prefix = '';

/** Milliseconds as text → instant. Times of neighbors share their second, whose text is made once. */
export function instantOf(text: string): Instant {
  const milliseconds = Number(text);
  const whole = Math.floor(milliseconds / 1_000);
  if (whole !== second) {
    prefix = instantFromEpoch(whole * 1_000).slice(0, -4);
    second = whole;
  }
  return `${prefix}${String(milliseconds - whole * 1_000).padStart(3, '0')}Z` as Instant;
}
