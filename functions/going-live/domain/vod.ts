/** A video's link that starts at `offsetMs` into it: https://www.twitch.tv/videos/1?t=1h02m03s */
export function vodLinkAt(videoUrl: string, offsetMs: number): string {
  const seconds = Math.max(0, Math.floor(offsetMs / 1000));
  const pad = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return `${videoUrl}?t=${hours}h${pad(minutes)}m${pad(seconds % 60)}s`;
}
