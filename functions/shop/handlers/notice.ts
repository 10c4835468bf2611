import { DiscordError, type OutgoingMessage } from "../../../shared/clients/discord.ts";
import { type SendDeps, sendDmOnce, sendOnce } from "../../../shared/discord/send-once.ts";
import { noticeDue } from "../../../shared/events/notice-due.ts";
import { subscriber } from "../../../shared/runtime/subscriber.ts";
import type { Deps } from "../deps.ts";

type NoticeDeps = SendDeps & Pick<Deps, "users" | "config" | "log">;

/**
 * Sends what someone has to be notified of. What Discord refuses for good ends here: the notice alone is not
 * sent, and the log says so. In the operators' channel that is for them to put right, so it is kept.
 *
 * Twice: the message has its record. Dying before the record: Discord's nonce gives the same message again
 * for some minutes. Late: it says what was true when it was written.
 */
export const handler = subscriber(noticeDue, async (event, deps: NoticeDeps) => {
  const { id, userId } = event;
  const message = event.message as OutgoingMessage;
  if (userId === undefined) {
    const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
    await sendOnce(id, channel, message, deps);
    return;
  }
  try {
    await sendDmOnce(id, userId, message, deps);
  } catch (error) {
    if (!(error instanceof DiscordError && error.isTerminal)) throw error;
    deps.log.error("Discord refused a notice", error, { notice: id });
  }
});
