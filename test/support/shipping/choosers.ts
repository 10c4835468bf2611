import type { SeenMessage } from "../../../local/discord/inspection.ts";
import { connectDiscord } from "../../../shared/clients/discord/connect-discord.ts";
import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import type { Connections } from "../../../shared/ports/connections.ts";
import { community, type TestCloud } from "../cloud.ts";
import { type Answer, toAnswer } from "../shop/shop.ts";

/** A select as a message shows it. */
interface SeenSelect {
  readonly custom_id: string;
  readonly options: readonly { label: string; value: string; description?: string }[];
}

/** People who choose from lists under messages. */
export function choosers(cloud: TestCloud) {
  const { discord, settings } = cloud;
  const config = {
    DISCORD_APPLICATION_ID: settings["DISCORD_APPLICATION_ID"] ?? "",
    DISCORD_BOT_TOKEN: settings["DISCORD_BOT_TOKEN"] ?? "",
    DISCORD_API_BASE_URL: settings["DISCORD_API_BASE_URL"] ?? "",
  };
  const fetch = cloud.fetch as Connections["fetch"];
  const bot = connectDiscord(config, { info: () => undefined }, fetch);
  let nonce = 0;

  /** The select of a message. */
  const selectOf = ({ components }: Pick<SeenMessage, "components">): SeenSelect => {
    const rows = components as unknown as { components: readonly Partial<SeenSelect>[] }[];
    const select = rows
      .flatMap((row) => row.components)
      .find((each): each is SeenSelect => each.options !== undefined);
    if (!select) throw new Error("The message has no select.");
    return select;
  };

  return {
    selectOf,

    /** The bot posts a message; Discord checks its form. */
    async post(message: OutgoingMessage): Promise<SeenMessage> {
      const { generalChannelId: channelId } = community;
      nonce += 1;
      const id = await cloud.clock.drive(bot.createMessage(channelId, message, String(nonce)));
      const found = discord.messages(channelId).find((each) => each.id === id);
      if (!found) throw new Error("The message was not posted.");
      return found;
    },

    /** The message that answered an interaction. */
    answerOf({ interactionId }: Pick<Answer, "interactionId">): SeenMessage {
      const original = discord.interaction(interactionId)?.original;
      if (!original) throw new Error("The interaction has no answer.");
      return original;
    },

    /** Chooses from the select of a message. */
    async choose(user: string, message: SeenMessage, value: string): Promise<Answer> {
      const { id } = await discord.client.component(cloud.url("discord-interactions"), {
        user,
        channelId: message.channel_id,
        message: message.id,
        customId: selectOf(message).custom_id,
        values: [value],
      });
      await cloud.settle();
      return toAnswer(discord, id);
    },
  };
}
