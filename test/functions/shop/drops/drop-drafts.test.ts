import { beforeEach, describe, expect, test } from "@jest/globals";
import type { FaultRule } from "../../../../local/kit/faults.ts";
import { upload } from "../../../support/calls/upload.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const builder = await people.builder();
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const picture = Buffer.from("89504e470d0a1a0a", "hex");
const stored = async (dropId: string) =>
  (await cloud.firestore.doc(`inventory/${dropId}`).get()).data();
const postsOf = (dropId: string) =>
  cloud.discord
    .messages(community.marketplaceChannelId)
    .filter(({ components }) => JSON.stringify(components).includes(dropId));
const panelOf = (dropId: string, user = builder.id) =>
  people.command(user, "c500 drops", { drop: dropId });
const labels = ({ buttons }: { buttons: readonly { label: string }[] }) =>
  buttons.map(({ label }) => label);

const aDayLate: FaultRule = {
  target: "tasks",
  operation: /^dispatch drop-opening/,
  fault: { kind: "delay", ms: 86_400_000 },
  times: 1,
};
/** As many as our client makes attempts. */
const lostAnswers: FaultRule = {
  target: "discord",
  operation: new RegExp(`^POST .*/${community.marketplaceChannelId}/messages`),
  fault: { kind: "lose-answer" },
  times: 3,
};

/** Sends the form of a draft, with a file if requested. */
async function draft(
  { image, user = builder.id, ...options }: Record<string, unknown> & { user?: string } = {},
  fields: Readonly<Record<string, string>> = {},
) {
  const asked = await cloud.discord.client.command(cloud.url("discord-interactions"), {
    user,
    channelId: community.generalChannelId,
    name: "c500 drop",
    options: { payment: "split", draft: true, ...options } as Record<string, string | boolean>,
  });
  const files = image ? { image: [await upload(cloud, picture, "image/png")] } : {};
  const values = { title: "Brass weight", price: "12.50", quantity: "2", description: "" };
  return people.fillIn(asked.id, { ...values, ...fields, ...files });
}

