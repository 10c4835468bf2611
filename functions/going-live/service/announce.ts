import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import { MAX_COMMAND_AGE_MS } from "../../../shared/discord/definitions/define-command.ts";
import { sendOnce } from "../../../shared/discord/sending/send-once.ts";
import { builderWords, standingRefusal } from "../../members/messages/access.ts";
import type { Deps } from "../deps.ts";
import type { Announcement } from "../events/announcement-requested.ts";
import {
  dropAlert,
  hangoutAnnouncement,
  overtakenText,
  tooLateText,
  unsureText,
} from "../messages/go-live.ts";
import { announcementKey } from "../store/announcement-claims.ts";

/** How long Discord certainly returns the first message of a nonce; its docs say "a few minutes". */
const NONCE_MS = 2 * 60_000;

/** What announcing needs. */
export type AnnounceDeps = Pick<
  Deps,
  "builders" | "discord" | "goLives" | "limiter" | "sentMessages" | "clock" | "config"
>;

/** Where an announcement is, or why there is none. */
type Announced = { readonly channelId: string } | Refused;
/** Why nothing is posted, in words too. */
interface Refused {
  readonly refusal: string;
  readonly why: "standing" | "late" | "overtaken";
}

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
 * Late: what was posted stays posted, also when the process died before noting that: Discord then knows the
 * repeat. Otherwise it is posted only while its builder may announce, while Twitch's
 * word is no older than a command may be, and while its claim holds: the stream may have ended, others may have
 * announced since, and two alerts must not appear at once because Discord was unavailable. What is not posted
 * any more gives up its claim, so that the next request can have it. If an attempt to post was not answered, its builder
 * is asked to look.
 */
export async function announce(announcement: Announcement, deps: AnnounceDeps): Promise<Announced> {
  const { kind, goLiveId, builderId, stream } = announcement;
  const message =
    kind === "drop"
      ? dropAlert(builderId, stream, deps.config.DISCORD_DROP_ROLE_ID)
      : hangoutAnnouncement(builderId, stream);
  const key = announcementKey(goLiveId);
  const channel = async () => announcementChannel(kind, deps.config);
  if (!(await deps.sentMessages.get(key))) {
    const refused = await findRefusal(announcement, deps);
    if (refused) {
      await deps.goLives.withdrawAnnouncement(goLiveId);
      return refused;
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

/** Why an announcement that is not posted yet may not be posted any more; undefined when it may. */
async function findRefusal(
  { kind, goLiveId, builderId, verifiedAtMs }: Announcement,
  {
    builders,
    goLives,
    clock,
    config,
  }: Pick<AnnounceDeps, "builders" | "goLives" | "clock" | "config">,
): Promise<Refused | undefined> {
  const standing = standingRefusal(await builders.standing(builderId), builderWords);
  if (standing !== undefined) return { refusal: standing, why: "standing" };
  const now = clock.now();
  if (now.getTime() - verifiedAtMs > MAX_COMMAND_AGE_MS) {
    const begunAt = await goLives.announcementBegunAt(goLiveId, verifiedAtMs);
    if (!begunAt) return { refusal: tooLateText, why: "late" };
    if (now.getTime() - begunAt.getTime() >= NONCE_MS) {
      return { refusal: unsureText(announcementChannel(kind, config)), why: "late" };
    }
  }
  const holds = await goLives.holdsAnnouncement(goLiveId, kind, now);
  return holds ? undefined : { refusal: overtakenText, why: "overtaken" };
}
