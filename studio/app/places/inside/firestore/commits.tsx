import type { Answer } from "../../../api/api.ts";
import { Moment } from "../../../ui/moment.tsx";
import { tracePlace } from "../links.ts";
import { placeOf } from "./query.ts";
import { Leaf } from "./value-tree.tsx";

type Commit = Answer<"firestore", "commits">[number];

/** Commits, newest first, with what each changed and the trace that made it. */
export function Commits({
  commits,
  only,
}: {
  readonly commits: readonly Commit[];
  /** Shows only what happened to this document. */
  readonly only?: string | undefined;
}) {
  return (
    <ol class="commits">
      {commits.map(({ sequence, atMs, traceId, documents, changes }) => (
        <li key={sequence}>
          <p class="small">
            <Moment ms={atMs} />{" "}
            {traceId ? (
              <a href={tracePlace(traceId)}>trace {traceId.slice(0, 8)}</a>
            ) : (
              <span class="quiet">not by a function</span>
            )}
          </p>
          {changes
            .filter(({ path }) => only === undefined || path === only)
            .map(({ path, what, fields }) => (
              <details key={path} open={only !== undefined && what === "changed"}>
                <summary>
                  <span class={`change ${what}`}>{what}</span>{" "}
                  {only === undefined ? (
                    <span class="mono">{path}</span>
                  ) : (
                    fields.map((field) => field.path).join(", ")
                  )}{" "}
                  {only === undefined && what === "changed" && (
                    <span class="quiet small">{fields.map((field) => field.path).join(", ")}</span>
                  )}
                </summary>
                {only === undefined && (
                  <p class="small">
                    <a href={placeOf({ document: path })}>Open the document</a>
                  </p>
                )}
                <Diff fields={fields} />
              </details>
            ))}
          {documents > changes.length && (
            <p class="quiet small">and {documents - changes.length} more documents</p>
          )}
        </li>
      ))}
    </ol>
  );
}

function Diff({ fields }: { readonly fields: Commit["changes"][number]["fields"] }) {
  return (
    <dl class="diff">
      {fields.map(({ path, before, after }) => (
        <div key={path}>
          <dt>{path}</dt>
          {before && (
            <dd>
              <del>
                <Leaf value={before} />
              </del>
            </dd>
          )}
          {after && (
            <dd>
              <ins>
                <Leaf value={after} />
              </ins>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
