import { createHmac } from "node:crypto";
import { racersOf } from "../../../functions/races/domain/race.ts";
import type { Stage } from "../../stage.ts";
import type { Action, Pick } from "../scenario.ts";
import { commandOn, pickLobby, pressOn } from "./hosting.ts";
import { typePayout } from "./paying.ts";
import { trackOf } from "./track.ts";

/**
 * Attempts by people without permission, and their weights. The checks find what they were granted.
 */
export const attacks: readonly Action[] = [
  { name: "attack: press a host's button", weight: 3, perform: pressHostsButton },
  { name: "attack: type a host's command", weight: 3, perform: typeHostsCommand },
  { name: "attack: pay out a wallet", weight: 2, perform: payOutWallet },
  { name: "attack: forge a sale", weight: 2, perform: forgeSale },
  { name: "attack: alter a sale", weight: 1, perform: alterSale },
];

function outsider(stage: Stage, pick: Pick): string {
  const { stranger, crowd } = trackOf(stage);
  return pick([stranger, ...crowd]);
}

async function pressHostsButton(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "open", "racing");
  const button = pick(["start", "finish", "go-on"]);
  const target = button === "go-on" ? `${lobby.id}-${lobby.closesAt?.getTime()}` : lobby.id;
  await pressOn(stage, lobby, { button, user: outsider(stage, pick), target });
}

async function typeHostsCommand(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "open", "racing");
  const name = pick(["start", "finish", "race cancel", "race kick", "race overlay"]);
  const racer = name === "race kick" ? { racer: pick(racersOf(lobby)) } : {};
  await commandOn(stage, lobby, { name, user: outsider(stage, pick), options: racer });
}

/** Their own wallet or another's. */
async function payOutWallet(stage: Stage, pick: Pick): Promise<void> {
  const { crowd } = trackOf(stage);
  const options = { user: pick(crowd), amount: pick(["20.00", "55"]), method: "stripe" };
  await typePayout(stage, pick(crowd), options);
}

/** With a token or signature that is not the shop's. */
async function forgeSale(stage: Stage, pick: Pick): Promise<void> {
  const lobby = await pickLobby(stage, pick, "racing");
  const shop = pick(["kofi", "shopify"]);
  const response =
    shop === "kofi"
      ? await postToKofi(stage, { token: "guessed", id: `forged-${lobby.id}`, amount: "900.00" })
      : await postToShopify(stage, "guessed");
  if (response.ok) trackOf(stage).breaches.push(`a forged sale at ${shop}`);
}

/** Someone at Ko-fi, who has the token, reports a sale again with ten dollars more. */
async function alterSale(stage: Stage, pick: Pick): Promise<void> {
  const { sold, altered } = trackOf(stage);
  const booked = await stage.withoutFaults(() => stage.database.collection("sales").get());
  const known = new Set(booked.docs.map(({ id }) => id));
  const sale = pick(sold.filter(({ id, provider }) => provider === "kofi" && known.has(id)));
  const entry = { saleId: sale.id, isThanked: false };
  altered.push(entry);
  const response = await postToKofi(stage, {
    token: stage.cloud.settings["KOFI_VERIFICATION_TOKEN"] ?? "",
    id: sale.id.slice("kofi:".length),
    amount: "123.45",
  });
  entry.isThanked = response.ok;
}

function postToKofi(
  { cloud }: Stage,
  { token, id, amount }: { readonly token: string; readonly id: string; readonly amount: string },
): Promise<Response> {
  const data = {
    verification_token: token,
    message_id: `message-${id}`,
    timestamp: cloud.clock.now().toISOString().replace(/\.\d+/, ""),
    type: "Shop Order",
    amount,
    currency: "USD",
    kofi_transaction_id: id,
    shop_items: null,
  };
  return cloud.fetch(`${cloud.functions.url}/shop-webhook/kofi`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ data: JSON.stringify(data) }).toString(),
  });
}

function postToShopify({ cloud }: Stage, secret: string): Promise<Response> {
  const at = cloud.clock.now().toISOString();
  const line = { id: 1, title: "Forged", quantity: 1, price: "900.00" };
  const order = { id: 1, currency: "USD", processed_at: at, line_items: [line] };
  const body = JSON.stringify(order);
  return cloud.fetch(`${cloud.functions.url}/shop-webhook/shopify`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-shopify-topic": "orders/paid",
      "x-shopify-hmac-sha256": createHmac("sha256", secret).update(body).digest("base64"),
    },
    body,
  });
}
