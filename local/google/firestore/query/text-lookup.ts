import { type Condition, isNameField } from "./condition.ts";

/** A field of which each result of a query has one of these texts. */
export interface TextLookup {
  /** The name of a field that is in no map. */
  readonly field: string;
  readonly texts: readonly string[];
}

/** How to look up all documents that can satisfy a condition; undefined if any document can. */
export function textLookupOf(condition: Condition | null): TextLookup | undefined {
  if (condition?.kind === "and") {
    return condition.parts.map(textLookupOf).find((lookup) => lookup !== undefined);
  }
  if (condition?.kind !== "comparison") return undefined;
  const { field, operator, operands } = condition;
  const isEquality = operator === "EQUAL" || operator === "IN";
  if (!isEquality || field.length > 1 || isNameField(field)) return undefined;
  const texts = operands.flatMap((operand) =>
    operand.valueType === "stringValue" ? [operand.stringValue] : [],
  );
  return texts.length === operands.length ? { field: field[0], texts } : undefined;
}
