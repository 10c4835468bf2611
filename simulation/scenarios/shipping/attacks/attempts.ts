import {
  arrivedButton,
  cancelAcceptButton,
  cancelDeclineButton,
  caseButton,
  wrongButton,
} from "../../../../functions/fulfilment/commands/buttons.ts";
import type { fulfilmentDefinitions } from "../../../../functions/fulfilment/commands/index.ts";
import { ordersMoreButton } from "../../../../functions/fulfilment/commands/orders-more.ts";
import {
  wrongKindButton,
  wrongOrderSelect,
} from "../../../../functions/fulfilment/commands/problem-form.ts";
import {
  shipFormAgain,
  shipSelect,
  shipSeveralButton,
} from "../../../../functions/fulfilment/commands/ship-form.ts";
import type { shippingDefinitions } from "../../../../functions/shipping/commands/index.ts";
import { community } from "../../../../local/cloud/community.ts";
import type { SeenInteraction } from "../../../../local/discord/inspection.ts";
import { type Options, useCommand } from "../../../people.ts";
import type { Stage } from "../../../stage.ts";
import type { Pick } from "../../scenario.ts";

/** Everything that people type, press, choose or fill in about parcels. */
type Attacked = (typeof fulfilmentDefinitions | typeof shippingDefinitions)[number]["name"];

/** Something of others, by all ids that it has. */
export interface Target {
  readonly order: string;
  readonly parcel: string;
  readonly drop: string;
  readonly auction: string;
  /** A form of the builder's that was refused. */
  readonly draft: string;
  readonly builder: string;
}

/** What somebody does about it. Returns the interaction whose answer must refuse it. */
type Try = (stage: Stage, user: string, target: Target, pick: Pick) => Promise<SeenInteraction>;

/** Whose it is, whether staff may do it as well, and how others try it. */
export interface Attempt {
  readonly of: "buyer" | "builder";
  readonly mayStaff?: true;
  readonly send: Try;
}

const COMPONENT = 3;
const BUTTON = 2;
const STRING_SELECT = 3;
const TRACKING = "1Z999AA10123456784";

