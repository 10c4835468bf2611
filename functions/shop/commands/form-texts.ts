import type { FillForm, FormTexts } from "../../../shared/discord/form-texts.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import type { Deps } from "../deps.ts";
import { dropRefusalTexts } from "../messages/drop-refusals.ts";

/** What forms of the shop are filled in with, by what they call it in `filledBy`. */
export const shopFormTexts = { "own-drop": ownDropTexts } as const;

/** What a builder's own drop says. */
async function ownDropTexts(
  { userId, parts }: Parameters<FillForm<never>>[0],
  { drops }: Pick<Deps, "drops">,
): Promise<FormTexts> {
  const id = readId(parts["dropId"]);
  const drop = id === undefined ? undefined : await drops.get(id);
  if (drop?.builderId !== userId) return { refusal: dropRefusalTexts["not-found"] };
  return { texts: { title: drop.title, description: drop.description } };
}
