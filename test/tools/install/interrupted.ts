import type { Step } from "../../../tools/install/step.ts";

/** The process was killed. */
export class KilledError extends Error {
  override name = "KilledError";
}

/** Steps during each of which the process is killed once, before or after its effect; and those where it was. */
export function killedOnceAt(steps: readonly Step[], when: "before" | "after") {
  const killed = new Set<string>();
  const kill = async (name: string, work: () => Promise<unknown> | undefined) => {
    if (killed.has(name)) return await work();
    if (when === "after") await work();
    killed.add(name);
    throw new KilledError(name);
  };
  const deadly = steps.map(
    (step): Step => ({
      ...step,
      ...(step.run && {
        run: async (installation) => void (await kill(step.name, () => step.run?.(installation))),
      }),
      ...(step.undo && {
        undo: async (installation) => {
          const done = await kill(`undo ${step.name}`, () => step.undo?.(installation));
          return typeof done === "string" ? done : undefined;
        },
      }),
    }),
  );
  return { steps: deadly, killed };
}
