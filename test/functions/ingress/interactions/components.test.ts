import { beforeEach, describe, expect, test } from "@jest/globals";
import { community, useCloud } from "../../../support/cloud.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud();
const people = shoppers(cloud);
const builder = await people.builder();
beforeEach(async () => {
  // Discord limits posts to a channel per five seconds.
  await cloud.clock.advance(5000);
});

const COMMAND = 2;
const COMPONENT = 3;
const FORM = 5;

/** Sends what no client would send, signed as Discord signs it, and returns what its user sees. */
async function raw(type: number, data: object, user = people.person()) {
  const use = { user, channelId: community.generalChannelId, type, data };
  const seen = await cloud.discord.client.raw(cloud.url("discord-interactions"), use);
  await cloud.settle();
  expect(seen.failure).toBeUndefined();
  return { response: seen.response, ...people.readAnswer(seen.id) };
}
const press = (customId: string, user?: string) =>
  raw(COMPONENT, { custom_id: customId, component_type: 2 }, user);

/** A form as Discord sends it: each field in a label. */
function form(values: Readonly<Record<string, unknown>>, customId = "drop-form:split:1:now:0") {
  const components = Object.entries(values).map(([custom_id, value]) => ({
    type: 18,
    id: 1,
    component: { type: 4, id: 2, custom_id, value },
  }));
  return { custom_id: customId, components };
}
const good = { title: "Brass weight", price: "12.50", quantity: "3", description: "" };

/** An invocation of `/c500 …` with options of any type and value. */
const command = (name: string, options: readonly object[]) => ({
  id: "1",
  name: "c500",
  type: 1,
  options: [{ name, type: 1, options }],
});

/** Everything the shop has stored. */
async function everything(): Promise<string[]> {
  const collections = ["inventory", "orders", "dead_letters"].map(async (name) => {
    const { docs } = await cloud.firestore.collection(name).get();
    return docs.map((document) => `${document.ref.path} ${JSON.stringify(document.data())}`);
  });
  return (await Promise.all(collections)).flat();
}

async function expectNothingStored(work: () => Promise<unknown>): Promise<void> {
  const before = await everything();
  await work();
  expect(await everything()).toEqual(before);
}

describe("a button", () => {
  test.each(["", ":", "buy", "drop-buyer:1", "DROP-BUY:1", "toString", "__proto__:1", "💥:1"])(
    "that is unknown (%j) is answered at once with an explanation, and does nothing",
    async (customId) => {
      await expectNothingStored(async () => {
        const { text } = await press(customId);
        expect(text).toContain("That button is from an older version of me.");
      });
    },
  );

  test.each([
    ["no target", "drop-buy"],
    ["an empty target", "drop-buy:"],
    ["a path", "drop-buy:../orders/1"],
    ["a path into a drop", "drop-buy:1/units/1"],
    ["a name reserved by Firestore", "drop-buy:__id7__"],
    ["a dot", "drop-buy:."],
    ["other scripts", "drop-buy:ｄｒｏｐ"],
    ["more behind the target", "drop-buy:1:999:free"],
    ["a path for details", "drop-details:../x"],
    ["a path for something to give back", "order-cancel:../inventory/1"],
    ["nothing to give back", "order-cancel:"],
    ["no form", "drop-form-again"],
    ["a path for a form", "drop-form-again:1/2"],
  ])("of ours with %s is answered at once, in words, and does nothing", async (_what, customId) => {
    await expectNothingStored(async () => {
      const { text } = await press(customId);
      expect(text).toContain("That button is from an older version of me.");
    });
  });

  test.each([
    ["a line break", "drop-buy:1\n"],
    ["an endless id", `drop-buy:${"1".repeat(90)}`],
    ["a drop that does not exist", "drop-buy:999"],
    ["details of a drop that does not exist", "drop-details:999"],
  ])("with %s finds no drop and reserves nothing", async (_what, customId) => {
    await expectNothingStored(async () => {
      const { text } = await press(customId);
      expect(text).toContain("I can't find that drop any more.");
    });
  });

  test("that has nothing to give back says so", async () => {
    await expectNothingStored(async () => {
      expect((await press("order-cancel:999")).text).toContain("There is nothing to give back");
    });
  });

  test("that shows a form which is no longer stored, or was never sent, explains how to start again", async () => {
    const { text } = await press("drop-form-again:999");
    expect(text).toContain("I no longer have what you typed. Run `/c500 drop` again");
  });

  test("that shows a form again does not show it to anyone else", async () => {
    const sent = await people.sendDropForm(builder.id, { title: "Secret plans", price: "soon" });
    const customId = sent.buttons[0]?.custom_id ?? "";
    const { response, text } = await press(customId, people.person());
    expect(JSON.stringify(response)).not.toContain("Secret plans");
    expect(text).toContain("I no longer have what you typed.");
  });

  test("that shows a form again while Redis is down explains how to start again", async () => {
    const sent = await people.sendDropForm(builder.id, { price: "soon" });
    cloud.faults.add({ target: "upstash", fault: { kind: "drop" } });
    const { text } = await press(sent.buttons[0]?.custom_id ?? "", builder.id);
    expect(text).toContain("I no longer have what you typed.");
  });
});

