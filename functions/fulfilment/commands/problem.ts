import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { action, type CommandUse } from "../../../shared/discord/command-action.ts";
import { defineCommand, type ValuesOf } from "../../../shared/discord/define-command.ts";
import { choice, picture, text } from "../../../shared/discord/options.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import { caseKindWords, caseOpenedAnswer } from "../messages/cases.ts";
import { type CaseDeps, openCase } from "../service/cases.ts";
import { wrongButton } from "./buttons.ts";

/** `/c500 problem`. */
export const problemCommand = defineCommand({
  words: "c500 problem",
  description: "Something is wrong with what you bought: your builder is asked, then the team",
  options: {
    order: text("The order", { required: true, maxLength: 100, suggest: "sent-orders" }),
    what: choice("What is wrong", { choices: caseKindWords, required: true }),
    text: text("Tell them more", { maxLength: 1000 }),
    picture: picture("A picture of it"),
    picture2: picture("Another picture"),
    picture3: picture("Another picture"),
    picture4: picture("Another picture"),
  },
  who: "owner",
  limit: "requests",
  answeredBy: "fulfilment",
});

/** Opens a case, once for each order; a repeat says that it is known. */
export const reporting = /* @__PURE__ */ action(problemCommand, report);

async function report(
  { userId }: CommandUse,
  { order, what, text: words, ...shown }: ValuesOf<typeof problemCommand>,
  deps: CaseDeps,
): Promise<OutgoingMessage> {
  const orderId = readId(order);
  if (orderId === undefined) return caseOpenedAnswer({ outcome: "not-found" });
  const { picture: first, picture2, picture3, picture4 } = shown;
  const pictures = [first, picture2, picture3, picture4].filter((url) => url !== undefined);
  const opening = { orderId, buyerId: userId, kind: what, text: words };
  return caseOpenedAnswer(await openCase(opening, pictures, deps));
}

/** Something is wrong: says which command takes it up. Changes nothing. */
export const askingWhatIsWrong = /* @__PURE__ */ action(
  wrongButton,
  async (_use, { parcelId }) => ({
    content: `I'm sorry! Run \`/c500 problem order:${parcelId}\`, choose what is wrong, and add pictures if they help. I'll ask your builder, and the team decides if they don't answer.`,
  }),
);
