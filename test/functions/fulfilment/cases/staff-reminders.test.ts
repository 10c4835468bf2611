import { expect, test } from "@jest/globals";
import { cookieBrowser } from "../../../../local/browser/cookie-browser.ts";
import { upload } from "../../../support/calls/upload.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { parcels } from "../../../support/fulfilment/parcels.ts";

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;
const PNG = Buffer.from("89504e470d0a1a0a01", "hex");

const cloud = await useCloud({ rateLimits: false });
const post = await parcels(cloud);
const { people } = post;
const builder = await post.sender();
const staff = people.person({ permissions: "32" });

const teamReads = (orderId: string) =>
  cloud.discord
    .messages(community.operatorsChannelId)
    .map(({ content }) => content ?? "")
    .filter((text) => text.includes("need a decision") && text.includes(orderId));
const reminders = (orderId: string) =>
  teamReads(orderId).filter((text) => text.startsWith("⏰ This has waited for you"));

/** A buyer reports something with a picture, and the builder asks the team. */
async function escalate() {
  const bought = await post.buy(await people.drop(builder.id));
  const { orderId, buyer } = bought;
  await people.command(builder.id, "c500 ship", { order: orderId });
  const asked = await post.press(buyer, `parcel-wrong:${orderId}`);
  const form = await people.pressIn(buyer, asked, "It's damaged");
  const pictures = [await upload(cloud, PNG, "image/png")];
  await people.fillIn(form.interactionId, { text: "", pictures });
  await people.command(builder.id, "c500 case", { order: orderId, do: "escalate" });
  return bought;
}

test("staff are reminded of a case once a day while it waits for them, and a week at most", async () => {
  const { orderId } = await escalate();
  expect(teamReads(orderId)).toHaveLength(1);
  await cloud.pass(DAY_MS - HOUR_MS);
  expect(reminders(orderId)).toHaveLength(0);
  for (const days of [1, 2, 3]) {
    await cloud.pass(DAY_MS);
    expect(reminders(orderId)).toHaveLength(days);
  }
  expect(reminders(orderId)[0]).toContain("for a day.");
  expect(reminders(orderId)[2]).toContain("for 3 days.");
  for (let day = 4; day <= 9; day += 1) await cloud.pass(DAY_MS);
  expect(reminders(orderId)).toHaveLength(7);
  expect(reminders(orderId)[6]).toContain("I won't remind you again.");
});

test("a sweeper that was down for days reminds once, and nobody of what is decided", async () => {
  const { orderId } = await escalate();
  cloud.scheduler.pause();
  await cloud.clock.advance(3 * DAY_MS + HOUR_MS);
  cloud.scheduler.resume();
  await cloud.pass(HOUR_MS);
  expect(reminders(orderId)).toHaveLength(1);
  expect(reminders(orderId)[0]).toContain("for 3 days.");
  await post.press(staff, `case:close:${orderId}`);
  await cloud.pass(2 * DAY_MS);
  expect(reminders(orderId)).toHaveLength(1);
});

test("staff are shown where the pictures of a case are, and the desk says that there are some", async () => {
  const { orderId } = await escalate();
  const channelId = community.operatorsChannelId;
  const copy = cloud.discord
    .messages(channelId)
    .find(({ content, attachments }) => content?.includes(orderId) && attachments.length > 0);
  const link = `https://discord.com/channels/${community.guildId}/${channelId}/${copy?.id}`;
  expect(teamReads(orderId)[0]).toContain(link);
  const browser = cookieBrowser(cloud);
  await browser.signIn(builder.id);
  const desk = await browser.open("/desk?list=problems");
  expect(desk.html).toContain("There are pictures: in Discord");
});
