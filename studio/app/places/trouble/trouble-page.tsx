import { type Answer, call } from "../../api/api.ts";
import { useCall } from "../../api/use-call.ts";
import { Choice, Field, Form } from "../../ui/form/form.tsx";
import { Press } from "../../ui/press.tsx";
import { untilText } from "../time/until.ts";
import { useNow } from "../time/use-now.ts";
import { StormCard } from "./storm-card.tsx";
import "./trouble.css";

type Listed = Answer<"trouble", "list">;

/** Faults to switch on, machines that fail, and a storm of bidders. */
export function TroublePage() {
  const { value: listed, problem } = useCall("trouble", "list", {});
  if (problem) return <p class="problem">{problem}</p>;
  if (!listed) return <p class="quiet">Loading…</p>;
  return (
    <div class="stack">
      <FaultsCard presets={listed.presets} />
      <InstancesCard listed={listed} />
      <StormCard />
    </div>
  );
}

const OFTEN = [
  ["1", "always"],
  ["0.5", "half of the time"],
  ["0.2", "one time in five"],
  ["0.05", "one time in twenty"],
] as const;
const LASTING = [
  ["60", "for a minute"],
  ["10", "for ten seconds"],
  ["600", "for ten minutes"],
  ["", "until removed"],
] as const;

function FaultsCard({ presets }: { presets: Listed["presets"] }) {
  return (
    <section class="card stack">
      <h2>Faults</h2>
      <Form
        label="Switch on a fault"
        button="Switch it on"
        keeps
        action={({ name = "", probability, lasting }) =>
          call("trouble", "add", {
            name,
            probability: Number(probability),
            ...(lasting ? { seconds: Number(lasting) } : {}),
          })
        }
      >
        <Choice
          name="name"
          label="What fails"
          options={presets.map(({ name }) => [name, name] as const)}
        />
        <Choice name="probability" label="How often" options={OFTEN} />
        <Choice name="lasting" label="How long" options={LASTING} />
      </Form>
      <ActiveFaults />
    </section>
  );
}

function ActiveFaults() {
  const { value } = useCall("trouble", "active", {});
  const now = useNow();
  if (!value) return null;
  if (value.rules.length === 0) {
    return <p class="quiet">Nothing fails. A fault that you switch on is listed here.</p>;
  }
  return (
    <div class="stack">
      <ul class="faults" aria-label="Active faults">
        {value.rules.map(({ id, name, applied, untilMs, probability }) => (
          <li key={id} class="row">
            <strong>{name}</strong>
            <span class="quiet">
              {Math.round(100 * probability)}%
              {untilMs && now && `, ends ${untilText(untilMs - now.ms)}`}
            </span>
            <span class="used">{applied === 0 ? "not used yet" : `used ${applied}×`}</span>
            <Press action={() => call("trouble", "remove", { id })} title={`Remove ${name}`}>
              Remove
            </Press>
          </li>
        ))}
      </ul>
      <div>
        <Press action={() => call("trouble", "removeAll", {})} done="Nothing fails any more.">
          Remove all
        </Press>
      </div>
    </div>
  );
}

function InstancesCard({ listed: { functions, mostLostWrites } }: { listed: Listed }) {
  return (
    <section class="card stack">
      <h2>Instances and Redis</h2>
      <Form
        label="Kill a function's instance"
        button="Kill its instance"
        keeps
        done="Killed. The next request starts another instance."
        action={({ name }) => {
          const found = functions.find((each) => each === name);
          if (!found) throw new Error("Choose a function.");
          return call("trouble", "killFunction", { name: found });
        }}
      >
        <Choice
          name="name"
          label="Function"
          options={functions.map((name) => [name, name] as const)}
        />
      </Form>
      {mostLostWrites > 0 && (
        <Form
          label="Fail Redis over"
          button="Fail Redis over"
          keeps
          done="Redis continues without the latest writes."
          action={({ lost }) => call("trouble", "failOverRedis", { lost: Number(lost) })}
        >
          <Field
            name="lost"
            label={`Writes that it loses, at most ${mostLostWrites}`}
            value="5"
            isNumber
          />
        </Form>
      )}
      <Form
        label="Let Redis hang"
        button="Let Redis hang"
        keeps
        done="Redis answers nothing."
        action={({ seconds }) => call("trouble", "hangRedis", { seconds: Number(seconds) })}
      >
        <Field name="seconds" label="Seconds" value="10" isNumber />
      </Form>
      <div class="row">
        <Press action={() => call("trouble", "loseRedis", {})} done="Redis is empty.">
          Restart Redis empty
        </Press>
        {["Firestore is unavailable", "Pub/Sub refuses to publish"].map((name) => (
          <Press
            key={name}
            done={`${name} for ten seconds.`}
            action={() => call("trouble", "add", { name, probability: 1, seconds: 10 })}
          >
            {name} for 10 seconds
          </Press>
        ))}
      </div>
    </section>
  );
}
