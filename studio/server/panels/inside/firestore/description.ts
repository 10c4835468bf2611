import { documentDefinitions } from "../../../../../functions/documents.ts";
import { fieldsOf } from "../../../../../shared/documents/personal.ts";
import { erasureOf } from "../../../../../tools/reference/data.ts";

/** What the product says of a collection. */
export interface CollectionDescription {
  readonly about: string;
  readonly key: string;
  readonly kept: string;
  /** By stored paths such as "claim.bidder_id" and "runners_up[].bidder_id". */
  readonly fields: Readonly<Record<string, FieldDescription>>;
}

interface FieldDescription {
  readonly type: string;
  /** What happens to it when its person is forgotten; undefined if it is not personal. */
  readonly personal: string | undefined;
}

/** The description of the collection with this path; undefined if no definition has it. */
export function describeCollection(path: string): CollectionDescription | undefined {
  const named = path
    .split("/")
    .filter((_, index) => index % 2 === 0)
    .join("/");
  const definition = documentDefinitions.find(({ collection }) => collection === named);
  if (!definition) return undefined;
  const { about, key, kept, fields } = definition;
  return {
    about,
    key: key.what,
    kept,
    fields: Object.fromEntries(
      fieldsOf(fields).map(({ path: place, field: { type, personal } }) => [
        place,
        { type, personal: personal && erasureOf(personal) },
      ]),
    ),
  };
}
