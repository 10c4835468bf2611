import { snowflakeAt } from "../../../shared/discord/snowflake.ts";
import { discordCommandReceived } from "../../../shared/events/discord-command.ts";
import { bidders } from "../auctions/auctions.ts";
import { community, startTestCloud } from "../cloud.ts";
import { type Answer, shoppers, toAnswer } from "../shop/shop.ts";
import { earnings } from "./earnings.ts";
import { sales } from "./sales.ts";

const MANAGE_SERVER = "32";
const TIME_BITS = 22n;

/** A cloud with C500's money in it, racers with money, and staff who pay them out. */
export async function startPayouts() {
  const cloud = await startTestCloud({ rateLimits: false });
  const people = shoppers(cloud);
  const books = earnings(cloud);
  await bidders(cloud, people).registerCommands();
  const shop = sales(cloud, people);
  await shop.sale("held", { price: "2000" });
  const staffMember = () => people.person({ permissions: MANAGE_SERVER });
  const staff = staffMember();
  const { publisher } = cloud;

  const deliver = async (fields: {
    readonly id: string;
    readonly token: string;
    readonly user: string;
    readonly amount: string;
    readonly options?: Record<string, string>;
    readonly isInChannel?: boolean;
  }): Promise<void> => {
    const { id, token, user, amount, options, isInChannel = true } = fields;
    await publisher.publish(discordCommandReceived, {
      id,
      token,
      userId: staff,
      ...(isInChannel && { channelId: community.generalChannelId }),
      isStaff: true,
      command: "payout",
      handler: "wallet",
      options: { user, amount, ...options },
    });
    await cloud.settle();
  };

  return {
    cloud,
    people,
    books,
    shop,
    staff,
    staffMember,

    /** The channel's announcements about someone. */
    cashOuts: (user: string) =>
      cloud.discord
        .messages(community.generalChannelId)
        .filter(({ content }) => content.includes("💸") && content.includes(user)),

    payouts: async (user: string) =>
      (await cloud.firestore.collection("payouts").where("racer_id", "==", user).get()).docs,

    pay: (
      user: string,
      amount: string,
      options: Record<string, string | boolean> = {},
      by = staff,
    ) => people.command(by, "payout", { user, amount, ...options }),

    /** Pub/Sub redelivers the command long after it was answered; returns the answer afterwards. */
    async repeat(
      { interactionId }: Answer,
      user: string,
      amount: string,
      options?: Record<string, string>,
    ): Promise<Answer> {
      const seen = cloud.discord.interaction(interactionId);
      if (!seen) throw new Error(`There was no interaction ${interactionId}.`);
      const { id, token } = seen;
      await deliver({ id, token, user, amount, ...(options && { options }) });
      return toAnswer(cloud.discord, id);
    },

    /** Delivers a command that was typed this long after another one. */
    typedAfter: ({ interactionId }: Answer, laterMs: number, user: string, amount: string) => {
      const id = String(BigInt(interactionId) + (BigInt(laterMs) << TIME_BITS));
      return deliver({ id, token: "long-gone", user, amount });
    },

    /** Delivers a command for which Discord named no channel. */
    payWithoutChannel: (user: string, amount: string, options: Record<string, string>) => {
      const id = snowflakeAt(new Date(cloud.clock.nowMs()));
      return deliver({ id, token: "long-gone", user, amount, options, isInChannel: false });
    },

    left: async (user: string, currency = "usd") =>
      (await books.balances(user)).find((balance) => balance.currency === currency)?.available,

    /** A racer with money, who accepts DMs by default. */
    async racer(amount: number, fields: { dmsClosed?: boolean } = {}, currency = "usd") {
      const user = people.person(fields);
      await books.earner(user, amount, currency);
      return user;
    },

    /** A racer whose connected account is ready. */
    async connectedRacer(amount: number) {
      const { id } = await people.builder();
      await books.earner(id, amount);
      return { user: id, account: await people.accountOf(id) };
    },
  };
}
