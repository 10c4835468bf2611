import { getField } from "../field-paths.ts";
import type { StoredDocument } from "../types.ts";

/** The current documents of a collection by the text of one of their fields. */
export class TextIndex {
  #field: string;
  #byText = new Map<string, Set<StoredDocument>>();

  constructor(field: string, documents: Iterable<StoredDocument>) {
    this.#field = field;
    for (const document of documents) this.add(document);
  }

  add(document: StoredDocument): void {
    const text = this.#textOf(document);
    if (text === undefined) return;
    const found = this.#byText.get(text) ?? new Set();
    this.#byText.set(text, found.add(document));
  }

  remove(document: StoredDocument): void {
    const text = this.#textOf(document);
    if (text === undefined) return;
    const found = this.#byText.get(text);
    found?.delete(document);
    if (found?.size === 0) this.#byText.delete(text);
  }

  /** The documents with one of these texts, in no particular order. */
  find(texts: readonly string[]): StoredDocument[] {
    return [...new Set(texts)].flatMap((text) => [...(this.#byText.get(text) ?? [])]);
  }

  #textOf({ fields }: StoredDocument): string | undefined {
    const value = getField(fields, [this.#field]);
    return value?.valueType === "stringValue" ? value.stringValue : undefined;
  }
}
