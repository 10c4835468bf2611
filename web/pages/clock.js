/** The remaining time as a countdown shows it, such as `2 d 3:04:05`, `3:04:05` or `4:05`; `0:00` once it is over. */
export function clockText(leftMs) {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24];
  const minutes = Math.floor(seconds / 60) % 60;
  const parts = days > 0 || hours > 0 ? [hours, minutes, seconds % 60] : [minutes, seconds % 60];
  const text = parts.map((part, index) => String(part).padStart(index > 0 ? 2 : 1, "0")).join(":");
  return days > 0 ? `${days} d ${text}` : text;
}
