import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../shared/discord/definitions/define-command.ts";
import { text } from "../../../shared/discord/definitions/options.ts";
import type { Deps } from "../deps.ts";
import { readLiveContext } from "../domain/live-context.ts";
import { announcementRequested } from "../events/announcement-requested.ts";
import { orderVerificationRequested } from "../events/order-verification-requested.ts";
import { contextProblemText } from "../messages/go-live.ts";
import { startGoLive } from "../service/go-live.ts";
import type { GoLive } from "../store/go-lives.ts";

type GoLiveDeps = Pick<
  Deps,
  | "builders"
  | "drops"
  | "goLives"
  | "limiter"
  | "twitch"
  | "publisher"
  | "discord"
  | "sentMessages"
  | "users"
  | "clock"
  | "log"
>;

/** Discord's own limit for a text. */
const MAX_CONTEXT_LENGTH = 6000;

/** `/c500 live`: proof of work on stream, or an announcement. */
export const liveCommand = defineCommand({
  words: "c500 live",
  description: "Tell everyone you're live: to chat, with a drop, or building their orders",
  options: {
    context: text("What you're going live with", {
      required: true,
      maxLength: MAX_CONTEXT_LENGTH,
      choices: {
        chat: "chat: come hang out",
        drop: "drop: something fresh for sale",
        order: "order: building one order",
        orders: "orders: building several orders",
      },
    }),
    orders: text("The order's id, or several separated by commas between them", {
      maxLength: MAX_CONTEXT_LENGTH,
      suggest: "open-orders",
    }),
  },
  who: "builder",
  limit: "goLives",
  answeredBy: "go-live",
});

/**
 * Checks the stream with Twitch, then requests the verification of each order or an announcement. The subscribers
 * to these events finish the answer; a refusal is answered here.
 *
 * Idempotency: a second delivery finds the go-live stored under the interaction's id, does not ask Twitch again,
 * and publishes the same events, which their subscribers recognize by id. A refusal is recorded before it is
 * answered: a second delivery gives the same refusal even if the stream has begun meanwhile. Crash safety: after a
 * crash between two publishes, the next delivery publishes all events again.
 */
export const goingLive = /* @__PURE__ */ action(liveCommand, {
  run: goLive,
  isBegun: async ({ id }, _values, { goLives }: Pick<GoLiveDeps, "goLives">) =>
    (await goLives.get(id)) !== undefined,
});

async function goLive(
  { id, userId, token }: CommandUse,
  options: ValuesOf<typeof liveCommand>,
  deps: GoLiveDeps,
): Promise<OutgoingMessage | undefined> {
  const reading = readLiveContext(wireForm(options));
  if (!reading.ok) return { content: contextProblemText(reading.problem) };

  const refused = await deps.goLives.refusal(id);
  if (refused !== undefined) return { content: refused };
  const request = { id, builderId: userId, context: reading.context, interactionToken: token };
  const result = await startGoLive(request, deps);
  if (!result.ok && (await deps.goLives.refuse(id, result.text, deps.clock.now()))) {
    return { content: result.text };
  }
  // A concurrent delivery may have found the stream.
  const goLive = result.ok ? result.goLive : await deps.goLives.get(id);
  if (goLive) await publishWork(goLive, deps);
  return undefined;
}

async function publishWork(
  { id: goLiveId, builderId, context, stream, verifiedAtMs }: GoLive,
  { publisher }: Pick<Deps, "publisher">,
): Promise<void> {
  const common = { goLiveId, builderId, stream, verifiedAtMs };
  if (context.kind !== "orders") {
    const announcement = { ...common, id: `${goLiveId}.announcement`, kind: context.kind };
    return publisher.publish(announcementRequested, announcement);
  }
  await Promise.all(
    context.orderIds.map((orderId) =>
      publisher.publish(orderVerificationRequested, {
        ...common,
        id: `${goLiveId}.${orderId}`,
        orderId,
      }),
    ),
  );
}

/** The wire form of what was typed: `order` and an id give `order:ID`; a wire form stays itself. */
function wireForm({ context, orders = "" }: ValuesOf<typeof liveCommand>): string {
  return context === "order" || context === "orders" ? `${context}:${orders}` : context;
}
