import type { Deps } from "../deps.ts";
import { vodLinkDue } from "../events/vod-link-due.ts";

/** Twitch needs about this long to publish a stream's video. */
const VIDEO_DELAY_MS = 2 * 60_000;

/**
 * Schedules the video links of a builder's orders, once per `name`; at `endedAtMs`, in milliseconds since the epoch,
 * the stream had ended.
 */
export async function scheduleVideoLinks(
  name: string,
  { builderId, endedAtMs }: { readonly builderId: string; readonly endedAtMs: number },
  { tasks }: Pick<Deps, "tasks">,
): Promise<void> {
  const task = { id: `vod-link.${name}`, builderId, endedAtMs };
  await tasks.enqueue(vodLinkDue, task, new Date(endedAtMs + VIDEO_DELAY_MS));
}
