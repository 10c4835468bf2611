import { describe, expect, test } from "@jest/globals";
import { ADDRESS_MARKER, PHONE_MARKER } from "../../../../local/stripe/objects/addresses.ts";
import { shippedSession } from "../../../local/stripe/checkout/shipped.ts";
import { stripeClient } from "../../../support/clients/stripe-client.ts";
import { useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";
import { tracesOf } from "../../../support/stored/traces.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const builder = await people.builder();

/** Whatever of a simulated buyer's address and phone number reached Pub/Sub, the logs or a store. */
async function leaks(): Promise<string[]> {
  const words = [ADDRESS_MARKER, PHONE_MARKER];
  const messages = (cloud.pubsub?.published() ?? []).map((message) =>
    JSON.stringify({ ...message, data: message.data.toString() }),
  );
  const transmitted = [...messages, ...cloud.logLines].filter((text) =>
    words.some((word) => text.includes(word)),
  );
  return [...transmitted, ...(await tracesOf(words, cloud))];
}

describe("the address and the phone number in Stripe's events", () => {
  test.each([
    ["an order", async () => ({ order_id: await reservedOrder() })],
    ["merch", async () => ({ merch: "true" })],
    ["something else", async () => ({})],
  ])("of %s are neither published nor logged nor stored", async (_what, metadataOf) => {
    const metadata = await metadataOf();
    const session = await stripeClient(cloud).checkout.sessions.create(
      shippedSession({
        metadata,
        payment_intent_data: { metadata },
        phone_number_collection: { enabled: true },
        customer_creation: "always",
      }),
    );
    cloud.stripe.pay(session.id, "declined");
    cloud.stripe.pay(session.id);
    await people.pass(1);
    const { charge } = chargedEvent();
    cloud.stripe.openDispute(charge);
    await people.pass(1);
    expect(JSON.stringify(cloud.stripe.events())).toContain(ADDRESS_MARKER);
    expect(await leaks()).toEqual([]);
  });
});

async function reservedOrder(): Promise<string> {
  const dropId = await people.drop(builder.id, { quantity: "1" });
  return (await people.buyNow(people.person(), dropId)).interactionId;
}

/** The latest charge that was paid. */
function chargedEvent() {
  const event = cloud.stripe.events().findLast(({ type }) => type === "charge.succeeded");
  return { charge: String((event?.data.object as { id?: string } | undefined)?.id) };
}
