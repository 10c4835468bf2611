import { operators, readSelection, select } from "./query.ts";

/** Chooses which documents of a collection are shown, and their order. */
export function Filters({ fields }: { readonly fields: readonly string[] }) {
  const { filter, sort } = readSelection();
  return (
    <form
      class="filters"
      aria-label="Filter"
      onSubmit={(event) => {
        event.preventDefault();
        const filled = new FormData(event.currentTarget);
        const named = (name: string) => String(filled.get(name) ?? "").trim();
        const op = operators.find((each) => each === named("op")) ?? "==";
        select({
          page: 0,
          filter: named("where") ? { field: named("where"), op, value: named("value") } : undefined,
          sort: named("sort")
            ? { field: named("sort"), isDescending: filled.has("descending") }
            : undefined,
        });
      }}
    >
      <datalist id="fields">
        {fields.map((field) => (
          <option key={field} value={field} />
        ))}
      </datalist>
      <input
        name="where"
        list="fields"
        placeholder="Field"
        aria-label="Field"
        defaultValue={filter?.field ?? ""}
        size={14}
      />
      <select name="op" aria-label="Comparison" defaultValue={filter?.op ?? "=="}>
        {operators.map((op) => (
          <option key={op}>{op}</option>
        ))}
      </select>
      <input
        name="value"
        placeholder='Value, "text" in quotes'
        aria-label="Value"
        defaultValue={filter?.value ?? ""}
        size={16}
      />
      <input
        name="sort"
        list="fields"
        placeholder="Sort by"
        aria-label="Sort by"
        defaultValue={sort?.field ?? ""}
        size={12}
      />
      <label class="check">
        <input type="checkbox" name="descending" defaultChecked={sort?.isDescending ?? false} />{" "}
        Descending
      </label>
      <button type="submit">Apply</button>
      {(filter || sort) && (
        <button
          type="reset"
          onClick={() => select({ filter: undefined, sort: undefined, page: 0 })}
        >
          Clear
        </button>
      )}
    </form>
  );
}
