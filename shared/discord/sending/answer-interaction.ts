import { DiscordError } from "../../clients/discord/errors.ts";
import type { OutgoingMessage } from "../../clients/discord/outgoing-message.ts";
import type { PlatformDeps } from "../../runtime/deps.ts";
import { type SendDeps, sendDmOnce } from "./send-once.ts";

/** The user to answer, and the interaction's token. */
export interface Asker {
  /** The interaction's id. */
  readonly id: string;
  readonly userId: string;
  readonly token: string;
}

/** The dependencies of answering. */
export type AnswerDeps = SendDeps & Pick<PlatformDeps, "users" | "log">;

/** Discord drops an interaction without an answer after three seconds; these waits add up to that. */
const UNANSWERED_DELAYS_MS = [100, 300, 800, 1800];

/**
 * Finishes a deferred answer. Idempotent. If a subscriber is faster than the "thinking…" that it replaces, it waits for
 * it. If there is no answer to finish, or the token's 15 minutes are over, the answer is sent once as a DM
 * under `dmKey`: a message that was already sent under that key counts as the answer. If DMs are closed or Discord
 * refuses the DM for good, the answer is dropped.
 */
export async function answerInteraction(
  asker: Asker,
  message: OutgoingMessage,
  deps: AnswerDeps,
  dmKey = `answer:${asker.id}`,
): Promise<void> {
  if (await editAnswer(asker.token, message, deps)) return;
  try {
    const sent = await sendDmOnce(dmKey, asker.userId, message, deps);
    if (sent) return;
    deps.log.warn("Nobody could be answered: no answer to edit, DMs closed", { asker: asker.id });
  } catch (error) {
    if (!(error instanceof DiscordError && error.isTerminal)) throw error;
    const refused = { asker: asker.id };
    deps.log.error("Discord refused an answer that was sent as a DM", error, refused);
  }
}

/** Edits the deferred answer; false if there is none, or it is too late. */
async function editAnswer(
  token: string,
  message: OutgoingMessage,
  { discord, clock }: Pick<PlatformDeps, "discord" | "clock">,
): Promise<boolean> {
  for (const delayMs of [...UNANSWERED_DELAYS_MS, undefined]) {
    try {
      await discord.editOriginalResponse(token, message);
      return true;
    } catch (error) {
      if (!(error instanceof DiscordError)) throw error;
      if (error.isExpiredInteraction || error.isUnusableChannel) return false;
      if (!error.isUnansweredInteraction) throw error;
      if (delayMs !== undefined) await clock.sleep(delayMs);
    }
  }
  return false;
}
