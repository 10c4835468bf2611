import { DiscordError } from "../../../../shared/clients/discord/errors.ts";

/**
 * Sends a message, then does `rest`, also if Discord refuses the message: nothing waits for it. The refusal is thrown
 * last, so that it is kept as a dead letter, and the sweeper tries again until the message is sent.
 */
export async function evenIfRefused(
  send: () => Promise<unknown>,
  rest: () => Promise<void>,
): Promise<void> {
  let refusal: DiscordError | undefined;
  try {
    await send();
  } catch (error) {
    if (!(error instanceof DiscordError && error.isTerminal)) throw error;
    refusal = error;
  }
  await rest();
  if (refusal) throw refusal;
}
