import { beforeEach, describe, expect, test } from "@jest/globals";
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

const stored = async (dropId: string) =>
  (await cloud.firestore.doc(`inventory/${dropId}`).get()).data();
/** Pictures that differ. */
const picture = (number: number) => Buffer.from(`89504e470d0a1a0a0${number}`, "hex");
const uploads = (...numbers: number[]) =>
  Promise.all(numbers.map((number) => upload(cloud, picture(number), "image/png")));

async function send(options: Record<string, string | boolean>, ...numbers: number[]) {
  const asked = await cloud.discord.client.command(cloud.url("discord-interactions"), {
    user: builder.id,
    channelId: community.generalChannelId,
    name: "c500 drop",
    options: { payment: "split", ...options },
  });
  const values = { title: "Brass weight", price: "12.50", quantity: "2", description: "" };
  return people.fillIn(asked.id, { ...values, image: await uploads(...numbers) });
}

/** Opens the control panel and presses one of its buttons. */
async function press(dropId: string, label: string) {
  const panel = await people.command(builder.id, "c500 drops", { drop: dropId });
  return people.pressIn(builder.id, panel, label);
}

const editWith = async (dropId: string, ...numbers: number[]) =>
  people.fillIn((await press(dropId, "Edit")).interactionId, { image: await uploads(...numbers) });

/** The pictures that the site serves of a drop. */
async function served(dropId: string): Promise<string[]> {
  const site = `${cloud.settings.PUBLIC_SITE_URL}/drop/${dropId}`;
  const page = await (await cloud.fetch(site)).text();
  const addresses = [...page.matchAll(/<img src="([^"]*picture[^"]*)"/g)].map(
    ([, address]) => address,
  );
  return Promise.all(
    addresses.map(async (address) => {
      const answer = await cloud.fetch(new URL(String(address), site));
      return Buffer.from(await answer.arrayBuffer()).toString("hex");
    }),
  );
}
const hex = (...numbers: number[]) => numbers.map((number) => picture(number).toString("hex"));

describe("several pictures", () => {
  test("are one block in the post, and a gallery without a script on the page", async () => {
    const { interactionId: dropId, text } = await send({}, 1, 2, 3);
    expect(text).toContain("is up in");
    const { embeds, attachments } = people.post(dropId);
    expect(attachments).toHaveLength(3);
    expect(embeds.map(({ image }) => image?.url)).toEqual([
      "attachment://drop.png",
      "attachment://drop-2.png",
      "attachment://drop-3.png",
    ]);
    // Discord puts the pictures of embeds with the same address into one block.
    expect(new Set(embeds.map(({ url }) => url)).size).toBe(1);
    expect(await served(dropId)).toEqual(hex(1, 2, 3));
  });

  test("more than four cannot be sent", async () => {
    await expect(send({}, 1, 2, 3, 4, 5)).rejects.toThrow();
  });

  test("a picture's number that there is none of is not found", async () => {
    const { interactionId: dropId } = await send({}, 1, 2);
    const site = `${cloud.settings.PUBLIC_SITE_URL}/drop/${dropId}/picture`;
    expect((await cloud.fetch(`${site}/2`)).status).toBe(200);
    for (const number of ["0", "1", "3", "9", "10", "x"]) {
      expect((await cloud.fetch(`${site}/${number}`)).status).toBe(404);
    }
  });

  test("of a draft wait in the builder's DMs and are all posted when it opens", async () => {
    const { interactionId: dropId } = await send({ draft: true }, 1, 2);
    expect(cloud.discord.dms(builder.id).at(-1)?.attachments).toHaveLength(2);
    await press(dropId, "Open now");
    expect(people.post(dropId).attachments).toHaveLength(2);
    expect(await served(dropId)).toEqual(hex(1, 2));
  });
});

describe("new pictures", () => {
  test("replace all earlier ones in the post and on the page, and later edits keep them", async () => {
    const { interactionId: dropId } = await send({}, 1, 2, 3);
    expect((await editWith(dropId, 4, 5)).text).toContain("is up to date");
    await people.pass(0.1);
    expect(people.post(dropId).attachments).toHaveLength(2);
    expect(people.post(dropId).embeds).toHaveLength(2);
    expect(await served(dropId)).toEqual(hex(4, 5));

    await people.purchase(dropId);
    await people.pass(0.1);
    expect(people.shown(dropId, "Units left")).toBe("1 of 2");
    expect(people.post(dropId).attachments).toHaveLength(2);
  });

  test("are added to a drop that had none, and can be removed again", async () => {
    const dropId = await people.drop(builder.id);
    await editWith(dropId, 1);
    await people.pass(0.1);
    expect(people.post(dropId).attachments).toHaveLength(1);
    expect(await served(dropId)).toEqual(hex(1));
    await press(dropId, "Remove pictures");
    await people.pass(0.1);
    expect(people.post(dropId).attachments).toEqual([]);
    expect(people.post(dropId).embeds[0]?.image).toBeUndefined();
    expect(await served(dropId)).toEqual([]);
  });

  test("of a draft replace those it keeps", async () => {
    const { interactionId: dropId } = await send({ draft: true }, 1, 2);
    await editWith(dropId, 3);
    await press(dropId, "Open now");
    expect(await served(dropId)).toEqual(hex(3));
  });

  test("sent three times by Discord are one edit", async () => {
    const { interactionId: dropId } = await send({}, 1);
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "discord", operation: /deliver submit drop-edit/, fault, times: 1 });
    await editWith(dropId, 2, 3);
    await people.pass(0.1);
    expect((await stored(dropId))?.["applied_ids"]).toHaveLength(1);
    expect(await served(dropId)).toEqual(hex(2, 3));
  });

  test("of a drop whose post was deleted change nothing, and the builder reads what to do", async () => {
    const { interactionId: dropId } = await send({}, 1);
    const before = await stored(dropId);
    const { id, channel_id: channelId } = people.post(dropId);
    const { DISCORD_API_BASE_URL, DISCORD_BOT_TOKEN } = cloud.settings;
    await cloud.fetch(`${DISCORD_API_BASE_URL}/v10/channels/${channelId}/messages/${id}`, {
      method: "DELETE",
      headers: {
        authorization: `Bot ${DISCORD_BOT_TOKEN}`,
        "user-agent": "DiscordBot (https://c500.store, 1)",
      },
    });
    expect((await editWith(dropId, 2)).text).toContain("I can't find that drop's post any more");
    expect(await stored(dropId)).toEqual(before);
  });
});
