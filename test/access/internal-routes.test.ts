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
  /** The status for each standing; 200 for approved builders, and where the standing does not matter. */
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
  "/api/internal/create-drop": {
    body: ({ id }) => ({
      builder_discord_id: id,
      title: "Weight",
      price: 1250,
      quantity: 2,
      payment_plan: "split",
    }),
    refused: refusedAs(403, 403),
  },
  "/api/internal/change-drop": {
    body: ({ id, dropId }) => ({
      builder_discord_id: id,
      drop_id: dropId,
      change: { kind: "reopen" },
    }),
    refused: refusedAs(403, 403),
  },
  "/api/internal/builder-dashboard": {
    body: ({ id }) => ({ builder_discord_id: id }),
    refused: refusedAs(404, 200),
  },
  "/api/internal/buyer-orders": {
    body: () => ({ buyer_discord_id: BUYER }),
    refused: refusedAs(200, 200),
  },
  "/api/internal/order": {
    body: () => ({ order_id: soldOrder.orderId }),
    refused: refusedAs(200, 200),
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

const soldOrder = await people.purchase(subjects.get("approved")?.dropId ?? "");

async function ask(path: string, standing: Standing): Promise<{ status: number; body: object }> {
  const subject = subjects.get(standing);
  if (!subject) throw new Error(`There is nobody who is ${standing}.`);
  const method = routes.get(path)?.method ?? "POST";
  const input = routeRows[path]?.body(subject) ?? {};
  const url = new URL(`${cloud.url("internal-api")}${path}`);
  if (method === "GET") {
    for (const [name, value] of Object.entries(input)) url.searchParams.set(name, String(value));
  }
  const response = await cloud.fetch(url.href, {
    method,
    headers: { "content-type": "application/json", "idempotency-key": `${path} ${standing}` },
    ...(method === "POST" && { body: JSON.stringify(input) }),
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
  test.each(standings)(
    "changes nothing for a builder who is %s, and says why where it refuses",
    async (standing) => {
      const before = { stored: await readStored(cloud), posts: posts() };
      const { status, body } = await ask(path, standing);
      expect(status).toBe(routeRows[path]?.refused[standing]);
      const refusal = { error: expect.any(String), code: expect.any(String) };
      expect(body).toEqual(status < 400 ? expect.not.objectContaining({ error: "" }) : refusal);
      expect({ stored: await readStored(cloud), posts: posts() }).toEqual(before);
    },
  );

  test("works for an approved builder", async () => {
    expect((await ask(path, "approved")).status).toBe(200);
  });
});
