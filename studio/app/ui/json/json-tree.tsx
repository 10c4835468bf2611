import "./json-tree.css";

/** How deep a tree is open at first. */
const OPEN_DEPTH = 2;

/** JSON as a tree whose objects and lists open and close. */
export function JsonTree({
  value,
  name,
  depth = 0,
}: {
  readonly value: unknown;
  readonly name?: string | undefined;
  readonly depth?: number;
}) {
  const label =
    name === undefined ? (
      ""
    ) : (
      <span class="tree-name">
        <bdi>{name}</bdi>:{" "}
      </span>
    );
  if (typeof value !== "object" || value === null) {
    return (
      <div class="tree-line">
        {label}
        <span class={`tree-${value === null ? "null" : typeof value}`}>
          {JSON.stringify(value)}
        </span>
      </div>
    );
  }
  const entries = Object.entries(value);
  const isList = Array.isArray(value);
  if (entries.length === 0) {
    return (
      <div class="tree-line">
        {label}
        {isList ? "[]" : "{}"}
      </div>
    );
  }
  return (
    <details class="tree" open={depth < OPEN_DEPTH}>
      <summary>
        {label}
        <span class="quiet">
          {isList ? `list of ${entries.length}` : `${entries.length} fields`}
        </span>
      </summary>
      {entries.map(([key, each]) => (
        <JsonTree key={key} name={key} value={each} depth={depth + 1} />
      ))}
    </details>
  );
}

/** A text as a tree if it is JSON, otherwise as it is. */
export function TextOrJson({ text }: { readonly text: string }) {
  const parsed = parseJson(text);
  return parsed === undefined ? <pre class="text">{text}</pre> : <JsonTree value={parsed} />;
}

/** What a JSON text says; undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
