import { useSignal } from "@preact/signals";
import { call } from "../../../api/api.ts";
import { useCall } from "../../../api/use-call.ts";
import { Dialog } from "../../../ui/dialog/dialog.tsx";
import { JsonEditor, jsonProblem } from "../../../ui/json/json-editor.tsx";
import { Moment } from "../../../ui/moment.tsx";
import { Commits } from "./commits.tsx";
import { parentOf, placeOf, readSelection, select } from "./query.ts";
import { toJson, type Value, ValueTree } from "./value-tree.tsx";

const WARNING =
  "This goes past the product: nothing is checked, no function notices, and the ledger, Redis and Discord keep what they have.";

/** One document: its fields, what is below it, and its latest changes. */
export function DocumentPane({ path }: { readonly path: string }) {
  const { value, problem } = useCall("firestore", "document", { path });
  const editing = useSignal<{ readonly name: string; readonly value: Value } | undefined>(
    undefined,
  );
  const deleting = useSignal(false);
  return (
    <section class="card pane scrolls" aria-label="Document">
      <div class="pane-head">
        <h2 class="mono">{path}</h2>
        <a class="close" href={placeOf({ ...readSelection(), document: undefined })}>
          Close
        </a>
      </div>
      {problem && <p class="problem">{problem}</p>}
      {value && !value.document && (
        <p class="quiet">
          There is no such document{value.collections.length > 0 && ", only what is below it"}.
        </p>
      )}
      {value?.collections.length ? (
        <p class="row">
          <span class="quiet">Below it:</span>
          {value.collections.map(({ id, documents }) => (
            <a key={id} href={placeOf({ collection: `${path}/${id}` })}>
              {id} ({documents})
            </a>
          ))}
        </p>
      ) : null}
      {value?.document && (
        <>
          <ValueTree
            key={path}
            fields={value.document.fields}
            descriptions={value.description?.fields ?? {}}
            onEdit={(field) => {
              editing.value = field;
            }}
          />
          <div class="row">
            <button
              type="button"
              onClick={() => {
                editing.value = { name: "", value: { type: "text", value: "" } };
              }}
            >
              Add a field…
            </button>
            <button
              type="button"
              onClick={() => {
                deleting.value = true;
              }}
            >
              Delete the document…
            </button>
            <span class="quiet small">
              Created <Moment ms={value.document.createdMs} withDay />, changed{" "}
              <Moment ms={value.document.updatedMs} withDay />
            </span>
          </div>
        </>
      )}
      {value && value.commits.length > 0 && (
        <>
          <h4>Latest changes</h4>
          <Commits commits={value.commits} only={path} />
        </>
      )}
      {editing.value && (
        <EditField
          path={path}
          field={editing.value}
          onClose={() => {
            editing.value = undefined;
          }}
        />
      )}
      {deleting.value && (
        <Dialog
          title={`Delete ${path}?`}
          button="Delete it"
          action={async () => {
            await call("firestore", "remove", { path });
            select({ document: undefined, collection: parentOf(path) });
          }}
          done={`${path} is deleted.`}
          onClose={() => {
            deleting.value = false;
          }}
        >
          <p>{WARNING} What is below the document stays.</p>
        </Dialog>
      )}
    </section>
  );
}

function EditField({
  path,
  field,
  onClose,
}: {
  readonly path: string;
  readonly field: { readonly name: string; readonly value: Value };
  readonly onClose: () => void;
}) {
  const json = useSignal(JSON.stringify(toJson(field.value), null, 2));
  const name = useSignal(field.name);
  const isNew = field.name === "";
  return (
    <Dialog
      title={isNew ? `Add a field to ${path}` : `Edit ${field.name} of ${path}`}
      button="Write it"
      action={() => call("firestore", "setField", { path, field: name.value, json: json.value })}
      done="Written."
      isReady={name.value !== "" && jsonProblem(json.value) === undefined}
      onClose={onClose}
    >
      <p>{WARNING}</p>
      {isNew && (
        <label class="field">
          <span>Name</span>
          <input
            type="text"
            value={name.value}
            onInput={({ currentTarget }) => {
              name.value = currentTarget.value;
            }}
          />
        </label>
      )}
      <JsonEditor
        label='Value in JSON; a time is {"$time": "2026-06-01T12:00:00Z"}, a reference {"$reference": "orders/ID"}'
        value={json.value}
        rows={8}
        onChange={(next) => {
          json.value = next;
        }}
      />
      {!isNew && (
        <button
          type="button"
          onClick={async () => {
            await call("firestore", "removeField", { path, field: field.name });
            onClose();
          }}
        >
          Remove the field
        </button>
      )}
    </Dialog>
  );
}
