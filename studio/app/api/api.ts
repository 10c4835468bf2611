import { signal } from "@preact/signals";
import type { Call } from "../../server/panel.ts";
import type { Panels } from "../../server/panels/index.ts";

type CallOf<P extends keyof Panels, C> = C extends keyof Panels[P]["calls"]
  ? Panels[P]["calls"][C]
  : never;
type InputOf<C> = C extends Call<infer Schema, unknown> ? Schema["_zod"]["input"] : never;
type OutputOf<C> = C extends Call<infer _Schema, infer Output> ? Output : never;

/** What a call of a panel answers. */
export type Answer<P extends keyof Panels, C extends keyof Panels[P]["calls"]> = OutputOf<
  CallOf<P, C>
>;

const TOKEN = "studio-token";

/** Takes the token from the link's fragment, where it does not stay. */
export function takeToken(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return;
  localStorage.setItem(TOKEN, token);
  history.replaceState(null, "", location.pathname + location.search);
}

const headers = () => ({
  "content-type": "application/json",
  "x-studio-token": localStorage.getItem(TOKEN) ?? "",
});

/** Why the studio cannot be reached; undefined while it can. */
export const connectionProblem = signal<string | undefined>(undefined);

/** Makes a call of a panel. Rejects with the reason when it is refused. */
export async function call<P extends keyof Panels, C extends keyof Panels[P]["calls"] & string>(
  panel: P,
  name: C,
  input: InputOf<CallOf<P, C>>,
): Promise<Answer<P, C>> {
  const response = await fetch(`/api/${panel}/${name}`, {
    method: "POST",
    headers: headers(),
    body: JSON.stringify(input),
  });
  const body = await response.json();
  if (response.status === 401) connectionProblem.value = body.error;
  if (!response.ok) throw new Error(body.error);
  return body;
}

/** How long the page waits before it connects again. */
const RECONNECT_MS = 1_000;

/** The newest version of each panel's data. */
export const versions = signal<Readonly<Partial<Record<keyof Panels, string | number>>>>({});

/** Keeps `versions` current for as long as the page is open. */
export async function followChanges(): Promise<void> {
  for (;;) {
    try {
      await followOnce();
    } catch {
      connectionProblem.value ??= "./dev up does not answer. Start it again and open its new link.";
    }
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
  }
}

async function followOnce(): Promise<void> {
  const response = await fetch("/api/changes", { headers: headers() });
  if (!response.ok || !response.body) {
    connectionProblem.value = (await response.json()).error;
    return;
  }
  connectionProblem.value = undefined;
  let rest = "";
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) versions.value = { ...versions.value, ...JSON.parse(line) };
  }
}
