import type { TypedTexts } from "./definitions/define-command.ts";
import type { PlainValues } from "./definitions/values.ts";

/** Who opens a form, and what it is about. */
interface Opening {
  readonly userId: string;
  readonly parts: PlainValues;
}

/** A form's initial texts, or why it is not shown. */
export type FormTexts = { readonly texts: TypedTexts } | { readonly refusal: string };

/** Reads a form's initial texts from the stored thing that it edits. */
export type FillForm<D> = (opening: Opening, deps: D) => Promise<FormTexts>;
