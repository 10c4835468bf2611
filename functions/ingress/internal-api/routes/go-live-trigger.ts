import { createHash, randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { DiscordError } from "../../../../shared/clients/discord/errors.ts";
import { cannotPostText } from "../../../../shared/discord/sending/cannot-post.ts";
import { isTerminal } from "../../../../shared/runtime/errors.ts";
import { formatLiveContext, readLiveContext } from "../../../going-live/domain/live-context.ts";
import {
  announcedText,
  contextProblemText,
  orderReportText,
} from "../../../going-live/messages/go-live.ts";
import {
  type AnnounceDeps,
  announce,
  announcementChannel,
} from "../../../going-live/service/announce.ts";
import { startGoLive } from "../../../going-live/service/go-live.ts";
import { type VerifyOrderDeps, verifyOrder } from "../../../going-live/service/verify-order.ts";
import type { GoLive } from "../../../going-live/store/go-lives.ts";
import type { Deps } from "../../deps.ts";
import { defineRoute } from "../define-route.ts";
import { person } from "../fields.ts";

type GoLiveTriggerDeps = VerifyOrderDeps &
  AnnounceDeps &
  Pick<Deps, "drops" | "limiter" | "twitch" | "log">;

/** What became of a go-live that Twitch confirmed. */
type Outcome =
  | { readonly answer: { readonly message: string } }
  | {
      readonly refusal: "not-approved" | "too-late" | "overtaken" | "cannot-post";
      readonly error: string;
    };

/**
 * Goes live for a builder, and answers once everything has happened. Idempotency: a repeat with the same key finds the
 * go-live and finishes it. Without a key each request is a separate go-live, which still never notifies a buyer twice.
 */
export const goLiveTrigger = defineRoute({
  method: "POST",
  path: "/api/internal/go-live-trigger",
  operationId: "goLive",
  does: "Goes live for a builder, as `/c500 live` does.",
  key: { isRequired: false, does: "Optional. It makes a repeated request safe." },
  input: z.object({
    builder_discord_id: person("The builder"),
    live_context: z
      .string()
      .check(z.describe("What they do: chat, drop, order:ID or orders:ID,ID")),
  }),
  answer: z.object({ message: z.string() }),
  errors: {
    "bad-context": { status: 400, when: "the context can't be read" },
    unregistered: { status: 404, when: "there is no such builder" },
    "not-approved": { status: 403, when: "the builder is not approved, or is suspended" },
    "no-twitch-name": { status: 409, when: "the builder has no Twitch channel" },
    "not-live": { status: 409, when: "the builder is not live on Twitch" },
    "twitch-unavailable": { status: 503, when: "Twitch does not answer" },
    "already-announced": { status: 409, when: "this stream was announced already" },
    "too-soon": { status: 409, when: "another alert was posted within ten minutes" },
    "too-often": { status: 429, when: "too many announcements" },
    "refused-before": { status: 409, when: "the go-live of this key was refused" },
    "too-late": { status: 409, when: "Twitch's word that they are live is too old by now" },
    overtaken: { status: 409, when: "another announcement was made meanwhile" },
    "cannot-post": { status: 502, when: "Discord does not let the bot post there" },
  },
  run: async ({ input, key }, deps: GoLiveTriggerDeps) => {
    const { builder_discord_id: builderId, live_context: wire } = input;
    const reading = readLiveContext(wire);
    if (!reading.ok) return { refusal: "bad-context", error: contextProblemText(reading.problem) };
    const { context } = reading;

    const cause = [key || randomUUID(), builderId, formatLiveContext(context)].join("\n");
    const id = `api-${createHash("sha256").update(cause).digest("hex")}`;
    const request = { id, builderId, context, interactionToken: undefined };
    const result = await startGoLive(request, deps);
    if (!result.ok) return { refusal: result.refusal, error: result.text };
    return doWork(result.goLive, deps);
  },
});

async function doWork(goLive: GoLive, deps: GoLiveTriggerDeps): Promise<Outcome> {
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
  return { answer: { message: orderReportText(await deps.goLives.outcomes(goLiveId)) } };
}

async function postAnnouncement(
  event: Parameters<typeof announce>[0],
  deps: GoLiveTriggerDeps,
): Promise<Outcome> {
  try {
    const announced = await announce(event, deps);
    if ("refusal" in announced) {
      return { refusal: ANNOUNCE_CODES[announced.why], error: announced.refusal };
    }
    return { answer: { message: announcedText(announced.channelId) } };
  } catch (error) {
    if (!(error instanceof DiscordError && error.isUnusableChannel)) throw error;
    const channelId = announcementChannel(event.kind, deps.config);
    return { refusal: "cannot-post", error: cannotPostText(channelId) };
  }
}

const ANNOUNCE_CODES = {
  standing: "not-approved",
  late: "too-late",
  overtaken: "overtaken",
} as const;
