import { DiscordError } from "../clients/discord.ts";
import type { Announcement } from "../events/announcement-requested.ts";
import { dropAlert, hangoutAnnouncement } from "../messages/go-live.ts";
import { sendOnce } from "../messages/send-once.ts";
import type { Deps } from "../runtime/deps.ts";
import type { SentMessage } from "../store/sent-messages.ts";

/** What announcing needs. */
export type AnnounceDeps = Pick<Deps, "discord" | "goLives" | "sentMessages" | "clock" | "config">;

/** The channel where an announcement of this kind belongs. */
export function announcementChannel(
  kind: Announcement["kind"],
  config: Pick<Deps["config"], "DISCORD_GENERAL_CHANNEL_ID" | "DISCORD_MARKETPLACE_CHANNEL_ID">,
): string {
  return kind === "drop"
    ? config.DISCORD_MARKETPLACE_CHANNEL_ID
    : config.DISCORD_GENERAL_CHANNEL_ID;
}

/**
 * Posts the hangout announcement or the drop alert, once for each go-live. Throws DiscordError,
 * with `isUnusableChannel` when we may not post there; then the same may be announced again.
 */
export async function announce(
  { kind, goLiveId, builderId, stream }: Announcement,
  deps: AnnounceDeps,
): Promise<SentMessage> {
  const message =
    kind === "drop"
      ? dropAlert(builderId, stream, deps.config.DISCORD_DROP_ROLE_ID)
      : hangoutAnnouncement(builderId, stream);
  const channel = async () => announcementChannel(kind, deps.config);
  try {
    return await sendOnce(`announcement:${goLiveId}`, channel, message, deps);
  } catch (error) {
    if (error instanceof DiscordError && error.isUnusableChannel) {
      await deps.goLives.withdrawAnnouncement(goLiveId);
    }
    throw error;
  }
}
