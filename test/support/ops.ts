import { Writable } from "node:stream";
import { type Config, loadConfig } from "../../shared/runtime/config.ts";
import { createDeps } from "../../shared/runtime/deps.ts";
import { createLog } from "../../shared/runtime/log.ts";
import { runOps } from "../../tools/ops/run-ops.ts";
import type { TestCloud } from "./cloud.ts";

/** An operator at a desk of their own, who uses `./dev ops` on a cloud. */
export function operator({ settings, clock }: Pick<TestCloud, "settings" | "clock">) {
  const desk = {
    /** The questions that were asked. */
    questions: [] as string[],
    /** What is answered; undefined where nobody could. */
    answer: undefined as boolean | undefined,

    /** What a command writes, and its exit code. */
    async ops(...words: readonly string[]) {
      const [out, err] = [new Collected(), new Collected()];
      const { answer, questions } = desk;
      const ask = async (question: string) => {
        questions.push(question);
        return answer === true;
      };
      const code = await runOps(words, {
        ...{ out, err, ask: answer === undefined ? undefined : ask },
        open: async (names) => {
          const config = loadConfig(settings, names) as Config;
          const log = createLog(() => undefined);
          return { name: "the test cloud", deps: createDeps(config, clock, log, 10_000) };
        },
      });
      return { code, out: out.text, err: err.text };
    },
  };
  return desk;
}

class Collected extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString("utf8");
    done();
  }
}
