import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "../../../api/api.ts";
import { guilds, isStaff, people, roles } from "../surroundings.ts";

/** Adds someone, or changes who they are. */
export function PersonDialog({
  userId,
  onSaved,
  onClose,
}: {
  /** Who is changed; undefined for someone new. */
  readonly userId: string | undefined;
  onSaved(userId: string): void;
  onClose(): void;
}) {
  const before = userId === undefined ? undefined : people.value.get(userId);
  const dialog = useRef<HTMLDialogElement>(null);
  const [username, setUsername] = useState(before?.username ?? "");
  const [isOfStaff, setStaff] = useState(before !== undefined && isStaff(before));
  const [dmsClosed, setClosed] = useState(before?.dmsClosed ?? false);
  const [isElsewhere, setElsewhere] = useState(before ? !before.sharesGuild : false);
  const [chosen, setChosen] = useState<readonly string[]>(before?.roles ?? []);
  const [problem, setProblem] = useState<string | undefined>();
  useEffect(() => dialog.current?.showModal(), []);

  const save = async () => {
    try {
      const saved = await call("discord", "savePerson", {
        ...(userId !== undefined && { id: userId }),
        username,
        isStaff: isOfStaff,
        dmsClosed,
        sharesGuild: !isElsewhere,
        roles: [...chosen],
      });
      onSaved(saved);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const server = [...guilds.value.values()].map(({ name }) => name).join(", ");
  const boxes = [
    ["Staff (may manage the server)", isOfStaff, setStaff],
    ["Accepts no DMs", dmsClosed, setClosed],
    ["Has left the server", isElsewhere, setElsewhere],
  ] as const;
  return (
    <dialog ref={dialog} class="modal" aria-labelledby="person-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <header>
          <h2 id="person-title">
            {before ? `Change ${before.username}` : `Add a person to ${server}`}
          </h2>
        </header>
        <div class="form-fields">
          <div class="form-field">
            <label for="person-name">Name</label>
            <input
              id="person-name"
              required
              maxLength={32}
              value={username}
              onInput={({ currentTarget }) => setUsername(currentTarget.value)}
            />
          </div>
          {boxes.map(([label, checked, set]) => (
            <label class="check" key={label}>
              <input
                type="checkbox"
                checked={checked}
                onChange={({ currentTarget }) => set(currentTarget.checked)}
              />
              {label}
            </label>
          ))}
          {roles.value.size > 0 && (
            <fieldset>
              <legend>Roles</legend>
              {[...roles.value.values()].map(({ id, name }) => (
                <label class="check" key={id}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(id)}
                    onChange={({ currentTarget: { checked } }) =>
                      setChosen(checked ? [...chosen, id] : chosen.filter((each) => each !== id))
                    }
                  />
                  @{name}
                </label>
              ))}
            </fieldset>
          )}
        </div>
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <footer>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary">
            {before ? "Save" : "Add"}
          </button>
        </footer>
      </form>
    </dialog>
  );
}
