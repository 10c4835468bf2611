import { beforeEach, describe, expect, test } from "@jest/globals";
import { community, useCloud } from "../../../support/cloud.ts";
import { type Answer, freeShipping, shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const builder = await people.builder();
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const posts = () => cloud.discord.messages(community.marketplaceChannelId);
const inventory = async () =>
  (await cloud.firestore.collection("inventory").count().get()).data().count;
const stored = async (dropId: string) =>
  (await cloud.firestore.doc(`inventory/${dropId}`).get()).data();

/** Presses a button of an answer that only its user sees. */
function pressOf(user: string, { interactionId, buttons }: Answer, label: string) {
  const customId = buttons.find((button) => button.label === label)?.custom_id ?? "";
  const message = cloud.discord.interaction(interactionId)?.original?.id ?? "";
  const channelId = community.generalChannelId;
  const use = { user, channelId, message, customId };
  return cloud.discord.client.component(cloud.url("discord-interactions"), use);
}

/** Shows the form again as it was, and sends it unchanged. */
async function sendAgain(user: string, answer: Answer): Promise<Answer> {
  const { id: of } = await pressOf(user, answer, "Fix it");
  const sent = { of, values: {} };
  const { id } = await cloud.discord.client.modalSubmit(cloud.url("discord-interactions"), sent);
  await cloud.settle();
  return people.readAnswer(id);
}

/** The prefilled fields of a form. */
function prefilled(response: unknown): Record<string, string | undefined> {
  const { type, data } = response as {
    type: number;
    data: { components: { component: { custom_id: string; value?: string } }[] };
  };
  expect(type).toBe(9);
  return Object.fromEntries(
    data.components.map(({ component }) => [component.custom_id, component.value]),
  );
}

describe("the form", () => {
  test("posts a drop with its price, units and buttons, and shows its builder the next steps", async () => {
    const { interactionId: dropId, text } = await people.sendDropForm(builder.id, {
      title: "Brass weight",
      price: "$1,200",
      quantity: "3",
      description: "Heavy and warm.",
    });
    expect(text).toBe(
      `🎉 **Brass weight** is up in <#${community.marketplaceChannelId}>: 3 at $1,200.00. Use \`/c500 drops\` to edit, close, restock or reprice it.`,
    );
    const [embed] = people.post(dropId).embeds;
    expect(embed).toMatchObject({ title: "Brass weight", description: "Heavy and warm." });
    expect(people.shown(dropId, "Price")).toBe("$1,200.00");
    expect(people.shown(dropId, "Units left")).toBe("3 of 3");
    expect(people.shown(dropId, "Builder")).toContain(`<@${builder.id}>`);
    expect(people.buyButton(dropId)).toMatchObject({ label: "Buy Now", disabled: false });
    expect(await people.stock(dropId)).toEqual({ free: 3, reserved: 0, sold: 0 });
  });

  test("delivered twice by Discord creates one drop and one post", async () => {
    const [before, postsBefore] = [await inventory(), posts().length];
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "discord", operation: /deliver submit/, fault, times: 1 });
    const dropId = await people.drop(builder.id, { quantity: "5" });
    expect(await inventory()).toBe(before + 1);
    expect(posts()).toHaveLength(postsBefore + 1);
    expect(await people.stock(dropId)).toEqual({ free: 5, reserved: 0, sold: 0 });
  });

  test("with invalid values lists all of them at once, and Fix it shows the form again as it was filled in", async () => {
    const before = await inventory();
    const typed = { title: "Lamp", price: "1e3", quantity: "0", description: "Warm\nlight" };
    const answer = await people.sendDropForm(builder.id, { ...typed, payment: "held", limit: 4 });
    expect(answer.text).toContain('Price: I can\'t read "1e3"');
    expect(answer.text).toContain("Quantity: write a whole number from 1 to 400.");
    expect(await inventory()).toBe(before);

    const again = await pressOf(builder.id, answer, "Fix it");
    expect(prefilled(again.response)).toEqual({ ...typed, image: undefined });
    const sent = await cloud.discord.client.modalSubmit(cloud.url("discord-interactions"), {
      of: again.id,
      values: { price: "1000", quantity: "2" },
    });
    await cloud.settle();
    expect(people.readAnswer(sent.id).text).toContain("**Lamp** is up in");
    expect(await stored(sent.id)).toMatchObject({
      title: "Lamp",
      description: "Warm\nlight",
      price: 100_000,
      stock: 2,
      plan: "held",
      limit_per_buyer: 4,
    });
  });

  test.each([
    ["a negative price", { price: "-5" }, "Price: I can't read"],
    ["a price below Stripe's smallest charge", { price: "0.20" }, "Price: write an amount between"],
    ["an absurd price", { price: "999999999" }, "Price: write an amount between"],
    ["too many units", { quantity: "401" }, "Quantity: write a whole number from 1 to 400."],
    ["a fraction of a unit", { quantity: "1.5" }, "Quantity: write a whole number"],
    ["a title of blanks", { title: "   " }, "Title: write what it is."],
  ])("with %s is refused with a specific explanation", async (_what, fields, words) => {
    const before = posts().length;
    const { text, buttons } = await people.sendDropForm(builder.id, fields);
    expect(text).toContain(words);
    expect(buttons.map(({ label }) => label)).toEqual(["Fix it"]);
    expect(posts()).toHaveLength(before);
  });

  test("is accepted, or refused with an explanation, even while Redis is down", async () => {
    cloud.faults.add({ target: "upstash", fault: { kind: "fail", code: 500 } });
    const { text, buttons } = await people.sendDropForm(builder.id, { price: "free" });
    expect(text).toContain("Run `/c500 drop` again to fix it.");
    expect(buttons).toEqual([]);
    expect((await people.sendDropForm(builder.id)).text).toContain("is up in");
  });

  test("of someone who is not a builder, has no payout account, or has not said where they ship, waits until they have", async () => {
    const id = people.person();
    const login = `late_${id.slice(-5)}`;
    cloud.twitch.addUser({ id: `8${id.slice(-5)}`, login });
    const first = await people.sendDropForm(id, { title: "First" });
    expect(first.text).toContain("Become one with `/c500 register`");
    await people.register(id, login);

    const answer = await sendAgain(id, first);
    expect(answer.text).toContain("Run `/c500 payouts`");
    await people.command(id, "c500 payouts", { country: "US" });
    cloud.stripe.completeOnboarding(await people.accountOf(id));
    await cloud.settle();

    const third = await sendAgain(id, answer);
    expect(third.text).toContain("Say where you ship first");
    expect(third.text).toContain("`/c500 shipping from:US home:9 world:25`");
    await people.command(id, "c500 shipping", freeShipping);

    expect((await sendAgain(id, third)).text).toContain("**First** is up in");
  });

  test("in a channel where the bot may not post leaves nothing on sale and says who can help", async () => {
    const { guildId, marketplaceChannelId: id } = community;
    cloud.discord.addChannel({ id, guildId, name: "marketplace", botMay: { sendMessages: false } });
    const { interactionId, text } = await people.sendDropForm(builder.id);
    cloud.discord.addChannel({ id, guildId, name: "marketplace" });
    expect(text).toContain("Ask a server admin");
    expect(await stored(interactionId)).toMatchObject({ is_closed: true });
  });

  test("whose picture can no longer be fetched leaves no drop on sale that nobody can see", async () => {
    const endpoint = cloud.url("discord-interactions");
    const asked = await cloud.discord.client.command(endpoint, {
      user: builder.id,
      channelId: community.generalChannelId,
      name: "c500 drop",
      options: { payment: "split" },
    });
    const url = `${cloud.discord.url}/attachments/0/gone.png`;
    const image = [{ filename: "gone.png", url, contentType: "image/png", size: 8 }];
    const values = { title: "Unseen", price: "5", quantity: "1", image };
    const sent = await cloud.discord.client.modalSubmit(endpoint, { of: asked.id, values });
    await cloud.settle();
    expect(people.readAnswer(sent.id).text).not.toContain("is up in");
    expect(people.readAnswer(sent.id).text).toMatch(/picture/i);
    expect((await stored(sent.id))?.["is_closed"] ?? true).toBe(true);
  });
});

