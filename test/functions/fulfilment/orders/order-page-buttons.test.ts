import { expect, test } from "@jest/globals";
import { bidders } from "../../../support/auctions/auctions.ts";
import { useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";

const DAY_MS = 24 * 60 * 60_000;

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
await bidders(cloud, people).registerCommands();
const staff = people.person({ permissions: "32" });

/** The pages that buttons under a buyer's DMs open, by the DMs' texts; undefined where there is none. */
function pagesIn(buyer: string): readonly (readonly [string, string | undefined])[] {
  return cloud.discord.dms(buyer).map(({ content, components }) => {
    const rows = components as unknown as { components: { label?: string; url?: string }[] }[];
    const buttons = rows.flatMap((row) => row.components);
    return [content ?? "", buttons.find(({ label }) => label === "Your order")?.url] as const;
  });
}

/** Every DM of a buyer with one order opens its page, and the last one says something. */
async function expectPages(buyer: string, orderId: string, last: RegExp): Promise<void> {
  const { page_key: key } = await people.order(orderId);
  const url = `${cloud.settings["PUBLIC_SITE_URL"]}/order/${String(key)}`;
  const pages = pagesIn(buyer);
  expect(pages).toEqual(pages.map(([text]) => [text, url]));
  expect(pages.at(-1)?.[0]).toMatch(last);
}

async function boughtOf(builderId: string, payment: "split" | "held" = "split") {
  return post.buy(await people.drop(builderId, { payment }));
}

test("a refund's message opens the order's page", async () => {
  const { id } = await post.sender();
  const { orderId, buyer } = await boughtOf(id);
  await people.command(id, "c500 refund", { order: orderId, amount: "3.00" });
  await expectPages(buyer, orderId, /on the way back to you/);
});

test("the messages about held money open it: the warnings, and the end", async () => {
  const { id } = await post.sender();
  const { orderId, buyer } = await boughtOf(id, "held");
  await cloud.pass(15 * DAY_MS);
  await cloud.settle();
  await expectPages(buyer, orderId, /wasn't built within 14 days/);
});

test("the message about work on stream opens it", async () => {
  const { id } = await post.sender({ isLive: true });
  const { orderId, buyer } = await boughtOf(id, "held");
  await people.command(id, "c500 live", { context: "order", orders: orderId });
  await expectPages(buyer, orderId, /workbench/);
});

test("the messages about a cancellation open it, declined and accepted", async () => {
  const { id } = await post.sender();
  const { orderId, buyer } = await boughtOf(id);
  await people.command(buyer, "c500 cancel", { order: orderId });
  await post.press(id, `cancel-decline:${orderId}`);
  await expectPages(buyer, orderId, /isn't cancelled/);
  await people.command(staff, "c500 cancel", { order: orderId, answer: "accept" });
  await expectPages(buyer, orderId, /on the way back to you/);
});

test("the messages about a case open it", async () => {
  const { id } = await post.sender();
  const { orderId, buyer } = await boughtOf(id);
  await people.command(id, "c500 ship", { order: orderId });
  await people.command(buyer, "c500 problem", { order: orderId, what: "damaged" });
  await people.command(id, "c500 case", { order: orderId, do: "answer", text: "Let me look." });
  await expectPages(buyer, orderId, /Let me look/);
  await post.press(buyer, `case:escalate:${orderId}`);
  await expectPages(buyer, orderId, /team is looking/);
  await post.press(staff, `case:replace:${orderId}`);
  await expectPages(buyer, orderId, /sent to you again/);
});

test("the message about a suspended builder opens it", async () => {
  const { id } = await post.sender();
  const { orderId, buyer } = await boughtOf(id);
  await people.command(staff, "c500 builders suspend", { builder: id, reason: "A complaint." });
  await expectPages(buyer, orderId, /suspended its builder/);
});

test("the messages about a bank debit open it, while it is processed and when it is refused", async () => {
  const { id } = await post.sender();
  const dropId = await people.drop(id);
  const buyer = people.person();
  await people.command(buyer, "c500 country", { country: "US" });
  const answer = await people.buyNow(buyer, dropId);
  const sessionId = people.sessionOf(answer);
  cloud.stripe.pay(sessionId, "bank-debit");
  await cloud.settle();
  await expectPages(buyer, answer.interactionId, /Your bank is processing/);
  cloud.stripe.settleBankDebit(sessionId, "failed");
  await cloud.settle();
  await expectPages(buyer, answer.interactionId, /Your bank refused/);
});
