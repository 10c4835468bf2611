import { ADDRESS_MARKER, recipientIn } from "../../../local/stripe/objects/addresses.ts";
import { community, type TestCloud } from "../cloud.ts";
import { choosers } from "../shipping/choosers.ts";
import { shoppers, toAnswer } from "../shop/shop.ts";

const DAY_MS = 24 * 60 * 60_000;

/** A recipient in the United States in whose address no other one's street occurs. */
function recipientAt(house: number) {
  const { name, address } = recipientIn("US", String(house));
  return { name, address: { ...address, line1: `${house} ${ADDRESS_MARKER} Street` } };
}

/** People who sell what is shipped, buy it, and press the buttons of messages about it. */
export async function parcels(cloud: TestCloud) {
  const people = shoppers(cloud);
  const list = choosers(cloud);
  const endpoint = cloud.url("discord-interactions");
  const houses = new Map<string, number>();

  const parcel = async (id: string) =>
    (await cloud.firestore.doc(`parcels/${id}`).get()).data() ?? {};

  return {
    people,
    parcel,
    dms: (user: string) => cloud.discord.dms(user).map(({ content }) => content ?? ""),

    /** A builder who ships for eight dollars within the United States. */
    async sender(fields: { isLive?: boolean } = {}) {
      const terms = { from: "US", home: "8.00", "bundle-hours": 0 };
      return people.builder({ ...fields, terms });
    },

    /** Buys a unit that ships to the buyer's house in the United States, and pays for it. */
    async buy(dropId: string, buyer = people.person()) {
      const asked = await people.buyNow(buyer, dropId);
      const answer = asked.text.startsWith("Where should it go?")
        ? await list.choose(buyer, list.answerOf(asked), "US")
        : asked;
      const sessionId = people.sessionOf(answer);
      const house = houses.get(buyer) ?? 1001 + houses.size;
      houses.set(buyer, house);
      cloud.stripe.pay(sessionId, "card", { shipping: recipientAt(house) });
      await cloud.settle();
      return { orderId: answer.interactionId, buyer, sessionId };
    },

    /** Presses a button, as if it had been shown. */
    async press(user: string, customId: string) {
      const { id } = await cloud.discord.client.raw(endpoint, {
        user,
        channelId: community.generalChannelId,
        type: 3,
        data: { custom_id: customId, component_type: 2 },
      });
      await cloud.settle();
      return toAnswer(cloud.discord, id);
    },

    /** Lets a deadline come, if it is set, and the sweeper find it. */
    async letCome(kind: string, subjectId: string): Promise<void> {
      const place = cloud.firestore.doc(`deadlines/${kind}.${subjectId}`);
      const dueAt = new Date(cloud.clock.now().getTime() - 1000);
      if ((await place.get()).exists) await place.update({ due_at: dueAt });
      await cloud.clock.advance(16 * 60_000);
      await cloud.settle();
    },

    /** Makes a parcel one that should have been sent more than a week ago. */
    async makeLate(id: string): Promise<void> {
      const dispatchBy = new Date(cloud.clock.now().getTime() - 8 * DAY_MS);
      await cloud.firestore.doc(`parcels/${id}`).update({ dispatch_by: dispatchBy });
    },
  };
}
