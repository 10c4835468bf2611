import { nameIn, readCustomId } from "../../../shared/discord/definitions/custom-id.ts";
import type {
  FormDefinition,
  TypedTexts,
} from "../../../shared/discord/definitions/define-command.ts";
import { readValues } from "../../../shared/discord/definitions/values.ts";
import {
  type Attachment,
  actingUserId,
  type FormInteraction,
  fieldsOf,
} from "../../../shared/discord/interaction.ts";
import { type DeferDeps, defer, onlyForYou, texts } from "../../../shared/discord/sending/defer.ts";
import { commandHandlers } from "../../../shared/events/discord-command.ts";
import type { Bidding } from "../../auctions/bidding/bid.ts";
import { forms } from "../commands.ts";
import type { Deps } from "../deps.ts";
import { keepDraft } from "./form-drafts.ts";
import { pictureProblems } from "./picture-problems.ts";

// https://discord.com/developers/docs/components/reference#button
const ACTION_ROW = 1;
const BUTTON = 2;
const PRIMARY = 1;

/**
 * Answers a form: with its mistakes and a button that shows it again as it was filled in, or with
 * "thinking…" and a published command.
 */
export async function answerForm(
  interaction: FormInteraction,
  deps: DeferDeps & Pick<Deps, "redis">,
  bidding: Bidding,
): Promise<object> {
  const { custom_id: customId } = interaction.data;
  const form = forms.find(({ name }) => name === nameIn(customId));
  if (form?.answeredBy === "bid") return bidding.form(interaction);
  const parts = form && readCustomId(form, customId);
  const handler = commandHandlers.find((name) => name === form?.answeredBy);
  if (!parts || !handler) return onlyForYou(texts.unknownButton);
  const userId = actingUserId(interaction);
  if (!userId) return onlyForYou(texts.badOptions);

  const { texts: written, files } = fieldsOf(interaction);
  const typed = typedInto(form, written);
  const pictures = picturesIn(form, files);
  const problems = [
    ...(form.problems?.(typed, deps.config.SHOP_CURRENCY) ?? []),
    ...new Set(Object.values(pictures).flat().flatMap(pictureProblems)),
  ];
  const key = { form, id: interaction.id };
  const isKept = form.draft && (await keepDraft(userId, key, { parts, typed }, deps));
  if (problems.length > 0) return refused(problems, form, isKept ? interaction.id : undefined);
  const filled = Object.entries(typed).filter(([, text]) => text !== "");
  const addresses = Object.entries(pictures).map(([name, files]) => [
    name,
    files.map(({ url }) => url).join("\n"),
  ]);
  const fields = readValues(form.fields, Object.fromEntries([...filled, ...addresses]));
  if (!fields) return onlyForYou(texts.badOptions);
  return defer(interaction, { definition: form, handler, values: { ...parts, ...fields } }, deps);
}

/** The texts of the form's own fields. */
function typedInto({ fields }: FormDefinition, written: ReadonlyMap<string, string>): TypedTexts {
  const names = Object.keys(fields).filter((name) => fields[name]?.kind === "text");
  return Object.fromEntries(names.map((name) => [name, written.get(name) ?? ""]));
}

/** The pictures of the form's own fields. */
function picturesIn(
  { fields }: FormDefinition,
  files: ReadonlyMap<string, readonly Attachment[]>,
): Readonly<Record<string, readonly Attachment[]>> {
  const names = Object.keys(fields).filter((name) => fields[name]?.kind === "picture");
  return Object.fromEntries(
    names.flatMap((name) => {
      const uploaded = files.get(name) ?? [];
      return uploaded.length > 0 ? [[name, uploaded]] : [];
    }),
  );
}

function refused(
  problems: readonly string[],
  { draft }: FormDefinition,
  draftId: string | undefined,
): object {
  const list = problems.map((problem) => `• ${problem}`).join("\n");
  const content = `Almost! A few things in the form need another look:\n${list}`;
  if (!draft || draftId === undefined) {
    return onlyForYou(draft ? `${content}\nRun \`/${draft.command}\` again to fix it.` : content);
  }
  const button = {
    type: BUTTON,
    style: PRIMARY,
    label: "Fix it",
    custom_id: draft.button.id({ draftId }),
  };
  return onlyForYou(content, [{ type: ACTION_ROW, components: [button] }]);
}
