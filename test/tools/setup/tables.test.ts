import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { expect, test } from "@jest/globals";
import { functionNames, manifest } from "../../../functions/manifest.ts";
import type { Trigger } from "../../../shared/runtime/function/function-row.ts";
import { mayDo, permissionsIn } from "../../../tools/doctor/checks/discord/permissions.ts";
import {
  GoogleError,
  googleRemedy,
  NoCredentialsError,
} from "../../../tools/doctor/checks/google/rest.ts";
import { handledEvents } from "../../../tools/doctor/checks/stripe/endpoints.ts";
import { isRequired, settingNames } from "../../../tools/settings/function-settings.ts";
import { questions } from "../../../tools/settings/questions.ts";
import { type GivenName, isSecret } from "../../../tools/settings/values.ts";
import { secretsToKeep } from "../../../tools/setup/variables-file.ts";

test("every event that Stripe sends has one subscriber, and every subscriber receives its events", () => {
  const asked = Object.values(handledEvents).flat();
  const prefixes = functionNames.flatMap((name) => {
    const trigger: Trigger = manifest[name].trigger;
    if (trigger.kind !== "topic" || trigger.topic !== "stripe-events") return [];
    const { type } = trigger.filter ?? {};
    return [typeof type === "string" ? type : (type?.startsWith ?? "")];
  });
  for (const type of asked) {
    expect(prefixes.filter((prefix) => type.startsWith(prefix))).toHaveLength(1);
  }
  for (const prefix of prefixes) {
    expect(asked).toContainEqual(expect.stringMatching(new RegExp(`^${prefix}`)));
  }
});

test("c500.env.example lists every question's setting, without values", () => {
  const example = parseEnv(readFileSync("c500.env.example", "utf8"));
  expect(Object.keys(example).sort()).toEqual(questions.map(({ name }) => name).sort());
  expect(new Set(Object.values(example))).toEqual(new Set([""]));
});

test("every setting that functions need is asked for, generated, or known to Terraform", () => {
  const needed: GivenName[] = settingNames.filter(isRequired);
  const made = ["FUNCTIONS_BASE_URL", "FUNCTION_URL_TEMPLATE", "UPSTASH_REDIS_REST_URL"];
  const others = [
    ...made,
    "UPSTASH_REDIS_REST_TOKEN",
    "TWITCH_EVENTSUB_SECRET",
    "STRIPE_WEBHOOK_SECRETS",
    "FORGOTTEN_KEY",
    "SESSION_KEY",
  ];
  const known = [...questions.map(({ name }) => name), ...others];
  expect(needed.filter((name) => !known.includes(name))).toEqual([]);
});

test("setup gives Terraform exactly the secret versions that it requires", () => {
  const { settings: rows } = JSON.parse(readFileSync("terraform/functions.json", "utf8")) as {
    settings: Record<string, { secret: boolean }>;
  };
  const secrets = Object.keys(rows).filter((name) => rows[name]?.secret);
  expect(secrets.sort()).toEqual([...secretsToKeep].sort());
  expect(settingNames.filter(isSecret).sort()).toEqual(secrets);
});

const VIEW = String(1n << 10n);
const SEND = String(1n << 11n);
const guild = {
  id: "1",
  owner_id: "9",
  roles: [
    { id: "1", permissions: VIEW },
    { id: "2", permissions: SEND },
    { id: "3", permissions: String(1n << 3n) },
  ],
};
const layer = (id: string, type: number, allow: string, deny: string) => ({
  id,
  type,
  allow,
  deny,
});

test.each([
  ["only the @everyone role", "5", [], [], [true, false]],
  ["another role in addition", "5", ["2"], [], [true, true]],
  [
    "an administrator, whatever the channel denies",
    "5",
    ["3"],
    [["1", 0, "0", VIEW]],
    [true, true],
  ],
  ["the owner", "9", [], [["1", 0, "0", VIEW]], [true, true]],
  ["a channel closed to everyone", "5", ["2"], [["1", 0, "0", VIEW]], [false, true]],
  [
    "a channel closed to everyone and open to a role",
    "5",
    ["2"],
    [
      ["1", 0, "0", VIEW],
      ["2", 0, VIEW, "0"],
    ],
    [true, true],
  ],
  [
    "a channel that denies to one role and allows to another",
    "5",
    ["2", "4"],
    [
      ["2", 0, "0", SEND],
      ["4", 0, SEND, "0"],
    ],
    [true, true],
  ],
  [
    "a channel open to a role and closed to the member",
    "5",
    ["2"],
    [
      ["5", 1, "0", SEND],
      ["2", 0, SEND, "0"],
    ],
    [true, false],
  ],
] as const)("permissions of %s", (_what, id, roles, overwrites, [mayView, maySend]) => {
  const layers = overwrites.map(([of, type, allow, deny]) => layer(of, type, allow, deny));
  const permissions = permissionsIn(guild, { id, roles }, layers);
  expect(mayDo(permissions, "VIEW_CHANNEL")).toBe(mayView);
  expect(mayDo(permissions, "SEND_MESSAGES")).toBe(maySend);
});

test.each([
  ["nobody is signed in", new NoCredentialsError("none"), /gcloud auth application-default login/],
  [
    "nobody is signed in for gRPC",
    new Error("Could not load the default credentials."),
    /gcloud auth application-default login/,
  ],
  [
    "the API is off",
    new GoogleError(403, "SERVICE_DISABLED", "It is disabled."),
    /gcloud services enable secretmanager\.googleapis\.com --project p/,
  ],
  ["access is denied", new GoogleError(403, "PERMISSION_DENIED", "No."), /Ask an owner of p/],
  ["it is denied over gRPC", Object.assign(new Error("No."), { code: 7 }), /Ask an owner of p/],
  ["there is no project", new GoogleError(404, "NOT_FOUND", "No."), /gcloud projects list/],
  ["Google is down", new GoogleError(503, "UNAVAILABLE", "Later."), /status\.cloud\.google\.com/],
])("the remedy is given when %s", (_what, error, remedy) => {
  expect(googleRemedy(error, "secretmanager", "p")).toMatch(remedy);
});
