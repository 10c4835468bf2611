import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../shared/discord/definitions/define-command.ts";
import { choice, picture, text } from "../../../shared/discord/definitions/options.ts";
import { addressesIn } from "../../../shared/discord/definitions/values.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import { caseKindWords } from "../../shipping/domain/case.ts";
import type { Deps } from "../deps.ts";
import { caseOpenedAnswer } from "../messages/cases.ts";
import { parcelRefusalTexts } from "../messages/parcels.ts";
import { whatIsWrongQuestion, whichOrderQuestion } from "../messages/problems.ts";
import { type OpenCaseDeps, openCase } from "../service/cases.ts";
import { toShippable } from "../store/parcel-moves.ts";
import { wrongButton } from "./buttons.ts";
import { MAX_REPORT_LENGTH, problemForm, wrongOrderSelect } from "./problem-form.ts";

/** `/c500 problem`. */
export const problemCommand = defineCommand({
  words: "c500 problem",
  description: "Something is wrong with what you bought: your builder is asked, then the team",
  options: {
    order: text("The order", { required: true, maxLength: 100, suggest: "sent-orders" }),
    what: choice("What is wrong", { choices: caseKindWords, required: true }),
    text: text("Tell them more", { maxLength: MAX_REPORT_LENGTH }),
    picture: picture("A picture of it"),
    picture2: picture("Another picture"),
    picture3: picture("Another picture"),
    picture4: picture("Another picture"),
  },
  who: "owner",
  limit: "requests",
  answeredBy: "fulfilment",
});

type BegunDeps = Pick<Deps, "cases">;

const isOpenedUnder = async (
  id: string,
  orderId: string | undefined,
  { cases }: BegunDeps,
): Promise<boolean> => orderId !== undefined && (await cases.get(orderId))?.openedUnder === id;

/** Opens a case, once for each order; a repeat of the same command goes on, another says that it is known. */
export const reporting = /* @__PURE__ */ action(problemCommand, {
  run: (use, { order, what: kind, text: words, ...given }, deps: OpenCaseDeps) => {
    const { picture: first, picture2, picture3, picture4 } = given;
    const pictures = [first, picture2, picture3, picture4].filter((url) => url !== undefined);
    return report(use, { orderId: readId(order), kind, words, pictures }, deps);
  },
  isBegun: ({ id }, { order }, deps: BegunDeps) => isOpenedUnder(id, readId(order), deps),
});

/** The same with the form. */
export const reportingInForm = /* @__PURE__ */ action(problemForm, {
  run: (use, { orderId, what: kind, text: words, pictures }, deps: OpenCaseDeps) =>
    report(use, { orderId, kind, words, pictures: addressesIn(pictures) }, deps),
  isBegun: ({ id }, { orderId }, deps: BegunDeps) => isOpenedUnder(id, orderId, deps),
});

interface Report {
  readonly orderId: string | undefined;
  readonly kind: keyof typeof caseKindWords;
  readonly words: string | undefined;
  readonly pictures: readonly string[];
}

async function report(
  { id, userId }: CommandUse,
  { orderId, kind, words, pictures }: Report,
  deps: OpenCaseDeps,
): Promise<OutgoingMessage> {
  if (orderId === undefined) return caseOpenedAnswer({ outcome: "not-found" });
  const opening = { orderId, buyerId: userId, kind, text: words, openedUnder: id };
  return caseOpenedAnswer(await openCase(opening, pictures, deps));
}

/** Something is wrong with a parcel: asks what, and with which order if there are several. Changes nothing. */
export const askingWhatIsWrong = /* @__PURE__ */ action(wrongButton, ask);

async function ask(
  { userId }: CommandUse,
  { parcelId }: ValuesOf<typeof wrongButton>,
  { parcelMoves }: Pick<Deps, "parcelMoves">,
): Promise<OutgoingMessage> {
  const packed = await parcelMoves.packed(parcelId);
  if (packed?.parcel.buyerId !== userId) return { content: parcelRefusalTexts["not-yours"] };
  const orders = packed.orders.filter((order) => !toShippable(order).isReturned);
  const [first = packed.orders[0], ...others] = orders;
  if (!first) return { content: parcelRefusalTexts["not-yours"] };
  return others.length === 0 ? whatIsWrongQuestion(first) : whichOrderQuestion(orders);
}

/** Something is wrong with one order of a parcel: asks what. Changes nothing. */
export const askingWhatIsWrongWithOrder = /* @__PURE__ */ action(
  wrongOrderSelect,
  async ({ userId }, { chosen }, { orders }: Pick<Deps, "orders">) => {
    const order = await orders.get(chosen);
    if (order?.buyerId !== userId) return caseOpenedAnswer({ outcome: "not-found" });
    return whatIsWrongQuestion(order);
  },
);
