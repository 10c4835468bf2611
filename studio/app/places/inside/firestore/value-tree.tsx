import type { Answer } from "../../../api/api.ts";
import { useFlash } from "../../../ui/flash.ts";
import { Moment } from "../../../ui/moment.tsx";
import { placeOf } from "./query.ts";

type Opened = Answer<"firestore", "document">;
type Stored = NonNullable<Opened["document"]>["fields"][number];
export type Value = Stored["value"];
type Descriptions = NonNullable<Opened["description"]>["fields"];

/** A document's fields as a tree. A value that changes is highlighted. */
export function ValueTree({
  fields,
  descriptions,
  prefix = "",
  onEdit,
}: {
  readonly fields: readonly Stored[];
  readonly descriptions: Descriptions;
  /** The stored path of the record whose fields they are. */
  readonly prefix?: string;
  /** Edits a field of the document itself. */
  readonly onEdit?: (field: Stored) => void;
}) {
  return (
    <ul class="values">
      {fields.map((field) => (
        <Entry
          key={field.name}
          name={field.name}
          value={field.value}
          path={`${prefix}${field.name}`}
          descriptions={descriptions}
          onEdit={onEdit && (() => onEdit(field))}
        />
      ))}
    </ul>
  );
}

function Entry({
  name,
  value,
  path,
  descriptions,
  onEdit,
}: {
  readonly name: string;
  readonly value: Value;
  readonly path: string;
  readonly descriptions: Descriptions;
  readonly onEdit?: (() => void) | undefined;
}) {
  const flash = useFlash(JSON.stringify(value));
  const description = descriptions[path];
  return (
    <li class={flash}>
      <div class="value-line">
        <span class="tree-name" title={description?.type}>
          {name}
        </span>
        {description?.personal && (
          <span
            class="personal"
            title={`Personal. When its person is forgotten: ${description.personal}.`}
          >
            personal
          </span>
        )}
        <Leaf value={value} isPerson={description?.type === "Discord user id"} />
        {onEdit && (
          <button type="button" class="edit" aria-label={`Edit ${name}`} onClick={onEdit}>
            Edit
          </button>
        )}
      </div>
      {value.type === "record" && value.fields.length > 0 && (
        <ValueTree fields={value.fields} descriptions={descriptions} prefix={`${path}.`} />
      )}
      {value.type === "list" && value.values.length > 0 && (
        <ul class="values">
          {value.values.map((each, index) => (
            <Entry
              key={index}
              name={String(index)}
              value={each}
              path={`${path}[]`}
              descriptions={descriptions}
            />
          ))}
        </ul>
      )}
    </li>
  );
}

/** A value in a line; of a list or record, how much it holds. */
export function Leaf({
  value,
  isPerson = false,
}: {
  readonly value: Value;
  readonly isPerson?: boolean;
}) {
  switch (value.type) {
    case "null":
      return <span class="tree-null">null</span>;
    case "flag":
      return <span class="tree-boolean">{String(value.value)}</span>;
    case "integer":
    case "number":
      return <span class="tree-number">{value.value}</span>;
    case "time":
      return (
        <span class="tree-time">
          <Moment ms={value.ms} withDay />
        </span>
      );
    case "reference":
      return <a href={placeOf({ document: value.value })}>{value.value}</a>;
    case "place":
      return (
        <span>
          {value.latitude}°, {value.longitude}°
        </span>
      );
    case "list":
      return <span class="quiet">list of {value.values.length}</span>;
    case "record":
      return <span class="quiet">{value.fields.length} fields</span>;
    case "bytes":
      return <span class="quiet">bytes {value.value.slice(0, 80)}</span>;
    case "text":
      return isPerson ? (
        <a href={placeOf({ document: `users/${value.value}` })}>{value.value}</a>
      ) : (
        <span class="tree-string">{JSON.stringify(value.value)}</span>
      );
  }
}

/** A value in a few characters, for lists. */
export function textOf(value: Value): string {
  switch (value.type) {
    case "null":
      return "null";
    case "time":
      return new Date(value.ms).toLocaleString();
    case "place":
      return `${value.latitude}°, ${value.longitude}°`;
    case "list":
      return `[${value.values.length}]`;
    case "record":
      return `{${value.fields.length}}`;
    default:
      return String(value.value);
  }
}

/** A value as the JSON that the editor takes. */
export function toJson(value: Value): unknown {
  switch (value.type) {
    case "null":
      return null;
    case "integer":
      return Number(value.value);
    case "time":
      return { $time: new Date(value.ms).toISOString() };
    case "reference":
      return { $reference: value.value };
    case "bytes":
      return { $bytes: value.value };
    case "place":
      return { latitude: value.latitude, longitude: value.longitude };
    case "list":
      return value.values.map(toJson);
    case "record":
      return Object.fromEntries(value.fields.map((field) => [field.name, toJson(field.value)]));
    default:
      return value.value;
  }
}
