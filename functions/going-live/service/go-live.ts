import { HELIX_LAG_MS } from "../../../shared/clients/twitch/connect-twitch.ts";
import {
  TwitchRefusedError,
  TwitchUnavailableError,
} from "../../../shared/clients/twitch/errors.ts";
import { limitText } from "../../../shared/limits/texts.ts";
import type { Stream } from "../../../shared/twitch/stream.ts";
import { UNREGISTERED } from "../../members/domain/standing.ts";
import { builderWords, standingRefusal } from "../../members/messages/access.ts";
import type { Builder } from "../../members/store/builders.ts";
import type { Deps } from "../deps.ts";
import type { LiveContext } from "../domain/live-context.ts";
import { announcementRefusalText, goLiveRefusalTexts } from "../messages/go-live.ts";
import type { GoLive } from "../store/go-lives.ts";

/** Why a go-live was refused: by the builder's standing, by what Twitch says, or by a limit. */
export type GoLiveRefusal =
  | "unregistered"
  | "not-approved"
  | "already-announced"
  | "too-soon"
  | "too-often"
  | "refused-before"
  | keyof typeof goLiveRefusalTexts;

/** What someone asks for when they go live. */
export interface GoLiveRequest {
  readonly id: string;
  readonly builderId: string;
  readonly context: LiveContext;
  readonly interactionToken: string | undefined;
}

/** A go-live that Twitch confirmed, or why there is none. */
export type GoLiveResult =
  | { readonly ok: true; readonly goLive: GoLive }
  | { readonly ok: false; readonly refusal: GoLiveRefusal; readonly text: string };

/**
 * Asks Twitch whether an approved builder is live now. If so, stores the go-live and the builder's live status,
 * because Twitch's own event may arrive minutes later. The same id returns the stored go-live without asking
 * Twitch, so a redelivery after the stream's end still counts.
 */
export async function startGoLive(
  request: GoLiveRequest,
  deps: Pick<Deps, "builders" | "drops" | "goLives" | "limiter" | "twitch" | "clock">,
): Promise<GoLiveResult> {
  const before = await deps.goLives.get(request.id);
  if (before) return { ok: true, goLive: before };

  const builder = await deps.builders.get(request.builderId);
  const text = standingRefusal(builder?.standing ?? UNREGISTERED, builderWords);
  if (!builder || text !== undefined) {
    const refusal = builder ? "not-approved" : "unregistered";
    return { ok: false, refusal, text: text ?? "" };
  }
  const stream = await findStream(builder, deps);
  if (typeof stream === "string") {
    return { ok: false, refusal: stream, text: goLiveRefusalTexts[stream] };
  }

  const verifiedAtMs = deps.clock.now().getTime();
  const { id: streamId, userId: channelId } = stream;
  const at = new Date(verifiedAtMs - HELIX_LAG_MS);
  const status = { channelId, isLive: true, streamId, at };
  await deps.builders.recordStreamStatus(builder.id, status);
  const goLive = { ...request, stream, verifiedAtMs };
  const { context } = request;
  if (context.kind !== "orders") return announceOnce({ ...goLive, context }, deps);
  const kept = await deps.goLives.create(goLive);
  return "refusal" in kept ? { ok: false, ...kept } : { ok: true, goLive: kept };
}

/**
 * Stores a go-live that announces something, unless the same was announced already or too often lately. A
 * stream has one hangout, and one drop alert for each drop that is its builder's newest meanwhile; two alerts
 * are ten minutes apart, across all builders. It is counted when it is posted, so that a refusal uses up nothing.
 */
async function announceOnce(
  goLive: GoLive & { readonly context: { readonly kind: "chat" | "drop" } },
  { drops, goLives, limiter }: Pick<Deps, "drops" | "goLives" | "limiter">,
): Promise<GoLiveResult> {
  const { id, builderId, context } = goLive;
  const admission = await limiter.check("announcements", { userId: builderId, id });
  if (!admission.isAllowed) {
    const text = limitText("announcements", admission.retryAt);
    return { ok: false, refusal: "too-often", text };
  }
  const dropId = context.kind === "drop" ? await drops.newestOf(builderId) : undefined;
  const kept = await goLives.createAnnounced(goLive, dropId);
  if (!("refusal" in kept)) return { ok: true, goLive: kept };
  if (kept.refusal === "refused-before") return { ok: false, ...kept };
  return { ok: false, refusal: kept.refusal, text: announcementRefusalText(context.kind, kept) };
}

async function findStream(
  builder: Builder,
  { twitch, builders }: Pick<Deps, "twitch" | "builders">,
): Promise<Stream | keyof typeof goLiveRefusalTexts> {
  const { id, twitchUserId, twitchUsername } = builder;
  if (!twitchUserId && !twitchUsername) return "no-twitch-name";
  try {
    const stream = await twitch.liveStream(
      twitchUserId ? { userId: twitchUserId } : { login: (twitchUsername ?? "").toLowerCase() },
    );
    if (!stream) return "not-live";
    if (!twitchUserId) await builders.setTwitchUserId(id, stream.userId);
    return stream;
  } catch (error) {
    if (error instanceof TwitchUnavailableError) return "twitch-unavailable";
    if (error instanceof TwitchRefusedError) return "no-twitch-name";
    throw error;
  }
}
