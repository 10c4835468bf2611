import { Writable } from "node:stream";
import { connectFirestore } from "../../../../shared/clients/firestore.ts";
import { runDoctor } from "../../../doctor/run.ts";
import { type FunctionSettingName, settingNames } from "../../../settings/function-settings.ts";
import { isSecret } from "../../../settings/values.ts";
import { savedIn } from "../../questions/answers.ts";
import { blocked, done, missing, type Step } from "../../step.ts";

/** Everything that `./dev doctor` checks, as it checks it: from the files, not from what this run knows. */
export const doctor: Step = {
  name: "doctor",
  slowCheck: "checking everything once more, which takes up to a minute",
  async check({ context }) {
    const { environment, folder, clock } = context;
    let text = "";
    const output = new Writable({
      write: (chunk, _encoding, next) => {
        text += String(chunk);
        next();
      },
    });
    const code = await runDoctor({ environment, folder, clock, output });
    const lines = text
      .replace(/\n +→ /g, " → ")
      .trimEnd()
      .split("\n");
    const last = lines.at(-1) ?? "";
    if (code === 0) return done(`${last} To read them, run ./dev doctor`);
    for (const line of lines.filter((each) => each.startsWith("WRONG"))) context.person.say(line);
    return blocked(
      last,
      "Do what each line says after its →, then press Enter. An index that is being built takes some minutes",
    );
  },
};

/** Takes secrets out of `c500.env` that are in Secret Manager. */
export const savedSecrets: Step = {
  name: "c500.env",
  async check(installation) {
    const left = await storedElsewhere(installation);
    return left.length === 0
      ? done("has no secret that Secret Manager has")
      : missing(`taking out ${left.length} secrets that Secret Manager has`);
  },
  async run(installation) {
    installation.forget(await storedElsewhere(installation));
  },
};

async function storedElsewhere({ context, secrets }: Parameters<Step["check"]>[0]) {
  const saved = savedIn(context.folder);
  const found: FunctionSettingName[] = [];
  for (const name of settingNames.filter(isSecret)) {
    const value = saved[name];
    if (value && (await secrets.newest(name))?.value === value) found.push(name);
  }
  return found;
}

/** The proof that it works. Only a person can type it in Discord. */
export const firstLive: Step = {
  name: "first /c500 live",
  async check({ values, projectId }) {
    const firestore = await connectFirestore({ GOOGLE_CLOUD_PROJECT: projectId })();
    const builders = await firestore.collection("builders").limit(1).get();
    const lives = await firestore.collection("go_lives").limit(1).get();
    if (!lives.empty) return done("a builder has gone live");
    const server = `https://discord.com/channels/${values.DISCORD_GUILD_ID}`;
    return builders.empty
      ? blocked(
          "nobody is a builder yet",
          `In Discord (${server}) type /c500 register and sign in at Twitch; then press Approve in #operators. Go live on Twitch, and type /c500 live context:chat`,
        )
      : blocked(
          "nobody has gone live yet",
          `Go live on Twitch, any scene will do; then type /c500 live context:chat in Discord (${server}). Twitch lists a stream up to two minutes late`,
        );
  },
};
