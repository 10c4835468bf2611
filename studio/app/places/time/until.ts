const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;
const relative = new Intl.RelativeTimeFormat("en");

/** How long it is until then, in the largest unit that fits: "in 3 minutes". */
export function untilText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds <= 0) return "now";
  const [unit, size] = UNITS.find(([, least]) => seconds >= least) ?? UNITS[3];
  return relative.format(Math.floor(seconds / size), unit);
}