describe("a form", () => {
  const opened = async (data: object) => {
    const { interactionId, text } = await raw(FORM, data, builder.id);
    const drop = await cloud.firestore.doc(`inventory/${interactionId}`).get();
    return { text, drop: drop.data() };
  };

  test("in the format of older clients is read as well", async () => {
    const components = Object.entries(good).map(([custom_id, value]) => ({
      type: 1,
      components: [{ type: 4, custom_id, value }],
    }));
    const { text, drop } = await opened({ custom_id: "drop-form:held:2:now:0", components });
    expect(text).toContain("**Brass weight** is up in");
    expect(drop).toMatchObject({ plan: "held", limit_per_buyer: 2, price: 1250, stock: 3 });
  });

  test.each([
    "",
    "drop-form",
    "drop-form:free:1:now:0",
    "drop-form:split:-1:now:0",
    "drop-form:split:1000:now:0",
    "x",
  ])("that is not one of ours (%j) does nothing", async (customId) => {
    await expectNothingStored(async () => {
      const { text } = await opened(form(good, customId));
      expect(text).toContain("older version of me");
    });
  });

  test.each([
    "drop-form:split:0:now:0",
    "drop-form:split:00:now:0",
    "drop-form:split:21:now:0",
    "drop-form:split:99:now:0",
  ])(
    "with a limit that nobody can choose (%j) creates no drop with that limit",
    async (customId) => {
      const { drop } = await opened(form(good, customId));
      const limit = Number(drop?.["limit_per_buyer"] ?? 1);
      expect(limit).toBeGreaterThanOrEqual(1);
      expect(limit).toBeLessThanOrEqual(20);
    },
  );

  test("without its fields says what is missing", async () => {
    await expectNothingStored(async () => {
      const { text } = await opened({ custom_id: "drop-form:split:1:now:0", components: [] });
      expect(text).toContain("Title: write what it is.");
      expect(text).toContain("Price: ");
      expect(text).toContain("Quantity: ");
    });
  });

  test("with unknown fields ignores them", async () => {
    const { drop } = await opened(
      form({ ...good, builder_id: "1", stock: "400", limitPerBuyer: "99", payment: "held" }),
    );
    expect(drop).toMatchObject({
      builder_id: builder.id,
      stock: 3,
      limit_per_buyer: 1,
      plan: "split",
    });
  });

  test.each(["missing", "__proto__", "constructor"])(
    "with a picture that is not attached (%j) does not fail",
    async (id) => {
      const image = { type: 18, component: { type: 19, custom_id: "image", values: [id] } };
      const data = form(good);
      const sent = {
        ...data,
        components: [...data.components, image],
        resolved: { attachments: {} },
      };
      const { text } = await opened(sent);
      expect(text).toMatch(/is up in|Picture: use a PNG/);
    },
  );

  test("without a user is refused with an explanation", async () => {
    const body = { id: "9", token: "t", type: FORM, data: form(good) };
    const { status, body: answer } = await cloud.discord.client.post(
      cloud.url("discord-interactions"),
      { body: JSON.stringify(body) },
    );
    expect(status).toBe(200);
    expect(JSON.parse(answer)).toMatchObject({
      type: 4,
      data: { content: expect.stringContaining("didn't arrive the way I expected") },
    });
  });
});

describe("a press without a user", () => {
  test("is refused with an explanation and does nothing", async () => {
    const dropId = await people.drop(builder.id);
    const data = { custom_id: `drop-buy:${dropId}`, component_type: 2 };
    const body = JSON.stringify({ id: "9", token: "t", type: COMPONENT, data });
    const answer = await cloud.discord.client.post(cloud.url("discord-interactions"), { body });
    await cloud.settle();
    expect(answer.body).toContain("didn't arrive the way I expected");
    expect(await people.stock(dropId)).toMatchObject({ free: 3 });
  });

  test.each([
    ["no custom id", { component_type: 2 }],
    ["a number as custom id", { custom_id: 5 }],
  ])("or with %s is answered with 400", async (_what, data) => {
    const member = { user: { id: builder.id } };
    const body = JSON.stringify({ id: "9", token: "t", type: COMPONENT, data, member });
    const answer = await cloud.discord.client.post(cloud.url("discord-interactions"), { body });
    expect(answer.status).toBe(400);
  });
});

describe("a command's numbers", () => {
  test.each([-5, 0, 1.5, 401, 1e15])(
    "outside the registered range (restock %d) change nothing",
    async (value) => {
      const dropId = await people.drop(builder.id);
      const options = [
        { name: "drop", type: 3, value: dropId },
        { name: "restock", type: 4, value },
      ];
      await raw(COMMAND, command("drops", options), builder.id);
      const drop = (await cloud.firestore.doc(`inventory/${dropId}`).get()).data();
      expect(drop).toMatchObject({ stock: 3 });
      expect(await people.stock(dropId)).toMatchObject({ free: 3 });
    },
  );

  test.each([-1, 0, 1.5, 21, 1000])(
    "outside the registered range (limit %d) show no form that could not be sent",
    async (value) => {
      const options = [
        { name: "payment", type: 3, value: "split" },
        { name: "limit", type: 4, value },
      ];
      const { response } = await raw(COMMAND, command("drop", options), builder.id);
      expect(response).toMatchObject({
        type: 4,
        data: { content: expect.stringContaining("didn't arrive the way") },
      });
    },
  );

  test("a payment plan that is not on the list is refused with an explanation", async () => {
    const options = [{ name: "payment", type: 3, value: "free" }];
    const { text } = await raw(COMMAND, command("drop", options), builder.id);
    expect(text).toContain("didn't arrive the way I expected");
  });
});