describe("what a builder writes", () => {
  test("is shown as typed: no formatting, no link, no ping", async () => {
    const title = "<b>Cap</b> **bold** [a](https://x.example) @everyone <@&500000000000000020>";
    const dropId = await people.drop(builder.id, {
      title: `# ${title}`,
      description: "||hidden||\n# Heading\n@here <@100000000000000001>",
    });
    const post = people.post(dropId);
    expect(post.pinged).toMatchObject({ everyone: false, users: [], roles: [] });
    const [embed] = post.embeds;
    // The characters that prevent an address from becoming a link are invisible.
    expect(embed?.title).not.toContain("://");
    expect(embed?.title?.replace("\u200b", "")).toBe(
      "\\# \\<b\\>Cap\\</b\\> \\*\\*bold\\*\\* \\[a\\]\\(https://x.example\\) @everyone \\<@&500000000000000020\\>",
    );
    expect(embed?.description).toBe(
      "\\|\\|hidden\\|\\|\n\\# Heading\n@here \\<@100000000000000001\\>",
    );
    expect((await stored(dropId))?.["title"]).toBe(`# ${title}`);
  });

  test("pings nobody in any answer or message about it", async () => {
    const dropId = await people.drop(builder.id, { title: "@everyone @here", quantity: "1" });
    const { buyer, orderId } = await people.purchase(dropId);
    const messages = [...cloud.discord.dms(buyer), ...cloud.discord.dms(builder.id)].filter(
      ({ content, embeds }) => JSON.stringify([content, embeds]).includes("@everyone"),
    );
    expect(messages.length).toBeGreaterThanOrEqual(2);
    const answer = cloud.discord.interaction(orderId)?.original;
    for (const message of [...messages, answer]) {
      expect(message?.pinged).toMatchObject({ everyone: false, roles: [] });
    }
  });

  test("is shortened in the post, not in its details, and never in the middle of a character", async () => {
    const description = `a${"🎹".repeat(700)}`;
    const dropId = await people.drop(builder.id, { description });
    const [embed] = people.post(dropId).embeds;
    expect(embed?.description?.length).toBeLessThan(description.length);
    expect(embed?.description?.isWellFormed()).toBe(true);
    const asked = await people.press(people.person(), dropId, "drop-details");
    await cloud.settle();
    expect(people.readAnswer(asked.id).embeds).toContain(description);
  });
});

