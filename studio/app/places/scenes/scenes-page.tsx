import { useSignal } from "@preact/signals";
import { type Answer, call } from "../../api/api.ts";
import { useCall } from "../../api/use-call.ts";
import { goTo, place } from "../../shell/router.ts";
import { attempt, notify } from "../../shell/toasts.ts";
import { Badge } from "../../ui/badge/badge.tsx";
import { SceneLink } from "./scene-link.tsx";
import { Triggers } from "./triggers.tsx";
import "../../ui/lists.css";
import "./scenes.css";

const MOST_SEED = 999_999;
const drawnSeed = () => Math.floor(Math.random() * (MOST_SEED + 1));

type Scene = Answer<"scenes", "list">["scenes"][number];
type Last = NonNullable<Answer<"scenes", "read">["last"]>;

const linkOf = (name: string, seed: number) => `/scenes?scene=${name}&seed=${seed}`;

/** Scenes to set up with one press, and single events. */
export function ScenesPage() {
  const { value: listed, problem } = useCall("scenes", "list", {});
  const { value: read } = useCall("scenes", "read", {});
  const { query } = place.value;
  const shared = listed?.scenes.find(({ name }) => name === query.get("scene"));
  const sharedSeed = Number(query.get("seed"));
  const isRunning = read?.last?.state === "running";
  if (problem) return <p class="problem">{problem}</p>;
  if (!listed) return <p class="quiet">Loading…</p>;
  return (
    <div class="stack">
      {shared && (
        <section class="card stack shared-scene" aria-label="A shared scene">
          <h2>Start "{shared.title}"?</h2>
          <p>
            Somebody shared this scene with the seed {sharedSeed}. {shared.does} It is added to what
            is here, and the clock may be advanced.
          </p>
          <div class="row">
            <button
              type="button"
              class="primary"
              disabled={isRunning}
              onClick={() => {
                goTo("/scenes", "replace");
                void start(shared, sharedSeed);
              }}
            >
              Start it
            </button>
            <button type="button" onClick={() => goTo("/scenes", "replace")}>
              Not now
            </button>
          </div>
        </section>
      )}
      <ul class="scenes">
        {listed.scenes.map((scene) => (
          <SceneCard key={scene.name} scene={scene} isRunning={isRunning} />
        ))}
      </ul>
      {read?.last && <LastScene last={read.last} scenes={listed.scenes} />}
      <Triggers triggers={listed.triggers} />
    </div>
  );
}

function start({ name, title }: Scene, seed: number): Promise<boolean> {
  return attempt(() => call("scenes", "start", { name, seed }), `${title} is ready.`);
}

function SceneCard({ scene, isRunning }: { scene: Scene; isRunning: boolean }) {
  const seed = useSignal(drawnSeed());
  return (
    <li class="card scene" aria-label={scene.title}>
      <h2>{scene.title}</h2>
      <p class="quiet">{scene.does}</p>
      <div class="row">
        <button
          type="button"
          class="primary"
          disabled={isRunning}
          onClick={() => start(scene, seed.value)}
        >
          Set it up
        </button>
        <label class="row seed">
          Seed
          <input
            type="number"
            min="0"
            max={MOST_SEED}
            value={seed.value}
            onInput={({ currentTarget: { valueAsNumber } }) => {
              if (Number.isSafeInteger(valueAsNumber)) seed.value = valueAsNumber;
            }}
          />
        </label>
        <button
          type="button"
          title="Another seed"
          aria-label={`Draw another seed for ${scene.title}`}
          onClick={() => {
            seed.value = drawnSeed();
          }}
        >
          ↻
        </button>
      </div>
    </li>
  );
}

const KINDS = { running: "warn", ready: "good", failed: "bad" } as const;
const STATES = { running: "is being set up", ready: "is ready", failed: "failed" } as const;

function LastScene({ last, scenes }: { last: Last; scenes: readonly Scene[] }) {
  const link = linkOf(last.name, last.seed);
  const share = async () => {
    await navigator.clipboard.writeText(link);
    notify("done", "Copied. It goes after the address of any studio.");
  };
  return (
    <section class="card stack" aria-label="The latest scene" aria-live="polite">
      <div class="row">
        <h2>{scenes.find(({ name }) => name === last.name)?.title}</h2>
        <Badge kind={KINDS[last.state]}>{STATES[last.state]}</Badge>
        <span class="quiet">seed {last.seed}</span>
      </div>
      {last.problem && <p class="problem">{last.problem}</p>}
      {last.links.length > 0 && (
        <div class="row">
          {last.links.map(({ label, href }) => (
            <SceneLink key={href} label={label} href={href} />
          ))}
        </div>
      )}
      <details open={last.state !== "ready"}>
        <summary>What was done ({last.lines.length})</summary>
        <ol class="scene-steps">
          {last.lines.map((line, index) => (
            <li key={`${index} ${line}`}>{line}</li>
          ))}
        </ol>
      </details>
      <div class="row">
        <span class="quiet">To share it:</span>
        <code>{link}</code>
        <button type="button" onClick={() => attempt(share)}>
          Copy
        </button>
        <code>
          ./dev up --scene {last.name} --seed {last.seed}
        </code>
      </div>
    </section>
  );
}
