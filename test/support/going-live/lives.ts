import { MAX_COMMAND_AGE_MS } from "../../../shared/discord/definitions/define-command.ts";
import { bidders } from "../auctions/auctions.ts";
import { community, startTestCloud } from "../cloud.ts";
import { racers } from "../races/races.ts";
import { type Answer, shoppers } from "../shop/shop.ts";
import { everything, tracesOf } from "../stored/traces.ts";

const MANAGE_SERVER = "32";
const DAY_MS = 24 * 3_600_000;
/** The interval of the sweeper. */
const QUARTER_MS = 15 * 60_000;
/** More than the failures of any test. */
const MOST_PRESSES = 50;
const PSEUDONYM = /forgotten-[0-9a-f]{24}/g;

export type Lives = Awaited<ReturnType<typeof startLives>>;

/** A cloud in which people have done everything possible, and ask to be forgotten. */
export async function startLives(settings: Readonly<Record<string, string>> = {}) {
  // Shares of races are available at once.
  const environment = { SHARE_HOLD_DAYS: "0", ...settings };
  const cloud = await startTestCloud({ rateLimits: false, environment });
  const { firestore, pass } = cloud;
  const people = shoppers(cloud);
  const auctions = bidders(cloud, people);
  const races = racers(cloud, people);
  await auctions.registerCommands();
  const staff = people.person({ permissions: MANAGE_SERVER });
  const nameOf = (user: string) => `person_${user.slice(-5)}`;

  /** Discord shows the button only to the person who asked; a forged press can name any message. */
  const press = (message: string, channelId: string, user: string, by: string): Promise<Answer> =>
    races.press(by, channelId, message, `forget-me:${user}`);
  const forgedPress = (user: string, by: string): Promise<Answer> => {
    const [post] = cloud.discord.messages(community.marketplaceChannelId);
    return press(post?.id ?? "", community.marketplaceChannelId, user, by);
  };

  return {
    cloud,
    people,
    auctions,
    races,
    staff,
    pass,

    /**
     * A new user with 31 days of history: a paid order, an auction in which they were outbid and won, a race whose
     * sale gave them $20.00, which were paid out; and someone else who took part in all of it.
     */
    async life() {
      const seller = await people.builder({ isLive: true });
      const [user, other] = [people.person(), people.person()];
      const dropId = await people.drop(seller.id, { quantity: "5", limit: 2 });
      const { orderId } = await people.purchase(dropId, user);
      await people.purchase(dropId, other);
      const bids = ["50", "60", "70"];
      const auction = await auctions.hammered(seller.id, bids, {}, [user, other, user]);
      await this.payAuction(user);
      const lobby = await races.lobby();
      for (const racer of [user, other]) await races.join(lobby, racer);
      await races.start(lobby);
      // A sale's time is in whole seconds: a sale in the second of the start may appear to be before it.
      await pass(1000);
      await races.sell(lobby, 20_000);
      await races.finish(lobby);
      const payout = await people.command(staff, "payout", { user, amount: "20", code: "LIFE-1" });
      if (!payout.text.includes("Done")) throw new Error(`No payout: ${payout.text}`);
      await people.command(staff, "payout", { user: other, amount: "20" });
      await this.shipAll(seller.id);
      await pass(31 * DAY_MS);
      await pass(QUARTER_MS);
      return {
        user,
        other,
        seller,
        dropId,
        orderId,
        lobby,
        auction,
        /** Refunds the race's sale. */
        refund: () => races.refund(20_000),
      };
    },

    /** A builder sends all that they have sold. */
    async shipAll(builder: string): Promise<void> {
      const parcels = firestore.collection("parcels").where("builder_id", "==", builder);
      for (const { id } of (await parcels.where("state", "==", "open").get()).docs) {
        await people.command(builder, "c500 ship", { order: id, anyway: true });
      }
    },

    /** Pays what someone has just won. */
    async payAuction(user: string): Promise<void> {
      const orders = firestore.collection("orders").where("buyer_id", "==", user);
      const { docs } = await orders.where("fulfillment_status", "==", "reserved").get();
      for (const order of docs) cloud.stripe.pay(String(order.get("checkout_session_id")));
      await cloud.settle();
    },

    ask: (user: string): Promise<Answer> => people.command(user, "c500 forget me"),

    /** Asks, and presses the red button of the answer. */
    async confirm(user: string): Promise<Answer> {
      const { interactionId } = await people.command(user, "c500 forget me");
      const message = cloud.discord.interaction(interactionId)?.original?.id ?? "";
      return press(message, community.generalChannelId, user, user);
    },

    forgedPress,

    /** Confirms until erasing has started: a press that arrives more than five minutes late has no effect. */
    async confirmUntilBegun(user: string): Promise<void> {
      for (let presses = 0; presses < MOST_PRESSES; presses += 1) {
        await this.confirm(user);
        await pass(MAX_COMMAND_AGE_MS);
        if ((await this.underWay()) > 0) return;
      }
      throw new Error("Erasing did not start.");
    },

    /** How many people are being forgotten. */
    underWay: async () => (await firestore.collection("forgettings").get()).size,

    /** The hour after which everything is checked once more. */
    async lookOnceMore(): Promise<void> {
      await pass(61 * 60_000);
      await pass(60_000);
    },

    /** Where someone's id or name occurs. */
    traces: (user: string, name = nameOf(user)) => tracesOf([user, name], cloud),

    /** The records of completed erasures, one for each person. */
    forgotten: async () =>
      (await everything(cloud)).filter((text) => text.startsWith("forgotten/")),

    /** Every document that names someone, as text, with the other person and pseudonyms masked. */
    recordOf: async (user: string, another: string) =>
      (await tracesOf([user], { ...cloud, settings: undefined })).map((text) =>
        text
          .replaceAll(another, "?")
          .replaceAll(PSEUDONYM, "?")
          .replace(`"?":"${nameOf(another)}",`, "")
          .replace(/"revision":\d+|"is_board_due":\w+/g, ""),
      ),

    /**
     * Every posting's id and amount, and its account unless it is a person's; without the postings that
     * move debts of forgotten people.
     */
    async amounts(): Promise<string[]> {
      const { docs } = await firestore.collectionGroup("postings").get();
      return docs
        .filter((each) => each.get("kind") !== "forgotten-debt")
        .map((each) => {
          const account = String(each.get("account")).replace(/^racer:.*/, "racer");
          return `${each.ref.path} ${account} ${each.get("amount")} ${each.get("currency")}`;
        })
        .sort();
    },

    /** The balances of pseudonyms, before debts are moved to tombstones. */
    async pseudonymBalances(): Promise<number[]> {
      const { docs } = await firestore.collectionGroup("postings").get();
      const sums = new Map<string, number>();
      for (const each of docs) {
        const account = String(each.get("account"));
        if (!account.startsWith("racer:forgotten-")) continue;
        if (each.get("kind") === "forgotten-debt") continue;
        sums.set(account, (sums.get(account) ?? 0) + Number(each.get("amount")));
      }
      return [...sums.values()];
    },
  };
}
