import { useSignal } from "@preact/signals";
import type { Answer } from "../../../api/api.ts";
import { useCall } from "../../../api/use-call.ts";
import { goTo, place } from "../../../shell/router.ts";
import { useFlash } from "../../../ui/flash.ts";
import { TextOrJson } from "../../../ui/json/json-tree.tsx";
import { Moment } from "../../../ui/moment.tsx";
import { type Column, Table } from "../../../ui/table/table.tsx";
import { at } from "../links.ts";

type Key = Answer<"redis", "keys">["keys"][number];
type Value = Answer<"redis", "value">["value"];

const columns: readonly Column<Key>[] = [
  { title: "Key", kind: "wide", cell: ({ key }) => <span class="mono">{key}</span> },
  { title: "Type", cell: ({ type }) => type },
  { title: "Size", kind: "end", cell: ({ size }) => size },
  {
    title: "Expires",
    cell: ({ expiresMs }) =>
      expiresMs === undefined ? (
        <span class="quiet">never</span>
      ) : (
        <Moment ms={expiresMs} withDay />
      ),
  },
];

/** Redis: the keys by their beginnings, and the value of one. */
export function RedisView() {
  const { query } = place.value;
  const prefix = query.get("prefix") ?? "";
  const selected = query.get("key") ?? undefined;
  return (
    <div class="firestore has-document">
      <Prefixes current={prefix} />
      <Keys key={prefix} prefix={prefix} selected={selected} />
      {selected === undefined ? (
        <p class="card pane quiet empty">
          Choose a key to see its value. What changes is highlighted.
        </p>
      ) : (
        <ValuePane key={selected} name={selected} prefix={prefix} />
      )}
    </div>
  );
}

function Prefixes({ current }: { readonly current: string }) {
  const { value, problem } = useCall("redis", "prefixes", {});
  return (
    <nav class="card pane scrolls collections" aria-label="Beginnings of keys">
      {problem && <p class="problem">{problem}</p>}
      <a href={at("redis")} aria-current={current === "" ? "page" : undefined}>
        All keys
      </a>
      {value?.map(({ prefix, keys, meaning }) => (
        <a
          key={prefix}
          href={at("redis", { prefix })}
          title={meaning?.holds}
          aria-current={current === prefix ? "page" : undefined}
        >
          <span>{prefix}</span> <span class="quiet">{keys}</span>
        </a>
      ))}
    </nav>
  );
}

function Keys({
  prefix,
  selected,
}: {
  readonly prefix: string;
  readonly selected: string | undefined;
}) {
  const cursors = useSignal<readonly string[]>(["0"]);
  const cursor = cursors.value.at(-1) ?? "0";
  const { value, problem } = useCall("redis", "keys", { prefix, cursor });
  return (
    <section class="card pane list" aria-label="Keys">
      {problem && <p class="problem">{problem}</p>}
      {value && (
        <Table
          label="Keys"
          columns={columns}
          rows={value.keys}
          keyOf={({ key }) => key}
          stampOf={({ stamp }) => stamp}
          selected={selected}
          onOpen={({ key }) => goTo(at("redis", { prefix: prefix || undefined, key }))}
          empty={
            value.next
              ? "No key on this page of the scan; go on to the next."
              : "Redis holds nothing here. Start an auction, and its bids appear."
          }
        />
      )}
      {(value?.next !== undefined || cursors.value.length > 1) && (
        <div class="row pages">
          <button
            type="button"
            disabled={cursors.value.length === 1}
            onClick={() => {
              cursors.value = cursors.value.slice(0, -1);
            }}
          >
            Previous
          </button>
          <button
            type="button"
            disabled={value?.next === undefined}
            onClick={() => {
              if (value?.next !== undefined) cursors.value = [...cursors.value, value.next];
            }}
          >
            Next
          </button>
        </div>
      )}
    </section>
  );
}

function ValuePane({ name, prefix }: { readonly name: string; readonly prefix: string }) {
  const { value, problem } = useCall("redis", "value", { key: name });
  return (
    <section class="card pane scrolls" aria-label="Value">
      <div class="pane-head">
        <h2 class="mono">{name}</h2>
        <a class="close" href={at("redis", { prefix: prefix || undefined })}>
          Close
        </a>
      </div>
      {problem && <p class="problem">{problem}</p>}
      {value?.meaning && (
        <p class="quiet small">
          Holds {value.meaning.holds}; kept {value.meaning.kept}.
        </p>
      )}
      {value && <Shown value={value.value} />}
    </section>
  );
}

function Shown({ value }: { readonly value: Value }) {
  switch (value.type) {
    case "none":
      return <p class="quiet">It does not exist, or has expired.</p>;
    case "string":
      return <TextOrJson text={value.text} />;
    case "hash":
      return <Pairs pairs={value.fields} />;
    case "zset":
      return <Pairs pairs={value.members} />;
    case "stream":
      return (
        <ol class="commits">
          {value.entries.map(({ id, fields }) => (
            <li key={id}>
              <p class="mono">{id}</p>
              <Pairs pairs={fields} />
            </li>
          ))}
        </ol>
      );
    default:
      return (
        <Pairs pairs={value.members.map((member, index) => [String(index), member] as const)} />
      );
  }
}

function Pairs({ pairs }: { readonly pairs: readonly (readonly [string, string])[] }) {
  return (
    <dl class="facts mono">
      {pairs.map(([name, text]) => (
        <Pair key={name} name={name} text={text} />
      ))}
    </dl>
  );
}

function Pair({ name, text }: { readonly name: string; readonly text: string }) {
  const flash = useFlash(text);
  return (
    <>
      <dt>{name}</dt>
      <dd class={flash}>
        <TextOrJson text={text} />
      </dd>
    </>
  );
}