describe("Details", () => {
  test.each([
    ["split", "The builder is paid when you pay"],
    ["held", "Your money is held until the builder shows your order on stream"],
  ] as const)(
    "of a %s drop show the whole text, how to pay and the limit per buyer",
    async (payment, words) => {
      const description = "A long story. ".repeat(40).trim();
      const dropId = await people.drop(builder.id, { payment, limit: 2, description });
      const { id } = await people.press(people.person(), dropId, "drop-details");
      await cloud.settle();
      const { embeds } = people.readAnswer(id);
      for (const part of [description, words, "2 for each buyer"]) expect(embeds).toContain(part);
      expect(await people.stock(dropId)).toMatchObject({ reserved: 0 });
    },
  );
});

describe("the post", () => {
  test("follows the stock, and says Sold out without a button when it is", async () => {
    const dropId = await people.drop(builder.id, { quantity: "2" });
    await people.purchase(dropId);
    await people.pass(0.1);
    expect(people.shown(dropId, "Units left")).toBe("1 of 2");

    const last = await people.buyNow(people.person(), dropId);
    await people.pass(0.1);
    expect(people.shown(dropId, "Units left")).toBe("Sold out for now");
    cloud.stripe.pay(people.sessionOf(last));
    await cloud.settle();
    await people.pass(0.1);
    expect(people.shown(dropId, "Units left")).toBe("Sold out");
    expect(people.buyButton(dropId)).toMatchObject({ label: "Sold out", disabled: true });
  });

  test("offers a unit again after its reservation is given back", async () => {
    const dropId = await people.drop(builder.id, { quantity: "1" });
    const buyer = people.person();
    const { interactionId } = await people.buyNow(buyer, dropId);
    await people.pass(0.1);
    expect(people.buyButton(dropId)).toMatchObject({ disabled: true });
    await people.giveBack(buyer, interactionId);
    await people.pass(0.1);
    expect(people.buyButton(dropId)).toMatchObject({ label: "Buy Now", disabled: false });
  });

  test("is edited at most once a second, and finally shows the current state", async () => {
    const dropId = await people.drop(builder.id, { quantity: "60" });
    const message = people.post(dropId).id;
    await people.pass(0.1);
    const begunMs = cloud.clock.nowMs();
    for (let round = 0; round < 16; round += 1) {
      await Promise.all(
        [people.person(), people.person()].map((user) => people.press(user, dropId)),
      );
      await cloud.clock.advance(100);
    }
    await cloud.settle();
    await people.pass(0.1);
    const edits = cloud.discord
      .events()
      .filter((event) => event.kind === "message-edited" && event.messageId === message)
      .filter(({ atMs }) => atMs > begunMs);
    expect(edits.length).toBeGreaterThan(0);
    // Tasks are due at whole seconds, so the n-th edit is made in the n-th second at the earliest.
    const first = Math.floor(begunMs / 1000);
    for (const [index, { atMs }] of edits.entries()) {
      expect(Math.floor(atMs / 1000)).toBeGreaterThan(first + index);
    }
    expect(await people.stock(dropId)).toEqual({ free: 28, reserved: 32, sold: 0 });
    expect(people.shown(dropId, "Units left")).toBe("28 of 60");
  });

  test("shows when its builder goes live, where, and when the stream is over", async () => {
    const streamer = await people.builder();
    const dropId = await people.drop(streamer.id);
    expect(people.shown(dropId, "Builder")).toContain("not live right now");
    cloud.twitch.goLive(streamer.login, { title: "Soldering" });
    await cloud.settle();
    await people.pass(0.1);
    expect(people.shown(dropId, "Builder")).toContain(
      `live now: https://www.twitch.tv/${streamer.login}`,
    );
    cloud.twitch.endStream(streamer.login);
    await cloud.settle();
    await people.pass(0.1);
    expect(people.shown(dropId, "Builder")).toContain("not live right now");
  });

  test("that staff have deleted causes no errors: buying still works", async () => {
    const dropId = await people.drop(builder.id);
    const { id, channel_id: channelId } = people.post(dropId);
    const { DISCORD_API_BASE_URL, DISCORD_BOT_TOKEN } = cloud.settings;
    const customer = await people.buyNow(people.person(), dropId);
    await cloud.fetch(`${DISCORD_API_BASE_URL}/v10/channels/${channelId}/messages/${id}`, {
      method: "DELETE",
      headers: {
        authorization: `Bot ${DISCORD_BOT_TOKEN}`,
        "user-agent": "DiscordBot (https://c500.store, 1)",
      },
    });
    cloud.stripe.pay(people.sessionOf(customer));
    await cloud.settle();
    await people.pass(1);
    expect(await people.order(customer.interactionId)).toMatchObject({
      fulfillment_status: "paid",
    });
  });
});