/** How others try each; nothing of others is in reach of what has no attempts. */
export const attempts: Readonly<Record<Attacked, readonly Attempt[]>> = {
  "c500 orders": [
    { of: "builder", mayStaff: true, send: type("c500 orders", ({ builder }) => ({ builder })) },
  ],
  "orders-more": [
    {
      of: "builder",
      mayStaff: true,
      send: press(({ builder }, pick) =>
        ordersMoreButton.id({ whose: pick([builder, "all"]), page: pick([0, 1]) }),
      ),
    },
  ],
  ship: [
    { of: "builder", send: fill(choose(shipSelect.id({}), "parcel"), { tracking: TRACKING }) },
  ],
  "ship-form": [{ of: "builder", send: fill(choose(shipSelect.id({}), "order"), {}) }],
  "ship-form-again": [
    { of: "builder", send: press(({ draft }) => shipFormAgain.id({ draftId: draft })) },
  ],
  "ship-several": [{ of: "builder", send: fillLines(({ order }) => order) }],
  "ship-several-form": [{ of: "builder", send: fillLines(({ parcel }) => parcel) }],
  "c500 ship": [
    {
      of: "builder",
      send: type("c500 ship", ({ order }) => ({ order, anyway: true, tracking: TRACKING })),
    },
    { of: "builder", send: type("c500 ship", ({ parcel }) => ({ order: parcel, anyway: true })) },
  ],
  "parcel-arrived": [
    { of: "buyer", send: press(({ parcel }) => arrivedButton.id({ parcelId: parcel })) },
    { of: "buyer", send: press(({ order }) => arrivedButton.id({ parcelId: order })) },
  ],
  "c500 cancel": [
    { of: "buyer", send: type("c500 cancel", ({ order }) => ({ order })) },
    ...(["accept", "decline"] as const).map((answer) => ({
      of: "builder" as const,
      mayStaff: true as const,
      send: type("c500 cancel", ({ order }) => ({ order, answer })),
    })),
  ],
  "cancel-accept": [
    {
      of: "builder",
      mayStaff: true,
      send: press(({ order }) => cancelAcceptButton.id({ orderId: order })),
    },
  ],
  "cancel-decline": [
    {
      of: "builder",
      mayStaff: true,
      send: press(({ order }) => cancelDeclineButton.id({ orderId: order })),
    },
  ],
  "c500 wait": [{ of: "buyer", send: type("c500 wait", ({ order }) => ({ order, days: 30 })) }],
  "c500 problem": [
    { of: "buyer", send: type("c500 problem", ({ order }) => ({ order, what: "damaged" })) },
  ],
  "parcel-wrong": [
    { of: "buyer", send: press(({ parcel }) => wrongButton.id({ parcelId: parcel })) },
  ],
  "wrong-order": [{ of: "buyer", send: choose(wrongOrderSelect.id({}), "order") }],
  "wrong-kind": [{ of: "buyer", send: fill(pressWrong("damaged"), { text: "It is broken" }) }],
  "problem-form": [{ of: "buyer", send: fill(pressWrong("not-arrived"), {}) }],
  "c500 case": [
    ...(["refund", "items", "shipping", "replace", "close"] as const).map((move) => ({
      of: "builder" as const,
      mayStaff: true as const,
      send: type("c500 case", ({ order }) => ({ order, do: move })),
    })),
    {
      of: "builder",
      send: type("c500 case", ({ order }) => ({ order, do: "answer", text: "It is fine" })),
    },
    { of: "buyer", send: type("c500 case", ({ order }) => ({ order, do: "withdraw" })) },
  ],
  case: [
    ...(["refund", "replace", "close"] as const).map((move) => ({
      of: "builder" as const,
      mayStaff: true as const,
      send: press(({ order }) => caseButton.id({ move, orderId: order })),
    })),
    {
      of: "buyer",
      send: press(({ order }) => caseButton.id({ move: "withdraw", orderId: order })),
    },
  ],
  "c500 shipping": [
    { of: "builder", send: type("c500 shipping", ({ drop }) => ({ drop, home: "1" })) },
    { of: "builder", send: type("c500 shipping", ({ auction }) => ({ auction, home: "1" })) },
  ],
  "c500 country": [],
};

function type(name: string, options: (target: Target) => Options): Try {
  return (stage, user, target) => useCommand(stage, user, name, options(target));
}

/** Buttons are pressed without the message that has them, as no client does. */
function press(customId: (target: Target, pick: Pick) => string): Try {
  return (stage, user, target, pick) =>
    sendComponent(stage, user, {
      custom_id: customId(target, pick),
      component_type: BUTTON,
    });
}

function choose(customId: string, chosen: "order" | "parcel"): Try {
  return (stage, user, target) =>
    sendComponent(stage, user, {
      custom_id: customId,
      component_type: STRING_SELECT,
      values: [target[chosen]],
    });
}

function pressWrong(what: "damaged" | "not-arrived"): Try {
  return press(({ order }) => wrongKindButton.id({ what, orderId: order }));
}

/** Forms open for everyone, and are sent with what is asked for. */
function fill(open: Try, values: Readonly<Record<string, string>>): Try {
  return async (stage, user, target, pick) => {
    const { id: of } = await open(stage, user, target, pick);
    return stage.discord.client.modalSubmit(stage.endpoint, { of, values });
  };
}

function fillLines(named: (target: Target) => string): Try {
  return async (stage, user, target, pick) => {
    const { id: of } = await press(() => shipSeveralButton.id({}))(stage, user, target, pick);
    const values = { lines: `${named(target)} ${TRACKING}` };
    return stage.discord.client.modalSubmit(stage.endpoint, { of, values });
  };
}

function sendComponent({ discord, endpoint }: Stage, user: string, data: object) {
  const { generalChannelId: channelId } = community;
  return discord.client.raw(endpoint, { user, channelId, type: COMPONENT, data });
}
