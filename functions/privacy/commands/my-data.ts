import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../shared/discord/definitions/define-command.ts";
import { sendOnce } from "../../../shared/discord/sending/send-once.ts";
import type { Deps } from "../deps.ts";
import { myDataMessage, myDataTexts } from "../messages/my-data.ts";
import { myData } from "../service/my-data.ts";

/** `/c500 my-data`. */
export const myDataCommand = defineCommand({
  words: "c500 my-data",
  description: "Everything I store about you, as a file by DM",
  options: {},
  who: "everyone",
  limit: "myData",
  answeredBy: "shop",
});

/**
 * Sends the asker everything that is stored about them, as a file by DM and nowhere else.
 *
 * Idempotency: the send is recorded under the interaction's id, so a repeat says the same and sends
 * nothing. Crash safety: before the record, Discord's nonce gives the same message again for some minutes;
 * later the asker has the file twice. Late: the file holds what is stored when it is made.
 */
export const sendingMyData = /* @__PURE__ */ action(myDataCommand, {
  run: (use, _values, deps: Deps) => sendMyData(use, deps),
  isBegun: (use, _values, deps: Pick<Deps, "sentMessages">) => isDataSent(use, deps),
});

async function sendMyData({ id, userId }: CommandUse, deps: Deps): Promise<OutgoingMessage> {
  if (await isDataSent({ id }, deps)) return { content: myDataTexts.sent };
  const content = await myData(userId, deps);
  if (content === undefined) return { content: myDataTexts.nothing };
  try {
    // Whether DMs were closed before does not count: the asker may have opened them for this.
    await sendOnce(sentKey(id), () => deps.discord.openDm(userId), myDataMessage(content), deps);
    return { content: myDataTexts.sent };
  } catch (error) {
    if (!(error instanceof DiscordError && error.isTerminal)) throw error;
    return { content: myDataTexts.closedDms };
  }
}

/** Whether a request was answered with the file. */
async function isDataSent(
  { id }: Pick<CommandUse, "id">,
  { sentMessages }: Pick<Deps, "sentMessages">,
): Promise<boolean> {
  return (await sentMessages.get(sentKey(id))) !== undefined;
}

function sentKey(interactionId: string): string {
  return `my-data:${interactionId}`;
}
