import type { FirestoreEngine } from "./engine.ts";
import { formatFieldPath, parseFieldPath } from "./field-paths.ts";
import { compareNames, parseDocumentName, rootName } from "./names.ts";
import { compileQuery } from "./query/compile.ts";
import { countedDocuments, selectDocuments } from "./query/run.ts";
import type { FieldOperator, Filter, StoredDocument, StructuredQuery, Value } from "./types.ts";

/** A comparison of a field, whose path has the wire format. */
export interface InspectedFilter {
  readonly field: string;
  readonly op: FieldOperator;
  readonly value: Value;
}

/** A part of a collection to look at. */
export interface InspectedQuery {
  /** The collection's path, such as "orders/ID/refunds". */
  readonly collection: string;
  readonly filters: readonly InspectedFilter[];
  /** By names by default. A document without the field is not found. */
  readonly sort?: { readonly field: string; readonly isDescending: boolean } | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** A place in a collection: a document, or a name that has only documents below it. */
export interface InspectedDocument {
  readonly name: string;
  readonly document: StoredDocument | undefined;
}

/** A project's database as an operator sees it: no index is needed, and reads are not counted. */
export interface FirestoreInspection {
  /** The collections directly below a document, or those of the root for "". */
  collections(parent: string): { readonly id: string; readonly documents: number }[];
  /** One page of a collection, and how many documents match. Throws for an invalid query. */
  page(query: InspectedQuery): { readonly found: InspectedDocument[]; readonly matching: number };
  document(path: string): StoredDocument | undefined;
  /** Changes one field of a document, or deletes the field. Listeners and transactions see it as any other write. */
  setField(path: string, field: string, value: Value | undefined): Promise<void>;
  delete(path: string): Promise<void>;
}

/** Opens a project's default database for inspection. */
export function inspect(
  { listening: { store }, operations }: FirestoreEngine,
  project: string,
): FirestoreInspection {
  const database = store.database(`projects/${project}/databases/(default)`);
  const root = rootName({ project, database: "(default)" });
  const nameOf = (path: string) => (path === "" ? root : `${root}/${path}`);

  return {
    collections: (parent) =>
      [...database.collectionIds(nameOf(parent))]
        .sort()
        .map((id) => ({ id, documents: database.sizeOf(`${nameOf(parent)}/${id}`) })),

    page: (query) => {
      const { offset, limit, filters, sort } = query;
      const [parent, id] = splitLast(nameOf(query.collection));
      const compiled = compileQuery(parent, structured(id, query));
      const documents = () => database.documents(compiled.scope);
      if (filters.length === 0 && !sort) {
        const existing = [...documents()].map(({ name }) => name);
        const above = database.namesWithDescendants(`${parent}/${id}`);
        const names = [...new Set([...existing, ...above])].sort(compareNames);
        const found = names
          .slice(offset, offset + limit)
          .map((name) => ({ name, document: database.get(name) }));
        return { found, matching: names.length };
      }
      const found = selectDocuments({ ...compiled, offset, limit }, documents());
      return {
        found: found.map((document) => ({ name: document.name, document })),
        matching: countedDocuments(compiled, documents()).length,
      };
    },

    document: (path) => {
      parseDocumentName(nameOf(path));
      return database.get(nameOf(path));
    },

    setField: async (path, field, value) => {
      const fieldPath = formatFieldPath([field]);
      await operations.UpdateDocument({
        document: { name: nameOf(path), fields: value ? { [field]: value } : {} },
        updateMask: { fieldPaths: [fieldPath] },
        mask: null,
        currentDocument: { conditionType: "exists", exists: true },
      });
    },

    delete: async (path) => {
      const currentDocument = { conditionType: "exists", exists: true } as const;
      await operations.DeleteDocument({ name: nameOf(path), currentDocument });
    },
  };
}

function structured(collectionId: string, { filters, sort }: InspectedQuery): StructuredQuery {
  const conditions = filters.map(({ field, op, value }): Filter => {
    parseFieldPath(field);
    return { filterType: "fieldFilter", fieldFilter: { field: { fieldPath: field }, op, value } };
  });
  const compositeFilter = { op: "AND", filters: conditions } as const;
  return {
    select: null,
    from: [{ collectionId, allDescendants: false }],
    where: conditions.length === 0 ? null : { filterType: "compositeFilter", compositeFilter },
    orderBy: sort
      ? [
          {
            field: { fieldPath: sort.field },
            direction: sort.isDescending ? "DESCENDING" : "ASCENDING",
          },
        ]
      : [],
    startAt: null,
    endAt: null,
    offset: 0,
    limit: null,
    findNearest: null,
  };
}

function splitLast(name: string): [parent: string, id: string] {
  const at = name.lastIndexOf("/");
  return [name.slice(0, at), name.slice(at + 1)];
}
