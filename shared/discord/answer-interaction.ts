import { DiscordError, type OutgoingMessage } from "../clients/discord.ts";
import type { PlatformDeps } from "../runtime/deps.ts";
import { type SendDeps, sendDmOnce } from "./send-once.ts";

/** Who asked, and how to answer. */
export interface Asker {
  /** The interaction's id. */
  readonly id: string;
  readonly userId: string;
  readonly token: string;
}

/** What answering needs. */
export type AnswerDeps = SendDeps & Pick<PlatformDeps, "users" | "log">;

/** Discord drops an interaction that has no answer after three seconds; by then we know. */
const UNANSWERED_DELAYS_MS = [100, 300, 800, 1800];

/**
 * Finishes a deferred answer. Saying the same again changes nothing. A subscriber can be quicker
 * than the "thinking…" it finishes: then it waits for it. When there is none to finish, or after the
 * token's 15 minutes, the answer goes out once as a DM, under `dmKey`: a message that has been sent under that
 * key already is the answer. If DMs are closed, or Discord refuses it for good, it ends there.
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

/** False when there is no answer of ours that could be edited, or it is too late. */
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
