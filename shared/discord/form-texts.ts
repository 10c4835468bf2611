import type { TypedTexts } from "./define-command.ts";
import type { PlainValues } from "./values.ts";

/** Who opens a form, and what it is about. */
interface Opening {
  readonly userId: string;
  readonly parts: PlainValues;
}

/** The texts that a form is shown with at first, or why it is not shown. */
export type FormTexts = { readonly texts: TypedTexts } | { readonly refusal: string };

/** Where a form's first texts come from: something stored that it edits. */
export type FillForm<D> = (opening: Opening, deps: D) => Promise<FormTexts>;
