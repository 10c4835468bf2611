import { describe, expect, test } from "@jest/globals";
import { dropForm } from "../../../../functions/shop/commands/drops/drop-form.ts";
import { redeliver } from "../../../support/calls/redeliver.ts";
import { upload } from "../../../support/calls/upload.ts";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const picture = Buffer.from("89504e470d0a1a0a", "hex");

const cloud = await useCloud();
const people = shoppers(cloud);

/** Sends the drop form with a file, served as Discord serves the files of forms. */
async function sendForm(builderId: string, type: string, size = picture.length) {
  const endpoint = cloud.url("discord-interactions");
  const user = builderId;
  const channelId = community.generalChannelId;
  const asked = await cloud.discord.client.command(endpoint, {
    user,
    channelId,
    name: "c500 drop",
    options: { payment: "split" },
  });
  const file = { ...(await upload(cloud, picture, type)), size };
  const sent = await cloud.discord.client.modalSubmit(endpoint, {
    of: asked.id,
    values: { title: "Brass", price: "5", quantity: "1", description: "", image: [file] },
  });
  await cloud.settle();
  return people.readAnswer(sent.id);
}

describe("a drop's picture", () => {
  test("that can no longer be fetched before the drop is posted leaves no drop on sale that nobody can see", async () => {
    const { id } = await people.builder();
    const operation = new RegExp(`^POST /channels/${community.marketplaceChannelId}/messages$`);
    cloud.faults.add({ target: "discord", operation, fault: { kind: "fail", code: 503 } });
    const sent = await sendForm(id, "image/png");
    const drop = cloud.firestore.doc(`inventory/${sent.interactionId}`);
    expect((await drop.get()).get("is_closed")).toBe(false);
    await redeliver(cloud, sent, {
      command: dropForm.name,
      handler: "shop",
      options: {
        title: "Brass",
        price: "5",
        quantity: "1",
        limitPerBuyer: 1,
        plan: "split",
        image: `${cloud.url("web")}/nothing/here`,
      },
    });
    expect((await drop.get()).get("is_closed")).toBe(true);
    cloud.faults.clear();
  });

  test("is in the post, and the site serves it, even after Discord's address has expired", async () => {
    const builder = await people.builder();
    const { interactionId: dropId, text } = await sendForm(builder.id, "image/png");
    expect(text).toContain("is up in");
    expect(people.post(dropId).attachments).toHaveLength(1);

    const page = await cloud.fetch(`${cloud.settings.PUBLIC_SITE_URL}/drop/${dropId}`);
    expect(await page.text()).toContain(`src="/drop/${dropId}/picture?width=640"`);
    const shown = await cloud.fetch(`${cloud.settings.PUBLIC_SITE_URL}/drop/${dropId}/picture`);
    expect(shown.headers.get("content-type")).toBe("image/png");
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(picture);

    const address = () => cloud.firestore.doc(`inventory/${dropId}`).get();
    const addressedAtMs = async () =>
      ((await address()).get("image_url_at") as { toMillis(): number }).toMillis();
    const before = await addressedAtMs();
    await people.pass(13 * 60);
    // A jump of the clock skips sweeps while one is running.
    await people.pass(16);
    expect(await addressedAtMs()).toBeGreaterThan(before);
  });

  test.each([
    ["not a picture", "text/html", 8, "Picture: use a PNG"],
    ["too large", "image/png", 9_000_000, "Picture: at most 8 MB"],
  ])("that is %s is refused with the form's explanation", async (_what, type, size, words) => {
    const builder = await people.builder();
    const { text, buttons } = await sendForm(builder.id, type, size);
    expect(text).toContain(words);
    expect(buttons[0]?.label).toBe("Fix it");
  });

  test("of a drop without one is not found", async () => {
    const builder = await people.builder();
    const dropId = await people.drop(builder.id);
    const url = `${cloud.settings.PUBLIC_SITE_URL}/drop/${dropId}/picture`;
    expect((await cloud.fetch(url)).status).toBe(404);
  });
});
