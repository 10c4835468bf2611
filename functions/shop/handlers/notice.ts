import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { type SendDeps, sendDmOnce, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import { noticeDue } from "../../../shared/events/notice-due.ts";
import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import type { Deps } from "../deps.ts";
import { withOrderPage } from "../web/order-link.ts";

type NoticeDeps = SendDeps & Pick<Deps, "users" | "config" | "log" | "orderLinks">;

/**
 * Sends a notice by DM or in the operators' channel. If Discord refuses a DM for good, it is dropped and logged.
 * If Discord refuses a post in the operators' channel, the event becomes a dead letter, because the operators can
 * fix that.
 *
 * Idempotency: a sent message is recorded. Crash safety: if the process dies before the record, Discord's nonce
 * returns the same message for a few minutes. Lateness: the notice says what was true when it was written.
 */
export const handler = subscriber(noticeDue, async (event, deps: NoticeDeps) => {
  const { id, userId, orderPage } = event;
  const bare = event.message as OutgoingMessage;
  const message = orderPage === undefined ? bare : await withOrderPage(bare, orderPage, deps);
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
