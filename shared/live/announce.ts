import { DiscordError } from "../clients/discord.ts";
import type { Announcement } from "../events/announcement-requested.ts";
import { builderWords, standingRefusal } from "../messages/access.ts";
import { dropAlert, hangoutAnnouncement, overtakenText } from "../messages/go-live.ts";
import { sendOnce } from "../messages/send-once.ts";
import type { Deps } from "../runtime/deps.ts";

/** What announcing needs. */
export type AnnounceDeps = Pick<
  Deps,
  "builders" | "discord" | "goLives" | "limiter" | "sentMessages" | "clock" | "config"
>;

/** Where an announcement is, or why there is none. */
type Announced =
  | { readonly channelId: string }
  | { readonly refusal: string; readonly why: "standing" | "overtaken" };

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
 * Posts the hangout announcement or the drop alert, once for each go-live. Throws DiscordError, with
 * `isUnusableChannel` when we may not post there; then the same may be announced again.
 *
 * Crash safety: it counts towards the day's announcements after it was posted; the repeat finds the post and
 * counts it, once by the go-live's id.
 *
 * Late: what was posted stays posted. Otherwise it is posted only while its claim holds and its builder may
 * announce: others may have announced since, and two alerts must not appear at once because Discord was
 * unavailable.
 */
export async function announce(
  { kind, goLiveId, builderId, stream }: Announcement,
  deps: AnnounceDeps,
): Promise<Announced> {
  const message =
    kind === "drop"
      ? dropAlert(builderId, stream, deps.config.DISCORD_DROP_ROLE_ID)
      : hangoutAnnouncement(builderId, stream);
  const key = `announcement:${goLiveId}`;
  const channel = async () => announcementChannel(kind, deps.config);
  if (!(await deps.sentMessages.get(key))) {
    const standing = standingRefusal(await deps.builders.standing(builderId), builderWords);
    const holds = await deps.goLives.holdsAnnouncement(goLiveId, kind, deps.clock.now());
    if (standing !== undefined || !holds) {
      await deps.goLives.withdrawAnnouncement(goLiveId);
      return standing === undefined
        ? { refusal: overtakenText, why: "overtaken" }
        : { refusal: standing, why: "standing" };
    }
  }
  try {
    const sent = await sendOnce(key, channel, message, deps);
    await deps.limiter.count("announcements", { userId: builderId, id: goLiveId });
    return sent;
  } catch (error) {
    if (error instanceof DiscordError && error.isUnusableChannel) {
      await deps.goLives.withdrawAnnouncement(goLiveId);
    }
    throw error;
  }
}
