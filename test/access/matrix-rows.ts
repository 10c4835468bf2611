import { commands } from "../../functions/ingress/commands.ts";
import type { CommandDefinition } from "../../shared/discord/definitions/define-command.ts";
import type { OptionDefinition } from "../../shared/discord/definitions/options.ts";
import type { Answer } from "../support/shop/shop.ts";
import type { MatrixWorld, Role } from "./matrix-world.ts";

/** How one command, button, select or form is tried, and who may use it if its audience does not determine that. */
export interface Row {
  readonly try: (world: MatrixWorld, role: Role) => Promise<Answer>;
  /** Who may use it on this particular thing; its audience by default. */
  readonly allowed?: readonly Role[];
  /** The answer to everyone else, if the handler refuses and not the platform. */
  readonly refusal?: RegExp;
  /** A permitted user's answer that looks like a refusal by the platform. */
  readonly outcome?: RegExp;
}

const OWN_AUCTION = ["builder", "staff"] as const;
const NOT_YOUR_AUCTION = /can't find an auction of yours by that name/;
const OWN_LOBBY = ["host", "staff"] as const;
const NOT_HOST = /Only the host of a lobby/;

/**
 * The row of a command that has none of its own: it is tried with everything it requires, about the bystander.
 * Who may use it follows from its definition, so that what belongs to an owner needs a row.
 */
function derivedRow({ words, options }: CommandDefinition): Row {
  const required = Object.entries(options).filter(([, option]) => option.required);
  const given = (world: MatrixWorld) =>
    Object.fromEntries(required.map(([name, option]) => [name, sampleOf(option, world)]));
  return { try: (world, role) => world.command(role, words, given(world)) };
}

function sampleOf(option: OptionDefinition, { bystander }: MatrixWorld): string | number | boolean {
  const [firstChoice] = Object.keys(option.choices ?? {});
  if (firstChoice !== undefined) return firstChoice;
  if (option.kind === "integer") return option.min;
  if (option.kind === "flag") return true;
  return option.kind === "user" ? bystander : "Not yet";
}

