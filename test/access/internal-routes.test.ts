import { describe, expect, test } from "@jest/globals";
import { routes } from "../../functions/ingress/internal-api/routes.ts";
import { community, useCloud } from "../support/cloud.ts";
import { shoppers } from "../support/shop/shop.ts";
import { readStored } from "./matrix-world.ts";

/** The standing of the builder whom a call is about. */
const standings = ["unknown", "unproved", "awaiting", "declined", "suspended", "removed"] as const;
type Standing = (typeof standings)[number] | "approved";

/** A builder whom a call can be about, with a drop, live on Twitch. */
interface Subject {
  readonly id: string;
  readonly dropId: string;
}

/** A service's request to a route, and the expected response. */
interface Row {
  readonly body: (subject: Subject) => object;
  /** The status for each standing; 200 for approved builders. */
  readonly refused: Readonly<Record<(typeof standings)[number], number>>;
}

const BUYER = "200000000000000777";
const refusedAs = (unknown: number, known: number): Row["refused"] => ({
  unknown,
  unproved: known,
  awaiting: known,
  declined: known,
  suspended: known,
  removed: known,
});

/** One row for each route, by its path. */
const routeRows: Readonly<Record<string, Row>> = {
  "/api/internal/go-live-trigger": {
    body: ({ id }) => ({ builder_discord_id: id, live_context: "chat" }),
    refused: refusedAs(404, 403),
  },
  "/api/internal/create-checkout": {
    body: ({ dropId }) => ({ drop_id: dropId, buyer_discord_id: BUYER }),
    refused: refusedAs(404, 409),
  },
};

const subjects = new Map<Standing, Subject>();

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
cloud.discord.addUser({ id: BUYER, username: "buyer" });
subjects.set("unknown", { id: people.person(), dropId: "555000000000000009" });
for (const standing of [...standings.slice(1), "approved"] as const) {
  const { id } = await people.builder({ isLive: true });
  const dropId = await people.drop(id);
  await cloud.firestore.doc(`builders/${id}`).update({ standing });
  subjects.set(standing, { id, dropId });
}

async function ask(path: string, standing: Standing): Promise<{ status: number; body: object }> {
  const subject = subjects.get(standing);
  if (!subject) throw new Error(`There is nobody who is ${standing}.`);
  const response = await cloud.fetch(`${cloud.url("internal-api")}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": `${path} ${standing}` },
    body: JSON.stringify(routeRows[path]?.body(subject)),
  });
  const body = (await response.json()) as object;
  await cloud.settle();
  return { status: response.status, body };
}
const posts = () =>
  [community.generalChannelId, community.marketplaceChannelId].flatMap((id) =>
    cloud.discord.messages(id),
  );

test("every route has a row, and every row has a route", () => {
  expect(Object.keys(routeRows).sort()).toEqual([...routes.keys()].sort());
});

describe.each([...routes.keys()])("%s", (path) => {
  test.each(standings)("does nothing for a builder who is %s, and says why", async (standing) => {
    const before = { stored: await readStored(cloud), posts: posts() };
    const { status, body } = await ask(path, standing);
    expect(status).toBe(routeRows[path]?.refused[standing]);
    expect(body).toEqual({ error: expect.any(String), code: expect.any(String) });
    expect({ stored: await readStored(cloud), posts: posts() }).toEqual(before);
  });

  test("works for an approved builder", async () => {
    expect((await ask(path, "approved")).status).toBe(200);
  });
});
