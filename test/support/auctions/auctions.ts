import type { OptionValues } from "../../../local/discord/client/command-data.ts";
import type { SeenInteraction } from "../../../local/discord/inspection.ts";
import { registerCommands } from "../../../tools/setup/register-commands.ts";
import type { upload } from "../calls/upload.ts";
import { community, type TestCloud } from "../cloud.ts";
import { type Answer, type shoppers, toAnswer } from "../shop/shop.ts";

/** The options with which an auction is started. */
export interface AuctionFields {
  readonly title?: string;
  readonly price?: string;
  readonly duration?: string;
  readonly payment?: "split" | "held";
  readonly increment?: string;
  readonly reserve?: string;
  readonly counter_bid?: number;
  readonly opens?: "now" | "live";
  readonly image?: Awaited<ReturnType<typeof upload>>;
}

/** People who sell and bid in auctions through Discord. */
export function bidders(cloud: TestCloud, people: ReturnType<typeof shoppers>) {
  const { discord } = cloud;
  const endpoint = cloud.url("discord-interactions");
  let channels = 0;

  /** By default each auction has a separate channel. */
  const channel = (guildId: string): string => {
    channels += 1;
    const id = `5000000000000${String(10_000 + channels)}`;
    discord.addChannel({ id, guildId, name: `stage-${channels}` });
    return id;
  };

  const seen = (interaction: SeenInteraction): Answer => {
    return toAnswer(discord, interaction.id);
  };

  return {
    channel,

    /** Makes Discord enforce the commands' options, as its clients do. */
    registerCommands: () =>
      registerCommands({
        apiBaseUrl: cloud.settings.DISCORD_API_BASE_URL ?? "",
        applicationId: community.applicationId,
        botToken: cloud.settings.DISCORD_BOT_TOKEN ?? "",
        guildId: community.guildId,
        fetch: cloud.fetch,
      }),

    /** `/c500 auction …` in a channel. */
    async control(
      user: string,
      channelId: string,
      words: string,
      options: OptionValues = {},
    ): Promise<Answer> {
      const use = { user, channelId, name: `c500 auction ${words}`, options };
      const { id } = await discord.client.command(endpoint, use);
      await cloud.settle();
      return toAnswer(discord, id);
    },

    /** Starts an auction; returns its id, which is the command's. */
    async start(user: string, channelId: string, fields: AuctionFields = {}): Promise<string> {
      const options = { title: "Brass C500", price: "50", duration: "5m", ...fields };
      const answer = await this.control(user, channelId, "start", options);
      if (!/is up in|opens in/.test(answer.text)) {
        throw new Error(`The auction was refused: ${answer.text}`);
      }
      return answer.interactionId;
    },

    /** An ended auction of half a minute with these bids, each by a different person. */
    async hammered(
      user: string,
      amounts: readonly string[],
      fields: AuctionFields = {},
      who: readonly string[] = amounts.map(() => people.person()),
    ) {
      const channelId = channel(community.guildId);
      const id = await this.start(user, channelId, { duration: "30s", ...fields });
      for (const [index, amount] of amounts.entries()) {
        const bidder = who[index] ?? "";
        // No bidder bids twice within a second.
        if (who.indexOf(bidder) < index) await cloud.clock.advance(1001);
        await this.bid(bidder, channelId, amount);
      }
      await this.pass(45);
      return { channelId, id, who };
    },

    /** An auction as it is recorded. */
    async stored(id: string) {
      return (await cloud.firestore.doc(`auctions/${id}`).get()).data();
    },

    /** `/bid`: answered at once. */
    async bid(user: string, channelId: string, amount: string, max?: string): Promise<Answer> {
      const options = { amount, ...(max && { max }) };
      return seen(
        await discord.client.command(endpoint, { user, channelId, name: "bid", options }),
      );
    },

    /** Presses a button under a message of the channel, or under the person's own answer. */
    async press(
      user: string,
      channelId: string,
      message: string,
      customId: string,
    ): Promise<Answer> {
      const use = { user, channelId, message, customId };
      const interaction = await discord.client.component(endpoint, use);
      await cloud.settle();
      return toAnswer(discord, interaction.id);
    },

    /** The current board in a channel. */
    board(channelId: string) {
      const [board] = discord.messages(channelId);
      if (!board) throw new Error(`There is no board in ${channelId}.`);
      return { ...board, text: JSON.stringify(board.embeds) };
    },

    /** Lets the clock run, with everything that becomes due; the time that work takes counts. */
    async pass(seconds: number): Promise<void> {
      const { clock } = cloud;
      const untilMs = clock.nowMs() + seconds * 1000;
      while (clock.nowMs() < untilMs) {
        await clock.advance(Math.min(1000, untilMs - clock.nowMs()));
        await cloud.settle();
      }
    },
    people,
  };
}
