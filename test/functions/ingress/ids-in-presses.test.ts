import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { buttons } from "../../../functions/ingress/commands.ts";
import { community } from "../../support/cloud.ts";
import {
  BAD_IDS,
  builder,
  cloud,
  deadLetters,
  expectWords,
  trouble,
  useOutsideIds,
} from "./outside-ids.ts";

useOutsideIds();

const COMPONENT = 3;
const FORM = 5;

describe("an id that no document can have", () => {
  test.each(buttons.map(({ name }) => name))(
    "in the button %s is answered with an explanation",
    async (name) => {
      for (const id of BAD_IDS.filter((each) => each.length < 80)) {
        await expectWords(COMPONENT, { custom_id: `${name}:${id}`, component_type: 2 });
      }
    },
  );

  test("in the form of a bid is answered with an explanation", async () => {
    const components = [{ type: 18, component: { type: 4, custom_id: "amount", value: "55" } }];
    for (const id of BAD_IDS) {
      await expectWords(FORM, { custom_id: `bid-custom:${id}`, components });
    }
  });

  test.each(BAD_IDS)("in a body of the internal API is a 400: %p", async (id) => {
    const post = async (path: string, body: object) => {
      const key = createHash("sha256").update(id).digest("hex");
      const headers = { "content-type": "application/json", "idempotency-key": key };
      const url = cloud.url(`internal-api/api/internal/${path}`);
      const response = await cloud.fetch(url, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    };
    const refusal = { status: 400, body: { error: expect.any(String), code: expect.any(String) } };
    const checkout = (drop_id: string, buyer_discord_id: string) =>
      post("create-checkout", { drop_id, buyer_discord_id });
    const live = (builder_discord_id: string, live_context: string) =>
      post("go-live-trigger", { builder_discord_id, live_context });
    expect(await checkout(id, "1")).toEqual(refusal);
    expect(await checkout("d1", id)).toEqual(refusal);
    expect(await live(id, "chat")).toEqual(refusal);
    expect(await live(builder.id, `order:${id}`)).toEqual(refusal);
  });
});

test("what Firestore refuses as invalid is stored once and not redelivered", async () => {
  const INVALID_ARGUMENT = 3;
  const operation = /Batch|Get|Query/;
  const fault = { kind: "fail", code: INVALID_ARGUMENT } as const;
  cloud.faults.add({ target: "firestore", operation, fault, times: 1 });
  const before = trouble().length;
  const use = { user: builder.id, channelId: community.generalChannelId, type: COMPONENT };
  const data = { custom_id: "drop-details:1", component_type: 2 };
  const { id } = await cloud.discord.client.raw(cloud.url("discord-interactions"), {
    ...use,
    data,
  });
  await cloud.settle();
  expect(trouble().slice(before)).toHaveLength(1);
  expect(await deadLetters()).toEqual([
    expect.objectContaining({ reason: expect.stringContaining("INVALID_ARGUMENT") }),
  ]);
  expect(cloud.discord.interaction(id)?.original?.content).toMatch(/\w \w/);
});
