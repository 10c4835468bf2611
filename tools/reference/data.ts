import { documentDefinitions } from "../../functions/documents.ts";
import type { DocumentDefinition } from "../../shared/documents/define-document.ts";
import type { Field, PersonalRules } from "../../shared/documents/fields.ts";
import { fieldsOf } from "../../shared/documents/personal.ts";
import { named, page, sentence, table } from "./markdown.ts";

const INTRO = `Everything that is stored in Firestore, by collection. Each feature defines its collections in its \`documents/\`;
reading, writing, \`/c500 forget me\` and \`/c500 my-data\` follow the definitions.
[Security](../security.md#what-is-stored-about-people) sums up what is stored about people.

A field whose column "when forgotten" is empty is not personal. "Exported" says whether it is in the file of
\`/c500 my-data\`; of a document that several people share (an auction, a race, a dead letter) the file has the
person's own part. Amounts in minor units are of the \`currency\` beside them. A document also has \`schema_version\`,
the version of its shape. \`field[].name\` is a field of the elements of a list.`;

/** `docs/reference/data.md`. */
export function dataPage(): string {
  return page("Stored data", "the features' `documents/`", [
    INTRO,
    ...documentDefinitions.flatMap(partOf),
  ]);
}

function partOf(definition: DocumentDefinition): string[] {
  const { collection, about, key, kept, exportedIn, version, fields } = definition;
  const facts = [
    `- Found by: ${key.what}${key.personal ? `. ${sentence(keyRulesOf(key.personal))}` : "."}`,
    `- Kept: ${kept}.`,
    exportedIn.length > 0
      ? `- In \`/c500 my-data\`: under ${named(exportedIn)}.`
      : "- In no file of `/c500 my-data`.",
    `- Version: ${version}.`,
  ];
  return [
    `## \`${collection}\``,
    about,
    facts.join("\n"),
    table(
      ["field", "type", "when forgotten", "exported"],
      fieldsOf(fields).map(({ path, field }) => [
        `\`${path}\``,
        `${field.type}${field.isOptional ? ", optional" : ""}`,
        field.personal ? erasureOf(field.personal) : "",
        exportedIn.length > 0 ? exportOf(field) : "no",
      ]),
    ),
  ];
}

function keyRulesOf(rules: PersonalRules): string {
  return `when the person is forgotten: ${erasureOf(rules)}; in \`/c500 my-data\`: ${inFile(rules)}`;
}

/** What happens to a personal field when the person is forgotten, in words. */
export function erasureOf({ erase, of }: PersonalRules): string {
  if (erase === "replace-with-alias") return "a random name takes its place";
  if (erase === "remove") return of ? `removed with \`${of}\`` : "removed";
  return erase === "delete-document" ? "the document is deleted" : `stays${erase.slice(4)}`;
}

function exportOf({ personal, internal }: Field<unknown>): string {
  if (internal) return `no: ${internal}`;
  return personal ? inFile(personal) : "yes";
}

function inFile(rules: PersonalRules): string {
  return rules.export === "included" ? "yes" : `no${rules.export.slice("left out".length)}`;
}
