import { useSignal } from "@preact/signals";
import { type Answer, call } from "../../api/api.ts";
import { Choice, Field, type Filled, Form } from "../../ui/form/form.tsx";
import { Press } from "../../ui/press.tsx";

type Plans = Answer<"replay", "plans">;

/** Chooses the simulation: a stored failure, a kept seed, or a scenario with its seed. */
export function Choose({ plans: { files, kept, scenarios, troubles } }: { plans: Plans }) {
  const chosen = useSignal(0);
  const choices = [
    ...files.map(({ file, plan }) => ({ text: `.local/simulation/${file}`, plan })),
    ...kept.map((plan) => ({
      text: `${plan.scenario} ${plan.seed}, once broke ${plan.rule}`,
      plan,
    })),
  ];
  const choice = choices[chosen.value];
  // What ./dev simulate draws by default comes first.
  const faults = ["some", ...troubles.filter((trouble) => trouble !== "some")];
  const plain = (values: readonly string[]) => values.map((value) => [value, value] as const);
  return (
    <section class="card stack" aria-label="Choose a simulation">
      <h2>Replay a simulation</h2>
      <div class="row">
        <label class="row">
          Seed
          <select
            value={chosen.value}
            onChange={({ currentTarget }) => {
              chosen.value = currentTarget.selectedIndex;
            }}
          >
            {choices.map(({ text }, index) => (
              <option key={`${index} ${text}`} value={index}>
                {text}
              </option>
            ))}
          </select>
        </label>
        {choice && <Press action={() => call("replay", "start", choice.plan)}>Replay it</Press>}
      </div>
      {choice?.plan.cause && <p class="quiet cause">{choice.plan.cause}</p>}
      <details>
        <summary>Another seed</summary>
        <Form label="Another seed" button="Run it" keeps action={startTyped}>
          <Choice name="scenario" label="Scenario" options={plain(scenarios)} />
          <Field name="seed" label="Seed" value="1" isNumber />
          <Field name="steps" label="Steps" value="40" isNumber />
          <Choice name="trouble" label="Faults" options={plain(faults)} />
        </Form>
      </details>
      <details>
        <summary>Paste a simulation</summary>
        <Form
          label="Paste a simulation"
          button="Run it"
          keeps
          action={({ json = "" }) => call("replay", "paste", { json })}
        >
          <textarea
            name="json"
            rows={3}
            aria-label="The simulation as JSON"
            placeholder='{"scenario": "auction", "seed": 7, "trouble": "all", "steps": 40}'
          />
        </Form>
      </details>
    </section>
  );
}

/** The server checks the fields, so that a refusal has the same words for every way to start. */
function startTyped({ seed = "", steps = "", ...others }: Filled): Promise<unknown> {
  const plan = { ...others, seed: numberIn("Seed", seed), steps: numberIn("Steps", steps) };
  return call("replay", "paste", { json: JSON.stringify(plan) });
}

function numberIn(label: string, typed: string): number {
  if (!/^\d+$/.test(typed.trim())) throw new Error(`${label} is a whole number, such as 40.`);
  return Number(typed);
}