/** One row for each command, by its words. */
export const commandRows: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(commands.map((command) => [command.words, derivedRow(command)])),
  bid: {
    try: (world, role) => world.command(role, "bid", { amount: "1" }, world.auctionChannelId),
  },
  "c500 register": {
    try: (world, role) => world.command(role, "c500 register"),
    outcome: /has suspended you as a C500 builder/,
  },
  "c500 orders": {
    try: (world, role) => world.command(role, "c500 orders"),
    allowed: ["suspended", "other-builder", "builder", "staff"],
  },
  "c500 ship": {
    try: (world, role) => world.command(role, "c500 ship", { order: world.orderId }),
    allowed: ["builder"],
    refusal: /can't find that order among those you have to send/,
  },
  "c500 cancel": {
    try: (world, role) => world.command(role, "c500 cancel", { order: world.reservationId }),
    allowed: ["buyer"],
    refusal: /can't find that order/,
    outcome: /isn't paid/,
  },
  "c500 problem": {
    try: (world, role) =>
      world.command(role, "c500 problem", { order: world.reservationId, what: "damaged" }),
    allowed: ["buyer"],
    refusal: /can't find that order/,
    outcome: /hasn't been sent yet/,
  },
  "c500 case": {
    try: (world, role) => world.command(role, "c500 case", { order: world.orderId, do: "refund" }),
    allowed: ["buyer", "builder", "staff"],
    refusal: /can't find that order/,
    outcome: /Nobody has reported/,
  },
  "c500 wait": {
    try: (world, role) => world.command(role, "c500 wait", { order: world.reservationId, days: 3 }),
    allowed: ["buyer"],
    refusal: /That parcel isn't yours/,
    outcome: /Nothing is waiting/,
  },
  "c500 payouts": { try: (world, role) => world.command(role, "c500 payouts", { country: "US" }) },
  "c500 drop": {
    // The form is shown to everyone, because that has to happen at once; it is refused when it is sent.
    try: async (world, role) => {
      const form = await world.command(role, "c500 drop", { payment: "split" });
      const terms = { title: "A weight", price: "9", quantity: "1", description: "" };
      return world.fillIn(form, terms);
    },
  },
  "c500 shipping": {
    try: (world, role) => world.command(role, "c500 shipping", { from: "DE", home: "5.00" }),
  },
  "c500 country": {
    try: (world, role) => world.command(role, "c500 country", { country: "DE" }),
  },
  "c500 drops": {
    try: (world, role) => world.command(role, "c500 drops", { drop: world.dropId, close: true }),
    allowed: ["builder"],
    refusal: /can't find that drop among yours/,
  },
  "c500 refund": {
    try: (world, role) =>
      world.command(role, "c500 refund", { order: world.orderId, amount: "nothing" }),
    allowed: ["builder", "staff"],
    refusal: /can't find that order among yours/,
  },
  "c500 auction start": {
    try: (world, role) =>
      world.command(role, "c500 auction start", { title: "", price: "0", duration: "1m" }),
  },
  "c500 auction show": {
    try: (world, role) => world.command(role, "c500 auction show", { auction: world.auctionId }),
    allowed: OWN_AUCTION,
    refusal: NOT_YOUR_AUCTION,
  },
  "c500 auction history": {
    try: (world, role) => world.command(role, "c500 auction history", { auction: world.auctionId }),
    allowed: OWN_AUCTION,
    refusal: NOT_YOUR_AUCTION,
  },
  "c500 auction rerun": {
    try: (world, role) =>
      world.command(role, "c500 auction rerun", { auction: world.unsoldAuctionId }),
    allowed: OWN_AUCTION,
    refusal: NOT_YOUR_AUCTION,
  },
  "c500 auction void": {
    try: (world, role) => world.command(role, "c500 auction void", { auction: world.wonAuctionId }),
    allowed: OWN_AUCTION,
    refusal: NOT_YOUR_AUCTION,
  },
  "c500 auction cancel": {
    try: (world, role) => world.command(role, "c500 auction cancel", { auction: world.auctionId }),
    allowed: OWN_AUCTION,
    refusal: NOT_YOUR_AUCTION,
  },
  "c500 auction extend": {
    try: (world, role) =>
      world.command(role, "c500 auction extend", { auction: world.auctionId, by: "1m" }),
    allowed: OWN_AUCTION,
    refusal: NOT_YOUR_AUCTION,
  },
  "c500 auction sell": {
    try: (world, role) => world.command(role, "c500 auction sell", { auction: world.auctionId }),
    allowed: OWN_AUCTION,
    refusal: NOT_YOUR_AUCTION,
  },
  "c500 auction close": {
    try: (world, role) => world.command(role, "c500 auction close", { auction: world.auctionId }),
    allowed: OWN_AUCTION,
    refusal: NOT_YOUR_AUCTION,
  },
  "c500 auction remove-bids": {
    try: (world, role) =>
      world.command(role, "c500 auction remove-bids", {
        auction: world.auctionId,
        bidder: world.bystander,
        reason: "Bids for fun",
      }),
  },
  "c500 auction lift": {
    try: (world, role) => world.command(role, "c500 auction lift", { bidder: world.people.winner }),
  },
  "c500 auction bar": {
    try: (world, role) =>
      world.command(role, "c500 auction bar", {
        bidder: world.bystander,
        reason: "Asked three times",
      }),
  },
  "race lobby": { try: (world, role) => world.command(role, "race lobby", { seats: 2 }) },
  "race kick": {
    try: (world, role) =>
      world.command(role, "race kick", { racer: world.bystander, lobby: world.lobbyId }),
    allowed: OWN_LOBBY,
    refusal: NOT_HOST,
  },
  "race goal": {
    try: (world, role) => world.command(role, "race goal", { amount: "500", lobby: world.lobbyId }),
    allowed: OWN_LOBBY,
    refusal: NOT_HOST,
  },
  "race report": {
    try: (world, role) => world.command(role, "race report", { lobby: world.lobbyId }),
    allowed: OWN_LOBBY,
    refusal: NOT_HOST,
  },
  "race winner": {
    try: (world, role) =>
      world.command(role, "race winner", { racer: world.bystander, lobby: world.racingLobbyId }),
    allowed: ["staff"],
    refusal: NOT_HOST,
  },
  "race again": {
    try: (world, role) => world.command(role, "race again", { lobby: world.racingLobbyId }),
    allowed: [],
    refusal: NOT_HOST,
  },
  "race overlay": {
    try: (world, role) => world.command(role, "race overlay", { lobby: world.lobbyId }),
    allowed: ["host"],
    refusal: NOT_HOST,
  },
  start: {
    try: (world, role) => world.command(role, "start", { lobby: world.racingLobbyId }),
    allowed: [],
    refusal: NOT_HOST,
  },
  finish: {
    try: (world, role) => world.command(role, "finish", { lobby: world.racingLobbyId }),
    allowed: ["staff"],
    refusal: NOT_HOST,
  },
  "race cancel": {
    try: (world, role) => world.command(role, "race cancel", { lobby: world.lobbyId }),
    allowed: OWN_LOBBY,
    refusal: NOT_HOST,
  },
  wallet: { try: (world, role) => world.command(role, "wallet") },
  payout: {
    try: (world, role) =>
      world.command(role, "payout", { user: world.bystander, amount: "nothing" }),
  },
  "payouts connect": {
    try: (world, role) => world.command(role, "payouts connect", { country: "US" }),
  },
  "payouts list": { try: (world, role) => world.command(role, "payouts list") },
  "payouts tax": {
    try: (world, role) =>
      world.command(role, "payouts tax", { user: world.bystander, form: "w-9" }),
  },
};

