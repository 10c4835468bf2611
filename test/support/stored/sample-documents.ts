import type { DocumentDefinition } from "../../../shared/documents/define-document.ts";
import type { Field, Fields } from "../../../shared/documents/fields.ts";
import { isGroup } from "../../../shared/documents/fields-codec.ts";

/** The values for the fields of a sample. */
interface Filling {
  readonly userId: string;
  /** The value of every id that is not a person's, and of every text. */
  readonly id: string;
  readonly at: Date;
}

/** A document of a definition with every field set, and the same person in all of them. */
export function sampleOf({ fields }: Pick<DocumentDefinition, "fields">, filling: Filling) {
  return sampleFields(fields, filling);
}

/** The sample's path, with the person's id in place of people's ids. */
export function samplePath(
  { collection, key }: DocumentDefinition,
  { userId, id }: Pick<Filling, "userId" | "id">,
): string {
  const [above, below] = collection.split("/");
  const isOfPerson = key.personal !== undefined;
  if (below === undefined) return `${above}/${isOfPerson ? userId : id}`;
  const isOwnKey = below === "buyers";
  return `${above}/${isOfPerson && !isOwnKey ? userId : id}/${below}/${isOwnKey ? userId : id}`;
}

function sampleFields(fields: Fields, filling: Filling): Record<string, unknown> {
  const parts = Object.values(fields).map((entry) =>
    isGroup(entry)
      ? sampleFields(entry.members, filling)
      : { [entry.storedName]: sampleValue(entry, filling) },
  );
  return Object.assign({}, ...parts);
}

function sampleValue({ storedName, kind, type }: Field<unknown>, filling: Filling): unknown {
  const { userId, id, at } = filling;
  if (kind.is === "person") return userId;
  if (kind.is === "time") return at;
  if (kind.is === "list") return [sampleValue(kind.element, filling)];
  if (kind.is === "record") return sampleFields(kind.fields, filling);
  if (kind.is === "map") {
    return { [kind.keys === "people" ? userId : "usd"]: sampleValue(kind.element, filling) };
  }
  if (storedName === "currency") return "usd";
  const [, word] = /^"([^"]+)"/.exec(type) ?? [];
  if (word) return word;
  return { text: id, integer: 0, "minor units": 0, boolean: false }[type];
}
