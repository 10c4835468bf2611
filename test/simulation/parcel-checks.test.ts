import { describe, expect, test } from "@jest/globals";
import { fulfilmentDefinitions } from "../../functions/fulfilment/commands/index.ts";
import { siteRoutes } from "../../functions/ingress/web/route.ts";
import { shippingDefinitions } from "../../functions/shipping/commands/index.ts";
import { ADDRESS_MARKER, PHONE_MARKER } from "../../local/stripe/objects/addresses.ts";
import { checkAttacks } from "../../simulation/scenarios/shipping/attacks/attacks.ts";
import { attempts } from "../../simulation/scenarios/shipping/attacks/attempts.ts";
import { attackedPages } from "../../simulation/scenarios/shipping/attacks/page-attacks.ts";
import { type Act, checkChange } from "../../simulation/scenarios/shipping/checks/actor.ts";
import {
  checkNoAddresses,
  watchAddresses,
} from "../../simulation/scenarios/shipping/checks/address.ts";
import { checkPage } from "../../simulation/scenarios/shipping/checks/page.ts";
import type { Stage } from "../../simulation/stage.ts";

const [BUYER, BUILDER, STAFF, STRANGER] = ["3", "2", "9", "7"] as const;
const PARCEL = { buyer_id: BUYER, builder_id: BUILDER, lines: [{ order_id: "1", quantity: 1 }] };

/** The changes of a document, after what somebody did. */
function after(user: string, name: string, about = "1") {
  const acts: Act[] = [{ user, name, about, atMs: 0 }];
  return { staff: STAFF, acts, senderOf: () => user };
}

/** A change, and who causes it, in two ways: first as they may, then as they may not. */
const CHANGES = [
  [
    "parcels/1",
    { ...PARCEL, number_change_id: "5" },
    after(BUILDER, "c500 ship"),
    after(STAFF, "c500 ship"),
  ],
  [
    "parcels/1",
    { ...PARCEL, arrived_by: "buyer" },
    after(BUYER, "parcel-arrived"),
    after(BUILDER, "parcel-arrived"),
  ],
  [
    "parcels/1",
    { ...PARCEL, wait_until: 7 },
    after(BUYER, "c500 wait"),
    after(BUYER, "c500 wait", "4"),
  ],
  [
    "orders/1",
    { ...PARCEL, cancel_state: "asked" },
    after(BUYER, "c500 cancel"),
    after(STRANGER, "c500 cancel"),
  ],
  [
    "orders/1",
    { ...PARCEL, cancel_state: "accepted" },
    after(STAFF, "cancel-accept"),
    after(STRANGER, "cancel-accept"),
  ],
  [
    "cases/1",
    { ...PARCEL, version: 2, state: "open", moved_by: "buyer" },
    after(BUYER, "problem-form"),
    after(STRANGER, "problem-form"),
  ],
  [
    "cases/1",
    { ...PARCEL, version: 2, state: "settled", moved_by: "staff" },
    after(STAFF, "case"),
    after(BUYER, "case"),
  ],
  [
    "cases/1",
    { ...PARCEL, version: 2, state: "answered", moved_by: "builder", answer_change_id: "5" },
    after(BUILDER, "c500 case"),
    { ...after(BUILDER, "c500 case"), senderOf: () => STRANGER },
  ],
] as const;

test.each(CHANGES)(
  "a change of %s to %j must be caused by those whose it is",
  (path, fields, one, other) => {
    const before = { ...PARCEL, state: "sent" };
    const change = { path, before, after: { ...before, ...fields } };
    checkChange(change, one);
    expect(() => checkChange(change, other)).toThrow("S12: ");
  },
);

/** A stage that knows what was tried, and how it was answered. */
function answering(type: number, content: string): Stage {
  const attack = { what: "press parcel-arrived", user: STRANGER, id: "5" };
  const answer = { response: { type, data: { content } } };
  const discord = { interaction: () => answer };
  return { memory: new Map([["attacks", [attack]]]), discord } as unknown as Stage;
}

describe("what people try with what is not theirs", () => {
  test("is refused in words", () => {
    checkAttacks(answering(4, "That parcel isn't yours."));
    expect(() => checkAttacks(answering(4, "Enjoy it!"))).toThrow("S12: 7 tried");
    expect(() => checkAttacks(answering(9, ""))).toThrow("S12: 7 tried");
  });

  test("includes every command, button, list, form and page of fulfilment", () => {
    const names = [...fulfilmentDefinitions, ...shippingDefinitions].map(({ name }) => name);
    const untried = names.filter((name) => attempts[name].length === 0);
    // Somebody's own country is theirs alone.
    expect(untried).toEqual(["c500 country"]);
    const paths = Object.keys(siteRoutes).filter((path) => /^\/(?:order|desk)(?:\/|$)/.test(path));
    expect(Object.keys(attackedPages).toSorted()).toEqual(paths.toSorted());
  });

  test("shows nobody a page of others", () => {
    const seen = { user: STRANGER, path: "/desk/order?order=1" };
    const people = { builder: BUILDER, ids: ["1", "4"] };
    const found = (html: string, change: object = {}) =>
      checkPage({ ...seen, html, ...change }, people);
    expect(found("You have no such order")).toBeUndefined();
    expect(found("order 4")).toBe("7 saw 4 at /desk/order?order=1");
    expect(found(ADDRESS_MARKER)).toBe("7 saw an address at /desk/order?order=1");
    expect(found('<pre class="evidence">')).toBe("7 saw evidence at /desk/order?order=1");
    const builder = { user: BUILDER, path: "/desk/slips" };
    expect(found(ADDRESS_MARKER, builder)).toBeUndefined();
    expect(found(ADDRESS_MARKER, { ...builder, path: "/desk" })).toBe("2 saw an address at /desk");
  });
});

describe("the search for addresses", () => {
  /** A stage whose log and commits are watched. */
  function watched() {
    const looks: ((line: string) => void)[] = [];
    const commits: ((database: string, changes: readonly object[]) => void)[] = [];
    const stage = {
      memory: new Map(),
      watchLog: (look: (line: string) => void) => void looks.push(look),
      cloud: { onCommit: (look: (typeof commits)[number]) => void commits.push(look) },
    } as unknown as Stage;
    watchAddresses(stage);
    return {
      stage,
      log: (line: string) => looks[0]?.(line),
      store: (fields: object) => commits[0]?.("", [{ name: "orders/1", after: { fields } }]),
    };
  }

  test("accepts what has none", async () => {
    const { stage, log, store } = watched();
    log("a parcel to DE");
    store({ destination: "DE" });
    await checkNoAddresses(stage);
  });

  test.each([
    ["an address in the log", (on: ReturnType<typeof watched>) => on.log(`at ${ADDRESS_MARKER} 1`)],
    ["a phone number in the log", (on: ReturnType<typeof watched>) => on.log(PHONE_MARKER)],
    [
      "a stored address, in whatever case",
      (on: ReturnType<typeof watched>) => on.store({ line: ADDRESS_MARKER.toUpperCase() }),
    ],
  ])("notices %s", async (_what, plant) => {
    const on = watched();
    plant(on);
    await expect(checkNoAddresses(on.stage)).rejects.toThrow("S7: ");
  });
});
