import { type DeadLetter, messageDeadLettered } from "../../events/message-dead-lettered.ts";
import type { PlatformDeps } from "../deps.ts";
import { note } from "../trace.ts";

/**
 * Publishes a dead letter. False if that fails too: then the sender must be asked to deliver again, so that nothing
 * is lost.
 */
export async function keepForOperators(
  deadLetter: DeadLetter,
  { publisher, log }: Pick<PlatformDeps, "publisher" | "log">,
): Promise<boolean> {
  try {
    await publisher.publish(messageDeadLettered, deadLetter);
    note({ outcome: "kept" });
    return true;
  } catch (error) {
    log.error("A message could not be kept for the operators", error);
    return false;
  }
}
