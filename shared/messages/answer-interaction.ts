import { DiscordError, type OutgoingMessage } from "../clients/discord.ts";
import type { Deps } from "../runtime/deps.ts";
import { type SendDeps, sendDmOnce } from "./send-once.ts";

/** Who asked, and how to answer. */
export interface Asker {
  /** The interaction's id. */
  readonly id: string;
  readonly userId: string;
  readonly token: string;
}

/** What answering needs. */
export type AnswerDeps = SendDeps & Pick<Deps, "users" | "log">;

/**
 * Finishes a deferred answer. Saying the same again changes nothing. After the token's 15 minutes
 * the answer goes out once as a DM; if DMs are closed too there is nobody left to tell.
 */
export async function answerInteraction(
  asker: Asker,
  message: OutgoingMessage,
  deps: AnswerDeps,
): Promise<void> {
  try {
    await deps.discord.editOriginalResponse(asker.token, message);
  } catch (error) {
    if (!(error instanceof DiscordError && error.isExpiredInteraction)) throw error;
    const sent = await sendDmOnce(`answer:${asker.id}`, asker.userId, message, deps);
    if (!sent)
      deps.log.warn("Nobody could be answered: token expired, DMs closed", { asker: asker.id });
  }
}
