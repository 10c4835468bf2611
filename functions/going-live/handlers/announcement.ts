import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import { answerInteraction } from "../../../shared/discord/sending/answer-interaction.ts";
import { cannotPostText } from "../../../shared/discord/sending/cannot-post.ts";
import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import type { Deps } from "../deps.ts";
import { announcementRequested } from "../events/announcement-requested.ts";
import { announcedText } from "../messages/go-live.ts";
import { type AnnounceDeps, announce, announcementChannel } from "../service/announce.ts";

type AnnouncementDeps = AnnounceDeps & Pick<Deps, "users" | "log">;

/**
 * Posts a hangout announcement or a drop alert and finishes the builder's answer.
 *
 * Idempotency: a second delivery finds the post recorded under the go-live's id and edits the answer to the same
 * text. Lateness: nothing is posted if it is too late, if another announcement came first, or if the builder has
 * been suspended since; the answer explains why. If the bot may not post, the answer says who can help, and the
 * event becomes a dead letter.
 */
export const handler = subscriber(announcementRequested, async (event, deps: AnnouncementDeps) => {
  const answer = async (content: string) => {
    const goLive = await deps.goLives.get(event.goLiveId);
    if (!goLive?.interactionToken) return;
    const asker = { id: goLive.id, userId: goLive.builderId, token: goLive.interactionToken };
    await answerInteraction(asker, { content }, deps);
  };
  try {
    const sent = await announce(event, deps);
    await answer("refusal" in sent ? sent.refusal : announcedText(sent.channelId));
  } catch (error) {
    if (!(error instanceof DiscordError && error.isUnusableChannel)) throw error;
    await answer(cannotPostText(announcementChannel(event.kind, deps.config)));
    throw new TerminalError(error.message, { cause: error });
  }
});
