import { Writable } from "node:stream";
import { createDeps, type Deps } from "../../../functions/operations/deps.ts";
import { type Config, loadConfig, type SettingName } from "../../../shared/runtime/config.ts";
import { createPlatformDeps } from "../../../shared/runtime/deps.ts";
import { createLog } from "../../../shared/runtime/log.ts";
import { runOps } from "../../../tools/ops/run-ops.ts";
import type { TestCloud } from "../cloud.ts";

const PUBLISH_DEADLINE_MS = 10_000;

/** An operator who runs `./dev ops` on a cloud. */
export function operator({
  settings,
  clock,
  fetch,
  connect,
}: Pick<TestCloud, "settings" | "clock" | "fetch" | "connect">) {
  const opened = new Map<string, Deps>();
  const depsWith = (names: readonly SettingName[]): Deps => {
    const config = loadConfig(settings, names) as Config;
    const key = names.join();
    const connections = { ...connect(config, PUBLISH_DEADLINE_MS), fetch };
    const deps =
      opened.get(key) ??
      createDeps(
        createPlatformDeps(
          config,
          clock,
          createLog(() => undefined),
          connections,
        ),
        connections.database,
      );
    opened.set(key, deps);
    return deps;
  };

  const context = {
    /** The questions that the commands asked. */
    questions: [] as string[],
    /** The answer, or what happens while answering; undefined if there is no terminal. */
    answer: undefined as boolean | (() => Promise<boolean>) | undefined,

    /** Runs a command; returns its output and exit code. */
    async ops(...words: readonly string[]) {
      const [out, err] = [new Collected(), new Collected()];
      const { answer, questions } = context;
      const ask = async (question: string) => {
        questions.push(question);
        return typeof answer === "function" ? answer() : answer === true;
      };
      const code = await runOps(words, {
        out,
        err,
        ask: answer === undefined ? undefined : ask,
        open: async (names) => ({ name: "the test cloud", deps: depsWith(names) }),
      });
      return { code, out: out.text, err: err.text };
    },
  };
  return context;
}

class Collected extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString("utf8");
    done();
  }
}
