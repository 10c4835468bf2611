/**
 * Shows times in the viewer's own zone, with the same moment in UTC beside, and counts down. Without this script every
 * time stays as it was sent: in UTC.
 */

import { clockText } from "./clock.js?v=652e44d2";

const TICK_MS = 500;
const UTC = "UTC";

const formats = {
  moment: { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" },
  clock: { hour: "numeric", minute: "2-digit" },
};
const utcClock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: UTC,
});
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function localize(element) {
  const atMs = Date.parse(element.dateTime);
  const format = formats[element.dataset.local];
  if (Number.isNaN(atMs) || !format || element.dataset.shownFor === element.dateTime) return;
  const local = new Intl.DateTimeFormat(undefined, format).format(atMs);
  const utc = document.createElement("small");
  utc.textContent = `${utcClock.format(atMs)} ${UTC}`;
  element.title ||= element.textContent;
  element.dataset.shownFor = element.dateTime;
  element.replaceChildren(local, " ", utc);
}

function localizeAll() {
  for (const element of document.querySelectorAll("time[data-local]")) localize(element);
}

/** Counts from what was left when the page was made, because a viewer's clock may be wrong. */
function showTimeLeft(element) {
  const leftMs = Number(element.dataset.leftMs) - performance.now();
  const text = leftMs > 0 ? clockText(leftMs) : "any moment";
  if (element.textContent !== text) element.textContent = text;
}

if (zone !== UTC) {
  localizeAll();
  const changes = { subtree: true, childList: true, attributeFilter: ["datetime"] };
  new MutationObserver(localizeAll).observe(document.body, changes);
}
const countdowns = [...document.querySelectorAll("[data-left-ms]")];
if (countdowns.length > 0) setInterval(() => countdowns.forEach(showTimeLeft), TICK_MS);