/** One row for each button that is answered at once, by its name. */
export const immediateRows: Readonly<Record<string, Row>> = {
  bid: {
    try: (world, role) => world.press(role, `bid:${world.auctionId}:100`, world.auctionChannelId),
  },
  "bid-sure": {
    try: (world, role) =>
      world.press(role, `bid-sure:${world.auctionId}:100:`, world.auctionChannelId),
  },
  "bid-custom": {
    try: (world, role) =>
      world.press(role, `bid-custom:${world.auctionId}`, world.auctionChannelId),
  },
  "bid-notify": {
    try: (world, role) =>
      world.press(role, `bid-notify:${world.auctionId}`, world.auctionChannelId),
  },
  // The submitted form is stored under the drop's id.
  "drop-form-again": {
    try: (world, role) => world.press(role, `drop-form-again:${world.dropId}`),
    allowed: ["builder"],
    refusal: /I no longer have what you typed/,
  },
  "drop-edit": {
    try: (world, role) => world.press(role, `drop-edit:${world.dropId}`),
    allowed: ["builder"],
    refusal: /can't find that drop among yours/,
  },
  "drop-edit-again": {
    try: (world, role) => world.press(role, `drop-edit-again:${world.dropId}`),
    allowed: ["builder"],
    refusal: /I no longer have what you typed/,
    outcome: /I no longer have what you typed/,
  },
  "builder-decline": {
    try: (world, role) => world.press(role, `builder-decline:${world.bystander}.1`),
  },
  "host-decline": {
    try: (world, role) => world.press(role, `host-decline:${world.bystander}.1`),
  },
  ship: { try: (world, role) => world.choose(role, "ship", world.orderId) },
  "ship-several": { try: (world, role) => world.press(role, "ship-several") },
  "ship-form-again": {
    try: (world, role) => world.press(role, `ship-form-again:${world.orderId}`),
    allowed: ["builder"],
    refusal: /I no longer have what you typed/,
    outcome: /I no longer have what you typed/,
  },
  "wrong-kind": {
    try: (world, role) => world.press(role, `wrong-kind:damaged:${world.orderId}`),
  },
};

