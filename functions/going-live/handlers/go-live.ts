import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { type CommandAction, commandFunction } from "../../members/command-function.ts";
import { c500Live, liveContextOf } from "../commands/definitions.ts";
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

/** The action of the command. */
const actions = {
  [c500Live.words]: {
    run: goLive,
    isBegun: async ({ id }, { goLives }) => (await goLives.get(id)) !== undefined,
  },
} satisfies Record<string, CommandAction<GoLiveDeps>>;

/** `/c500 live`. */
export const handler = commandFunction("go-live", [c500Live], actions);

/**
 * Checks the stream with Twitch, then requests the verification of each order or an announcement. The subscribers
 * to these events finish the answer; a refusal is answered here.
 *
 * Idempotency: a second delivery finds the go-live stored under the interaction's id, does not ask Twitch again,
 * and publishes the same events, which their subscribers recognize by id. A refusal is recorded before it is
 * answered: a second delivery gives the same refusal even if the stream has begun meanwhile. Crash safety: after a
 * crash between two publishes, the next delivery publishes all events again.
 */
async function goLive(
  { id, userId, token, options }: DiscordCommand,
  deps: GoLiveDeps,
): Promise<OutgoingMessage | undefined> {
  const reading = readLiveContext(liveContextOf(options));
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
