import { html, type SafeHtml } from "@remix-run/html-template";
import { countdown, dayOf, timeOfDay } from "./text.ts";

const texts = {
  moment: (at: Date) => `${dayOf(at)}, ${timeOfDay(at)}`,
  clock: timeOfDay,
} as const;

/**
 * A time in UTC, which a script shows in the viewer's own zone with UTC beside: as `moment` with its day, as `clock`
 * without.
 */
export function timeTag(at: Date, as: keyof typeof texts = "moment"): SafeHtml {
  return html`<time datetime="${at.toISOString()}" data-local="${as}">${texts[as](at)}</time>`;
}

/** The time that is left, which a script counts down. */
export function countdownTag(endsAt: Date, now: Date): SafeHtml {
  const leftMs = endsAt.getTime() - now.getTime();
  return html`<span class="countdown" role="timer" aria-live="off" data-left-ms="${leftMs}">${countdown(leftMs)}</span>`;
}
