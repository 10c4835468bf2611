import { type DeferDeps, defer, onlyForYou, texts } from "../../../shared/discord/defer.ts";
import type { ButtonDefinition } from "../../../shared/discord/define-command.ts";
import {
  type Attachment,
  actingUserId,
  type FormInteraction,
  fieldsOf,
} from "../../../shared/discord/interaction.ts";
import { type Bidding, isBidForm } from "../../auctions/bidding/bid.ts";
import {
  DROP_FORM_AGAIN,
  type DropFormTerms,
  dropForm,
  dropFormTerms,
} from "../../shop/commands/drop-form.ts";
import { readDropForm } from "../../shop/domain/drop.ts";
import { declineControls } from "../commands.ts";
import type { Deps } from "../deps.ts";
import { keepDraft } from "./drop-drafts.ts";
import { pictureProblems } from "./picture-problems.ts";

// https://discord.com/developers/docs/components/reference#button
const ACTION_ROW = 1;
const BUTTON = 2;
const PRIMARY = 1;

/**
 * Answers a form: with what is wrong in it and a button that shows it again as it was filled in, or
 * with "thinking…" and a published command.
 */
export async function answerForm(
  interaction: FormInteraction,
  deps: DeferDeps & Pick<Deps, "redis">,
  bidding: Bidding,
): Promise<object> {
  if (isBidForm(interaction)) return bidding.form(interaction);
  const [name, target = ""] = interaction.data.custom_id.split(":", 2);
  const decline = declineControls.find(({ form }) => form.name === name);
  if (decline) {
    const reason = fieldsOf(interaction).texts.get("reason") ?? "";
    const { name: command, handler, limit } = decline.form;
    return defer(interaction, { command, handler, limit, options: { target, reason } }, deps);
  }
  const terms = dropFormTerms(interaction.data.custom_id);
  if (!terms) return onlyForYou(texts.unknownButton);
  const { texts: typed, files } = fieldsOf(interaction);
  const form = {
    title: typed.get("title") ?? "",
    price: typed.get("price") ?? "",
    quantity: typed.get("quantity") ?? "",
    description: typed.get("description") ?? "",
  };
  const image = files.get("image");
  const read = readDropForm(form, deps.config.SHOP_CURRENCY);
  const problems = [...("title" in read ? [] : read), ...(image ? pictureProblems(image) : [])];
  const userId = actingUserId(interaction);
  if (!userId) return onlyForYou(texts.badOptions);
  const isKept = await keepDraft({ userId, id: interaction.id }, { ...terms, form }, deps);
  if (!("title" in read) || problems.length > 0) {
    return refused(problems, isKept ? interaction.id : undefined);
  }
  return defer(interaction, commandOf(terms, read, image), deps);
}

function commandOf(
  terms: DropFormTerms,
  read: Extract<ReturnType<typeof readDropForm>, { title: string }>,
  image: Attachment | undefined,
) {
  const file = image && { imageUrl: image.url, imageName: image.filename };
  const { name: command, handler, limit }: ButtonDefinition = dropForm;
  return { command, handler, limit, options: { ...terms, ...read, ...file } };
}

function refused(problems: readonly string[], draftId: string | undefined): object {
  const list = problems.map((problem) => `• ${problem}`).join("\n");
  const content = `Almost! A few things in the form need another look:\n${list}`;
  if (!draftId) return onlyForYou(`${content}\nRun \`/c500 drop\` again to fix it.`);
  const button = {
    type: BUTTON,
    style: PRIMARY,
    label: "Fix it",
    custom_id: `${DROP_FORM_AGAIN}:${draftId}`,
  };
  return onlyForYou(content, [{ type: ACTION_ROW, components: [button] }]);
}
