import { createHash, randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { DiscordError } from "../../../shared/clients/discord.ts";
import { cannotPostText } from "../../../shared/discord/cannot-post.ts";
import { isSnowflake } from "../../../shared/documents/outside-id.ts";
import { isTerminal } from "../../../shared/runtime/errors.ts";
import { type HttpRequest, header, parseJson, rawBody } from "../../../shared/runtime/http.ts";
import { formatLiveContext, readLiveContext } from "../../going-live/domain/live-context.ts";
import {
  announcedText,
  contextProblemText,
  orderReportText,
} from "../../going-live/messages/go-live.ts";
import {
  type AnnounceDeps,
  announce,
  announcementChannel,
} from "../../going-live/service/announce.ts";
import { type GoLiveRefusal, startGoLive } from "../../going-live/service/go-live.ts";
import { type VerifyOrderDeps, verifyOrder } from "../../going-live/service/verify-order.ts";
import type { GoLive } from "../../going-live/store/go-lives.ts";
import type { Deps } from "../deps.ts";

export type GoLiveTriggerDeps = VerifyOrderDeps &
  AnnounceDeps &
  Pick<Deps, "drops" | "limiter" | "twitch" | "log">;

/** The answer to the caller. */
interface Answer {
  readonly status: number;
  readonly message: string;
}

const triggerBody = z.object({
  builder_discord_id: z.string().check(z.refine(isSnowflake)),
  live_context: z.string(),
});

const REFUSAL_STATUSES: Record<GoLiveRefusal, number> = {
  unregistered: 404,
  "not-approved": 403,
  "no-twitch-name": 409,
  "not-live": 409,
  "twitch-unavailable": 503,
  "already-announced": 409,
  "too-soon": 409,
  "too-often": 429,
  "refused-before": 409,
};

/**
 * `POST /api/internal/go-live-trigger {"builder_discord_id","live_context"}`: what `/c500 live`
 * does, answered once everything has happened.
 *
 * An `Idempotency-Key` header makes a repeat of the same request harmless. Without one each request is a separate
 * go-live, which still never notifies a buyer twice.
 */
export async function goLiveTrigger(
  request: HttpRequest,
  deps: GoLiveTriggerDeps,
): Promise<Answer> {
  const body = triggerBody.safeParse(parseJson(rawBody(request)));
  if (!body.success) {
    const fields = "builder_discord_id (a Discord user id) and live_context";
    return { status: 400, message: `The body must be JSON with the strings ${fields}.` };
  }
  const { builder_discord_id: builderId, live_context: wire } = body.data;
  const reading = readLiveContext(wire);
  if (!reading.ok) return { status: 400, message: contextProblemText(reading.problem) };
  const { context } = reading;

  const key = header(request, "idempotency-key") || randomUUID();
  const cause = [key, builderId, formatLiveContext(context)].join("\n");
  const id = `api-${createHash("sha256").update(cause).digest("hex")}`;
  const result = await startGoLive({ id, builderId, context, interactionToken: undefined }, deps);
  if (!result.ok) {
    return { status: REFUSAL_STATUSES[result.refusal], message: result.text };
  }
  return doWork(result.goLive, deps);
}

async function doWork(goLive: GoLive, deps: GoLiveTriggerDeps): Promise<Answer> {
  const { id: goLiveId, builderId, context, stream, verifiedAtMs } = goLive;
  const common = { goLiveId, builderId, stream, verifiedAtMs };
  if (context.kind !== "orders") {
    const event = { ...common, id: `${goLiveId}.announcement`, kind: context.kind };
    return postAnnouncement(event, deps);
  }
  const done = await Promise.allSettled(
    context.orderIds.map((orderId) =>
      verifyOrder({ ...common, id: `${goLiveId}.${orderId}`, orderId }, deps),
    ),
  );
  for (const result of done) {
    if (result.status === "fulfilled") continue;
    // An unreadable order has its outcome recorded. After any other error the caller has to try again.
    if (!isTerminal(result.reason)) throw result.reason;
    deps.log.error("An order could not be read", result.reason, { goLive: goLiveId });
  }
  return { status: 200, message: orderReportText(await deps.goLives.outcomes(goLiveId)) };
}

async function postAnnouncement(
  event: Parameters<typeof announce>[0],
  deps: GoLiveTriggerDeps,
): Promise<Answer> {
  try {
    const announced = await announce(event, deps);
    if ("refusal" in announced) {
      return { status: announced.why === "standing" ? 403 : 409, message: announced.refusal };
    }
    return { status: 200, message: announcedText(announced.channelId) };
  } catch (error) {
    if (!(error instanceof DiscordError && error.isUnusableChannel)) throw error;
    return { status: 502, message: cannotPostText(announcementChannel(event.kind, deps.config)) };
  }
}