describe("a draft", () => {
  test("is seen by its builder alone, until they open it", async () => {
    const answer = await draft({}, { title: "Secret lamp" });
    const dropId = answer.interactionId;
    expect(answer.text).toContain("**Secret lamp** is a draft: only you can see it.");
    expect(labels(answer)).toEqual(["Open now", "Edit", "Throw away"]);
    expect(postsOf(dropId)).toEqual([]);
    const site = cloud.settings.PUBLIC_SITE_URL;
    expect((await cloud.fetch(`${site}/drop/${dropId}`)).status).toBe(404);
    expect(await (await cloud.fetch(site ?? "")).text()).not.toContain("Secret lamp");
    const other = await people.builder();
    expect((await panelOf(dropId, other.id)).text).toContain("I can't find that drop");
    const { embeds } = await people.command(builder.id, "c500 drops");
    expect(embeds).toContain("**Secret lamp** · $12.50 · draft");

    const opened = await people.pressIn(builder.id, answer, "Open now");
    expect(opened.text).toContain(`is open in <#${community.marketplaceChannelId}>`);
    expect(people.shown(dropId, "Units left")).toBe("2 of 2");
    expect((await cloud.fetch(`${site}/drop/${dropId}`)).status).toBe(200);
    await people.purchase(dropId);
    expect(await stored(dropId)).toMatchObject({ draft_state: null, opens_at: null });
  });

  test("cannot be bought, looked at, closed or reopened by anyone who knows its id", async () => {
    const { interactionId: dropId } = await draft();
    const buyer = people.person();
    const general = community.generalChannelId;
    for (const button of ["drop-buy", "drop-details"]) {
      const { id } = await cloud.discord.client.raw(cloud.url("discord-interactions"), {
        user: buyer,
        channelId: general,
        type: 3,
        data: { custom_id: `${button}:${dropId}`, component_type: 2 },
      });
      await cloud.settle();
      expect(people.readAnswer(id).text).toContain("I can't find that drop any more.");
    }
    for (const options of [{ close: true }, { reopen: true }]) {
      const { text } = await people.command(builder.id, "c500 drops", { drop: dropId, ...options });
      expect(text).toContain("That drop is still a draft");
    }
    expect(await people.stock(dropId)).toEqual({ free: 2, reserved: 0, sold: 0 });
  });

  test("takes edits, another price and more units, and stays a draft", async () => {
    const answer = await draft();
    const dropId = answer.interactionId;
    const shown = await people.pressIn(builder.id, answer, "Edit");
    await people.fillIn(shown.interactionId, { title: "Copper weight" });
    await people.command(builder.id, "c500 drops", { drop: dropId, price: "20" });
    await people.command(builder.id, "c500 drops", { drop: dropId, restock: 3 });
    expect(postsOf(dropId)).toEqual([]);
    await people.pressIn(builder.id, await panelOf(dropId), "Open now");
    expect(people.post(dropId).embeds[0]?.title).toBe("Copper weight");
    expect(people.shown(dropId, "Price")).toBe("$20.00");
    expect(people.shown(dropId, "Units left")).toBe("5 of 5");
  });

  test("opened twice at the same time is posted once", async () => {
    const answer = await draft();
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "discord", operation: /deliver press drop-open/, fault, times: 1 });
    await people.pressIn(builder.id, answer, "Open now");
    expect(postsOf(answer.interactionId)).toHaveLength(1);
  });

  test("that is thrown away never opens, and is in no list", async () => {
    const answer = await draft({ opens: "in 1 hour" }, { title: "Never" });
    const dropId = answer.interactionId;
    expect((await people.pressIn(builder.id, answer, "Throw away")).text).toContain(
      "**Never** is thrown away",
    );
    await people.pass(90);
    expect(postsOf(dropId)).toEqual([]);
    expect((await people.command(builder.id, "c500 drops")).embeds).not.toContain("Never");
    expect((await panelOf(dropId)).text).toContain("I can't find that drop");
    expect((await people.pressIn(builder.id, answer, "Open now")).text).toContain("can't find");
    expect(postsOf(dropId)).toEqual([]);
  });

  test("keeps its picture in the builder's DMs, and is posted with it", async () => {
    const answer = await draft({ image: true }, { title: "With picture" });
    const dropId = answer.interactionId;
    const [preview] = cloud.discord.dms(builder.id).slice(-1);
    expect(preview?.content).toContain("The picture of your draft **With picture**.");
    expect(preview?.attachments).toHaveLength(1);
    // Longer than Discord keeps the files of forms.
    await people.pass(30 * 60);
    await people.pressIn(builder.id, await panelOf(dropId), "Open now");
    expect(people.post(dropId).attachments).toHaveLength(1);
    const url = `${cloud.settings.PUBLIC_SITE_URL}/drop/${dropId}/picture`;
    expect(Buffer.from(await (await cloud.fetch(url)).arrayBuffer())).toEqual(picture);
  });

  test("with a picture of someone who takes no DMs is refused, with what to do", async () => {
    const closed = await people.builder();
    cloud.discord.addUser({ id: closed.id, username: "closed_dms", dmsClosed: true });
    const answer = await draft({ image: true, user: closed.id });
    expect(answer.text).toContain("allow **Direct Messages**");
    expect(labels(answer)).toEqual(["Fix it"]);
    expect(await stored(answer.interactionId)).toBeUndefined();
    expect((await draft({ user: closed.id })).text).toContain("is a draft");
  });
});

