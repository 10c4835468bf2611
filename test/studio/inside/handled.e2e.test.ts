import { expect, test } from "@jest/globals";
import { orderReleaseRequested } from "../../../functions/shop/events/order-release-requested.ts";
import { noticeDue } from "../../../shared/events/notice-due.ts";
import { subscribersOf } from "../../../tools/ops/commands/dead-letters/send-again.ts";
import { seeder } from "../../support/cloud.ts";
import { goLive } from "../../support/going-live/go-live.ts";
import { racers } from "../../support/races/races.ts";
import { shoppers } from "../../support/shop/shop.ts";
import { useStudio } from "../support/studio.ts";

// A studio that was started when everything had been handled: its log has none of it.
const studio = await useStudio({ log: () => undefined });
const { cloud } = studio;

const ask = async (name: string, input: object): Promise<Record<string, string>> =>
  (await studio.call("messages", name, input)).json();

/** The first message that went to one function alone. */
function messageTo(functionName: string): { readonly messageId: string; readonly body: string } {
  const found = cloud.pubsub
    ?.published()
    .find(({ topicId, attributes }) => subscribersOf(topicId, attributes).join() === functionName);
  if (!found) throw new Error(`Nothing was published for ${functionName}.`);
  return { messageId: found.messageId, body: found.data.toString("utf8") };
}

test("what a function has stored shows that a message was handled before this start", async () => {
  const people = shoppers(cloud);
  const races = racers(cloud, people);
  const builder = await seeder(cloud).builder({ title: "x" });
  await goLive(cloud, builder.id, { context: "chat" });
  const lobby = await races.racing();
  await races.sell(lobby, 10_000);
  const staff = people.person({ permissions: "32" });
  await people.command(staff, "payout", { user: lobby.racers[0] ?? "", amount: "9000" });
  await cloud.publisher.publish(noticeDue, { id: "note-1", message: { content: "Hello" } });
  await cloud.settle();

  const marked = ["go-live", "announcement", "race-control", "commission", "wallet", "notice"];
  const refusals: Record<string, string | undefined> = {};
  for (const name of marked) {
    const message = messageTo(name);
    const { basis } = await ask("message", { messageId: message.messageId });
    expect(basis).toContain(`By what ${name} stored`);
    refusals[name] = (await ask("resend", { ...message, onlyIfNeverRan: true }))["error"];
  }
  expect(refusals).toEqual({
    "go-live": expect.stringMatching(/^Not sent: go-live has stored go_lives\/\d+\.$/),
    announcement: expect.stringMatching(/has stored processed\/announcement:\d+\.$/),
    "race-control": expect.stringMatching(/has stored processed\/race-command:\d+\.$/),
    commission: "Not sent: commission has stored sales/kofi:race-1.",
    wallet: expect.stringMatching(/has stored processed\/payout-refusal:\d+\.$/),
    notice: "Not sent: notice has stored processed/note-1.",
  });
});

test("where a function stores nothing by which a message is known, the answer says so", async () => {
  const people = shoppers(cloud);
  const order = await seeder(cloud).order((await people.builder()).id);
  await cloud.publisher.publish(orderReleaseRequested, { id: "release-1", orderId: order.id });
  await cloud.settle();
  const message = messageTo("order-release");
  expect((await ask("message", { messageId: message.messageId }))["basis"]).toBe(
    "By the log since this start alone, because no document shows what order-release handled.",
  );
  expect(await ask("resend", { ...message, onlyIfNeverRan: true })).toEqual({
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});
