import type { Answer } from "../../../api/api.ts";
import { useCall } from "../../../api/use-call.ts";
import { Moment } from "../../../ui/moment.tsx";
import { type Column, Table } from "../../../ui/table/table.tsx";
import { Commits } from "./commits.tsx";
import { DocumentPane } from "./document-pane.tsx";
import { Filters } from "./filters.tsx";
import { parentOf, placeOf, readSelection, select } from "./query.ts";
import { textOf } from "./value-tree.tsx";
import "./firestore.css";

type Row = Answer<"firestore", "page">["documents"][number];

/** How many fields a row shows. */
const SHOWN_FIELDS = 6;

const columns: readonly Column<Row>[] = [
  { title: "Document", cell: ({ path }) => <span class="mono id">{path.split("/").at(-1)}</span> },
  {
    title: "Fields",
    kind: "wide",
    cell: ({ fields }) =>
      fields ? (
        <span class="small chain">
          {fields
            .filter(({ value }) => value.type !== "null")
            .slice(0, SHOWN_FIELDS)
            .map(({ name, value }) => `${name}: ${textOf(value)}`)
            .join(" · ")}
        </span>
      ) : (
        <i class="quiet">only collections below it</i>
      ),
  },
  {
    title: "Changed",
    cell: ({ updatedMs }) => (updatedMs === undefined ? "" : <Moment ms={updatedMs} />),
  },
];

/** Firestore: the collections, the documents of one, and one document or the latest commits. */
export function FirestoreView() {
  const { collection, document } = readSelection();
  return (
    <div class={document === undefined ? "firestore" : "firestore has-document"}>
      <Collections current={collection} />
      {collection === undefined ? (
        <p class="card pane quiet empty">
          Choose a collection. Whatever changes is highlighted here and listed under the latest
          commits.
        </p>
      ) : (
        <Documents key={collection} collection={collection} />
      )}
      {document === undefined ? <Feed /> : <DocumentPane key={document} path={document} />}
    </div>
  );
}

function Collections({ current }: { readonly current: string | undefined }) {
  const { value, problem } = useCall("firestore", "collections", { parent: "" });
  return (
    <nav class="card pane scrolls collections" aria-label="Collections">
      {problem && <p class="problem">{problem}</p>}
      {value?.length === 0 && (
        <p class="quiet">Nothing is stored yet. Run a command on the Discord page.</p>
      )}
      {value?.map(({ id, documents }) => (
        <a
          key={id}
          href={placeOf({ collection: id })}
          aria-current={current?.split("/")[0] === id ? "page" : undefined}
        >
          <span>{id}</span> <span class="quiet">{documents}</span>
        </a>
      ))}
    </nav>
  );
}

function Documents({ collection }: { readonly collection: string }) {
  const { document, page, filter, sort } = readSelection();
  const { value, problem } = useCall("firestore", "page", { collection, page, filter, sort });
  const pages = value ? Math.max(1, Math.ceil(value.matching / value.pageSize)) : 1;
  const fieldNames = [
    ...new Set([
      ...Object.keys(value?.description?.fields ?? {}),
      ...(value?.documents.flatMap(({ fields = [] }) => fields.map(({ name }) => name)) ?? []),
    ]),
  ];
  return (
    <section class="card pane documents" aria-label={`Documents of ${collection}`}>
      <Path collection={collection} />
      {value?.description && <p class="quiet small about">{value.description.about}</p>}
      <Filters key={JSON.stringify([filter, sort])} fields={fieldNames} />
      {problem && <p class="problem">{problem}</p>}
      {value && (
        <Table
          label={`Documents of ${collection}`}
          columns={columns}
          rows={value.documents}
          keyOf={({ path }) => path}
          stampOf={({ updatedMs = 0 }) => updatedMs}
          selected={document}
          onOpen={({ path }) => select({ collection, document: path })}
          empty={
            filter || sort
              ? "No document matches. A document without the field is never found."
              : "There are no documents here."
          }
        />
      )}
      {value && value.matching > value.pageSize && (
        <div class="row pages">
          <button type="button" disabled={page === 0} onClick={() => select({ page: page - 1 })}>
            Previous
          </button>
          <span>
            Page {page + 1} of {pages}, {value.matching} documents
          </span>
          <button
            type="button"
            disabled={page + 1 >= pages}
            onClick={() => select({ page: page + 1 })}
          >
            Next
          </button>
        </div>
      )}
    </section>
  );
}

/** The way from the root to a collection. */
function Path({ collection }: { readonly collection: string }) {
  const parts = collection.split("/");
  return (
    <p class="mono path">
      {parts.map((part, index) => {
        const path = parts.slice(0, index + 1).join("/");
        const to =
          index % 2 === 0
            ? placeOf({ collection: path })
            : placeOf({ collection: parentOf(path), document: path });
        return (
          <span key={path}>
            {index > 0 && " / "}
            <a href={to}>{part}</a>
          </span>
        );
      })}
    </p>
  );
}

function Feed() {
  const { value } = useCall("firestore", "commits", { limit: 40 });
  return (
    <section class="card pane scrolls" aria-label="Latest commits">
      <h2>Latest commits</h2>
      {value?.length === 0 && <p class="quiet">None since the start.</p>}
      {value && <Commits commits={value} />}
    </section>
  );
}