describe("a draft with a time", () => {
  test.each([
    ["in 2 hours", 120],
    ["90 min", 90],
    ["1 day and 30 minutes", 24 * 60 + 30],
  ])("%j opens by itself then, once, and its builder is notified", async (opens, minutes) => {
    const answer = await draft({ opens }, { title: `Timed ${minutes}` });
    const dropId = answer.interactionId;
    expect(answer.text).toMatch(/It opens by itself <t:\d+:F> \(<t:\d+:R>\)\./);
    expect(labels(answer)).toContain("Don't open by itself");
    await people.pass(minutes - 2);
    expect(postsOf(dropId)).toEqual([]);
    await people.pass(4);
    expect(postsOf(dropId)).toHaveLength(1);
    expect(people.shown(dropId, "Units left")).toBe("2 of 2");
    const notes = people.messagesTo(builder.id).filter((text) => text.includes(`Timed ${minutes}`));
    expect(notes).toEqual([expect.stringContaining("is open in")]);
    await people.pass(30);
    expect(postsOf(dropId)).toHaveLength(1);
  });

  test.each([
    ["its task comes a day late", []],
    ["moreover the answers to its first post are lost", [lostAnswers]],
  ])("opens within half an hour and is posted once although %s", async (_what, faults) => {
    const { interactionId: dropId } = await draft({ opens: "in 20 minutes" });
    for (const fault of [aDayLate, ...faults]) cloud.faults.add(fault);
    await people.pass(50);
    expect(cloud.faults.rules()).toEqual([]);
    expect(postsOf(dropId)).toHaveLength(1);
    await people.pass(30);
    expect(postsOf(dropId)).toHaveLength(1);
  });

  test("opens at its new time when it is rescheduled, and not at all when its time is taken away", async () => {
    const answer = await draft({ opens: "in 1 hour" });
    const dropId = answer.interactionId;
    const later = await people.command(builder.id, "c500 drops", { drop: dropId, opens: "3h" });
    expect(later.text).toContain("It opens by itself");
    await people.pass(90);
    expect(postsOf(dropId)).toEqual([]);
    const panel = await panelOf(dropId);
    await people.pressIn(builder.id, panel, "Don't open by itself");
    await people.pass(180);
    expect(postsOf(dropId)).toEqual([]);
    expect(await stored(dropId)).toMatchObject({ draft_state: "draft", opens_at: null });
  });

  test("waits for its builder when the bot may not post, and they read who can help", async () => {
    const { guildId, marketplaceChannelId: id } = community;
    const { interactionId: dropId } = await draft({ opens: "in 1 hour" }, { title: "Barred" });
    cloud.discord.addChannel({ id, guildId, name: "marketplace", botMay: { sendMessages: false } });
    await people.pass(70);
    cloud.discord.addChannel({ id, guildId, name: "marketplace" });
    expect(await stored(dropId)).toMatchObject({ draft_state: "draft", is_closed: true });
    const notes = people.messagesTo(builder.id).filter((text) => text.includes("**Barred**"));
    expect(notes).toEqual([expect.stringContaining("Ask a server admin")]);
    await people.pressIn(builder.id, await panelOf(dropId), "Open now");
    expect(postsOf(dropId)).toHaveLength(1);
  });

  test("of a builder who is suspended meanwhile does not open", async () => {
    const other = await people.builder();
    const { interactionId: dropId } = await draft({ opens: "in 1 hour", user: other.id });
    await cloud.firestore.doc(`builders/${other.id}`).update({ standing: "suspended" });
    await people.pass(70);
    expect(postsOf(dropId)).toEqual([]);
    const notes = people.messagesTo(other.id).filter((text) => text.includes("could not open"));
    expect(notes).toHaveLength(1);
  });

  test.each([
    ["soon", "Opens: I can't read"],
    ["in 2 lightyears", "Opens: I can't read"],
    ["2020-01-01 10:00Z", "that time has passed"],
    ["2026-12-01 18:00", "which time zone?"],
    ["in 40 days", "at most 28 days from now"],
  ])("%j is refused with what to write, before the form", async (opens, words) => {
    const { id } = await cloud.discord.client.command(cloud.url("discord-interactions"), {
      user: builder.id,
      channelId: community.generalChannelId,
      name: "c500 drop",
      options: { payment: "split", opens },
    });
    expect(people.readAnswer(id).text).toContain(words);
  });
});
