import { liveContextOf } from "../../shared/commands/c500-live.ts";
import { readLiveContext } from "../../shared/domain/live-context.ts";
import { announcementRequested } from "../../shared/events/announcement-requested.ts";
import { discordCommandReceived } from "../../shared/events/discord-command.ts";
import { orderVerificationRequested } from "../../shared/events/order-verification-requested.ts";
import { startGoLive } from "../../shared/live/go-live.ts";
import { answerInteraction } from "../../shared/messages/answer-interaction.ts";
import { contextProblemText, goLiveRefusalTexts } from "../../shared/messages/go-live.ts";
import type { Deps } from "../../shared/runtime/deps.ts";
import { subscriber } from "../../shared/runtime/subscriber.ts";
import type { GoLive } from "../../shared/store/go-lives.ts";

type GoLiveDeps = Pick<
  Deps,
  | "builders"
  | "goLives"
  | "twitch"
  | "publisher"
  | "discord"
  | "sentMessages"
  | "users"
  | "clock"
  | "log"
>;

/**
 * `/c500 live`: checks with Twitch, then asks for each order's verification or an announcement.
 *
 * A second delivery finds the go-live kept under the interaction's id, does not ask Twitch again,
 * and publishes the same events, which their subscribers know by their ids. The same holds when the
 * process dies between two publishes. The answer is finished by those subscribers, a refusal here.
 */
export const handler = subscriber(discordCommandReceived, async (command, deps: GoLiveDeps) => {
  if (command.handler !== "go-live") return;
  const asker = { id: command.id, userId: command.userId, token: command.token };
  const reading = readLiveContext(liveContextOf(command.options));
  if (!reading.ok) {
    return answerInteraction(asker, { content: contextProblemText(reading.problem) }, deps);
  }

  const request = { id: command.id, builderId: command.userId, context: reading.context };
  const result = await startGoLive({ ...request, interactionToken: command.token }, deps);
  if (!result.ok) {
    return answerInteraction(asker, { content: goLiveRefusalTexts[result.refusal] }, deps);
  }
  await publishWork(result.goLive, deps);
});

async function publishWork(
  { id: goLiveId, builderId, context, stream, verifiedAtMs }: GoLive,
  { publisher }: Pick<Deps, "publisher">,
): Promise<void> {
  const common = { goLiveId, builderId, stream };
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
        verifiedAtMs,
      }),
    ),
  );
}