/** One row for each button, select and form that is answered later, by its name. */
export const controlRows: Readonly<Record<string, Row>> = {
  "drop-details": { try: (world, role) => world.press(role, `drop-details:${world.dropId}`) },
  "drop-edit-form": {
    try: (world, role) =>
      world.submit(role, `drop-edit-form:${world.dropId}`, { title: "Mine", description: "" }),
    allowed: ["builder"],
    refusal: /can't find that drop among yours/,
  },
  "drop-close": {
    try: (world, role) => world.press(role, `drop-close:${world.dropId}`),
    allowed: ["builder"],
    refusal: /can't find that drop among yours/,
  },
  "drop-reopen": {
    try: (world, role) => world.press(role, `drop-reopen:${world.dropId}`),
    allowed: ["builder"],
    refusal: /can't find that drop among yours/,
  },
  "drop-open": {
    try: (world, role) => world.press(role, `drop-open:${world.dropId}`),
    allowed: ["builder"],
    refusal: /can't find that drop among yours/,
  },
  "drop-unschedule": {
    try: (world, role) => world.press(role, `drop-unschedule:${world.dropId}`),
    allowed: ["builder"],
    refusal: /can't find that drop among yours/,
  },
  "drop-discard": {
    try: (world, role) => world.press(role, `drop-discard:${world.dropId}`),
    allowed: ["builder"],
    refusal: /can't find that drop among yours/,
  },
  "drop-no-pictures": {
    try: (world, role) => world.press(role, `drop-no-pictures:${world.dropId}`),
    allowed: ["builder"],
    refusal: /can't find that drop among yours/,
  },
  "drop-notify": { try: (world, role) => world.press(role, `drop-notify:${world.dropId}`) },
  "drop-unnotify": { try: (world, role) => world.press(role, `drop-unnotify:${world.dropId}`) },
  "drop-buy": { try: (world, role) => world.press(role, `drop-buy:${world.dropId}`) },
  "drop-quantity": {
    try: (world, role) => world.choose(role, `drop-quantity:${world.dropId}`, "1"),
  },
  "ship-country": {
    try: (world, role) => world.choose(role, `ship-country:${world.dropId}:1`, "DE"),
  },
  "parcel-arrived": {
    try: (world, role) => world.press(role, `parcel-arrived:${world.orderId}`),
    allowed: ["buyer"],
    refusal: /That parcel isn't yours/,
    outcome: /hasn't been sent yet/,
  },
  "parcel-wrong": {
    try: (world, role) => world.press(role, `parcel-wrong:${world.orderId}`),
    allowed: ["buyer"],
    refusal: /That parcel isn't yours/,
  },
  "wrong-order": {
    try: (world, role) => world.choose(role, "wrong-order", world.orderId),
    allowed: ["buyer"],
    refusal: /can't find that order/,
  },
  "problem-form": {
    try: (world, role) =>
      world.submit(role, `problem-form:damaged:${world.orderId}`, { text: "A corner is torn." }),
    allowed: ["buyer"],
    refusal: /can't find that order/,
    outcome: /hasn't been sent yet/,
  },
  case: {
    try: (world, role) => world.press(role, `case:refund:${world.orderId}`),
    allowed: ["buyer", "builder", "staff"],
    refusal: /can't find that order/,
    outcome: /Nobody has reported/,
  },
  "cancel-accept": {
    try: (world, role) => world.press(role, `cancel-accept:${world.reservationId}`),
    allowed: ["builder", "staff"],
    refusal: /can't find that order/,
    outcome: /isn't paid/,
  },
  "cancel-decline": {
    try: (world, role) => world.press(role, `cancel-decline:${world.reservationId}`),
    allowed: ["builder", "staff"],
    refusal: /can't find that order/,
    outcome: /isn't paid/,
  },
  "order-cancel": {
    try: (world, role) => world.press(role, `order-cancel:${world.reservationId}`),
    allowed: ["buyer"],
    refusal: /nothing to give back/,
  },
  "forget-me": {
    try: (world, role) => world.press(role, `forget-me:${world.people.buyer}`),
    allowed: ["buyer"],
    refusal: /That button belongs to someone else/,
  },
  "auction-claim": {
    try: (world, role) => world.press(role, `auction-claim:${world.wonAuctionId}`),
    allowed: ["winner"],
    refusal: /Only the winner can use that/,
  },
  "auction-accept": {
    try: (world, role) => world.press(role, `auction-accept:${world.wonAuctionId}-0`),
    allowed: ["winner"],
    refusal: /Only the winner can use that/,
  },
  "builder-approve": {
    try: (world, role) => world.press(role, `builder-approve:${world.bystander}.1`),
  },
  "builder-decline-form": {
    try: (world, role) =>
      world.submit(role, `builder-decline-form:${world.bystander}.1`, { reason: "Not yet" }),
  },
  "host-ask": {
    try: (world, role) => world.press(role, "host-ask:me"),
    outcome: /has yet to approve you as a race host/,
  },
  "host-approve": {
    try: (world, role) => world.press(role, `host-approve:${world.bystander}.1`),
  },
  "host-decline-form": {
    try: (world, role) =>
      world.submit(role, `host-decline-form:${world.bystander}.1`, { reason: "Not yet" }),
  },
  "payout-request": { try: (world, role) => world.press(role, "payout-request:me") },
  "race-join": { try: (world, role) => world.press(role, `race-join:${world.lobbyId}`) },
  "race-leave": { try: (world, role) => world.press(role, `race-leave:${world.lobbyId}`) },
  "race-start": {
    try: (world, role) => world.press(role, `race-start:${world.racingLobbyId}`),
    allowed: [],
    refusal: NOT_HOST,
  },
  "race-again": {
    try: (world, role) => world.press(role, `race-again:${world.racingLobbyId}`),
    allowed: [],
    refusal: NOT_HOST,
  },
  "race-go-on": {
    try: (world, role) => world.press(role, `race-go-on:${world.racingLobbyId}-0`),
    allowed: ["staff"],
    refusal: NOT_HOST,
  },
  "race-finish": {
    try: (world, role) => world.press(role, `race-finish:${world.racingLobbyId}`),
    allowed: ["staff"],
    refusal: NOT_HOST,
  },
  "drop-form": {
    try: (world, role) =>
      world.submit(role, "drop-form:split:1:now:0", {
        title: "A weight",
        price: "9",
        quantity: "1",
      }),
  },
  "orders-more": {
    try: (world, role) => world.press(role, `orders-more:${world.people.builder}:1`),
    allowed: ["builder", "staff"],
  },
  "ship-form": {
    try: (world, role) =>
      world.submit(role, `ship-form:${world.orderId}`, { tracking: "", carrier: "" }),
    allowed: ["builder"],
    refusal: /can't find that order among those you have to send/,
  },
  "ship-several-form": {
    try: (world, role) =>
      world.submit(role, "ship-several-form", { lines: `${world.orderId} 1Z999AA10123456784` }),
    allowed: ["builder"],
    refusal: /No parcel was marked as sent/,
  },
};
