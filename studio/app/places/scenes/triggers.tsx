import { useSignal } from "@preact/signals";
import { type Answer, call } from "../../api/api.ts";
import { Field, Form } from "../../ui/form/form.tsx";
import { SceneLink } from "./scene-link.tsx";

type Trigger = Answer<"scenes", "list">["triggers"][number];

/** Every event of `./dev trigger`, with its options. */
export function Triggers({ triggers }: { triggers: readonly Trigger[] }) {
  return (
    <section class="card stack">
      <h2>Single events</h2>
      <p class="quiet">
        The same as <code>./dev trigger NAME</code> in a terminal. Empty fields are chosen for you.
      </p>
      <ul class="triggers">
        {triggers.map((trigger) => (
          <TriggerForm key={trigger.name} trigger={trigger} />
        ))}
      </ul>
    </section>
  );
}

function TriggerForm({ trigger: { name, does, options } }: { trigger: Trigger }) {
  const result = useSignal<Answer<"scenes", "trigger"> | undefined>(undefined);
  return (
    <li>
      <details>
        <summary>
          <strong>{name}</strong> <span class="quiet">{does}</span>
        </summary>
        <Form
          label={`Trigger ${name}`}
          button="Trigger it"
          keeps
          action={async (filled) => {
            result.value = await call("scenes", "trigger", { name, options: filled });
          }}
        >
          {options.map((option) => (
            <Field
              key={option.name}
              name={option.name}
              label={option.name}
              hint={option.does}
              required={false}
            />
          ))}
        </Form>
        <p role="status">
          {result.value && (
            <span class="row">
              {result.value.said}
              {result.value.links.map((link) => (
                <SceneLink key={link.href} {...link} />
              ))}
            </span>
          )}
        </p>
      </details>
    </li>
  );
}
