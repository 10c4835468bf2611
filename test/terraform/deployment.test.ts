import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { documentDefinitions } from "../../functions/documents.ts";
import { functionNames, manifest } from "../../functions/manifest.ts";
import { indexDefinitions, pubSubPlan } from "../../local/cloud/wiring.ts";
import type { FunctionRow } from "../../shared/runtime/function/function-row.ts";
import { COMPILE_CACHE } from "../../tools/build/package-files.ts";
import { DEFAULT_VCPUS } from "../../tools/doctor/checks/google/quota.ts";
import { isSecretSetting, settingNames } from "../../tools/settings/function-settings.ts";
import { block, chosen, type Row, readTerraform, type Terraform } from "./read-terraform.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const generated = JSON.parse(read("terraform/functions.json")) as {
  readonly functions: Readonly<Record<string, Row>>;
  readonly topics: readonly string[];
  readonly queues: Readonly<Record<string, unknown>>;
  readonly settings: Readonly<Record<string, { readonly secret: boolean }>>;
};
const rows: [string, FunctionRow][] = functionNames.map((name) => [name, manifest[name]]);
const namesOf = (holds: (row: FunctionRow) => boolean) =>
  rows.flatMap(([name, row]) => (holds(row) ? [name] : []));

let terraform: Terraform;
beforeAll(async () => {
  terraform = await readTerraform();
});

/** What a local that is used in `for_each` chooses. */
const chosenBy = (local: string) => chosen(terraform.locals[local], generated.functions);

describe("every function of the manifest", () => {
  test("is deployed, with its own limits, on Node 24, as its own account", () => {
    expect(Object.keys(generated.functions).sort()).toEqual([...functionNames].sort());
    expect(terraform.locals["deployed"]).toBe(
      "{{ for name, row in local.functions : name => row if var.deploy_functions }}",
    );
    const deployed = terraform.one("google_cloudfunctions2_function", "function");
    expect(deployed["for_each"]).toBe("{local.deployed}");
    expect(block(deployed, "build_config")).toMatchObject({
      runtime: "nodejs24",
      entry_point: "{each.value.entryPoint}",
    });
    expect(block(deployed, "service_config")).toMatchObject({
      available_memory: "{each.value.memoryMiB}Mi",
      available_cpu: "{tostring(each.value.cpu)}",
      max_instance_request_concurrency: "{each.value.concurrency}",
      min_instance_count: "{each.value.minInstances}",
      max_instance_count: "{local.max_instances[each.key]}",
      timeout_seconds: "{each.value.timeoutSeconds}",
      service_account_email: "{google_service_account.function[each.key].email}",
    });
  });

  test("leaves Discord its processors of a new project's 20, however busy any four others are", () => {
    const busiest = rows
      .filter(([name]) => name !== "discord-interactions")
      .map(([, { maxInstances, cpu }]) => maxInstances * cpu)
      .sort((one, other) => other - one);
    const { maxInstances, cpu } = manifest["discord-interactions"];
    const together = busiest.slice(0, 4).reduce((sum, each) => sum + each, maxInstances * cpu);
    expect(together).toBeLessThanOrEqual(DEFAULT_VCPUS);
    const quota = terraform.variables.get("vcpu_quota");
    expect(quota?.["default"]).toBe(DEFAULT_VCPUS);
    expect(terraform.locals["max_instances"]).toBe(
      "{{ for name, row in local.functions : name => max(1, floor(row.maxInstances * var.vcpu_quota / 20)) }}",
    );
  });

  test("has an address that is known in advance: its first label fits", () => {
    for (const name of functionNames) expect(`${name}-123456789012`.length).toBeLessThanOrEqual(63);
  });

  test("stays when Terraform creates only what functions depend on", () => {
    const deployed = terraform.one("terraform_data", "deployed");
    expect(deployed["count"]).toBe("{var.deploy_functions ? 1 : 0}");
    expect(block(deployed, "lifecycle")["prevent_destroy"]).toBe(true);
    // What setup and doctor say of a missing secret limits the plan to these.
    expect(terraform.one("google_secret_manager_secret", "secret")).toBeDefined();
  });

  test("is uploaded under a name that changes with its content", () => {
    const upload = terraform.one("google_storage_bucket_object", "source");
    expect(upload["name"]).toBe("{each.key}/{filesha256(each.value)}.zip");
  });

  test("has an account whose name Google takes and no other has", () => {
    const callers = Object.keys(terraform.locals["callers"] as object);
    const ids = [
      ...functionNames.map((name) => `fn-${name}`),
      ...Object.keys(generated.queues).map((name) => `tasks-${name}`),
      ...callers.map((name) => `c500-${name}`),
      ...terraform.of("google_service_account").map((account) => String(account["account_id"])),
    ].filter((id) => !id.includes("{"));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
    expect(terraform.one("google_service_account", "function")).toMatchObject({
      for_each: "{local.functions}",
      account_id: "fn-{each.key}",
    });
  });
});

describe("a function can be called", () => {
  test("by everyone only where its row says that it is public", () => {
    const open = terraform.resources.filter((resource) =>
      /allUsers|allAuthenticatedUsers/.test(JSON.stringify(resource)),
    );
    expect(open.map(({ label }) => label)).toEqual(["public"]);
    expect(open[0]).toMatchObject({
      type: "google_cloud_run_v2_service_iam_member",
      role: "roles/run.invoker",
      for_each: "{local.public_functions}",
    });
    expect(chosenBy("public_functions").sort()).toEqual(
      namesOf(({ trigger }) => trigger.kind === "http" && trigger.isPublic).sort(),
    );
  });

  test.each([
    ["push", "subscribers", "topic"],
    ["scheduler", "scheduled", "schedule"],
  ])("by the account %s if it is one of the %s, by a %s", (caller, local, kind) => {
    const grant = terraform.one("google_cloud_run_v2_service_iam_member", caller);
    expect(grant).toMatchObject({
      for_each: `{local.${local}}`,
      role: "roles/run.invoker",
      member: `{google_service_account.caller["${caller}"].member}`,
    });
    expect(chosenBy(local)).toEqual(namesOf(({ trigger }) => trigger.kind === kind));
  });

  test("by its own queue's account and no other if it is a worker", () => {
    expect(terraform.one("google_service_account", "tasks")).toMatchObject({
      for_each: "{local.manifest.queues}",
      account_id: "tasks-{each.key}",
    });
    expect(terraform.one("google_cloud_run_v2_service_iam_member", "tasks")).toMatchObject({
      for_each: "{local.workers}",
      role: "roles/run.invoker",
      member: "{google_service_account.tasks[each.key].member}",
    });
    expect(chosenBy("workers")).toEqual(namesOf(({ trigger }) => trigger.kind === "queue"));
  });

  test("by the community's other services if it is neither public nor called by Google", () => {
    expect(chosenBy("internal_functions")).toEqual(["internal-api"]);
  });
});

describe("a function may", () => {
  test("read its own secrets, publish to its own topics and fill its own queues, no others", () => {
    const pairs = (list: string, one: string) =>
      `{merge([for name, row in local.functions : { for ${one} in row.${list} : "{name}/{${one}}" => { function = name, ${one} = ${one} } }]...)}`;
    const grants = [
      ["google_secret_manager_secret_iam_member", "accessors", "secrets", "secret"],
      ["google_pubsub_topic_iam_member", "publishers", "publishes", "topic"],
      ["google_cloud_tasks_queue_iam_member", "enqueuers", "enqueues", "queue"],
    ] as const;
    for (const [type, local, list, one] of grants) {
      expect(terraform.locals[local]).toBe(pairs(list, one));
      const grant = terraform.of(type).find((each) => each["for_each"] === `{local.${local}}`);
      expect(grant?.["member"]).toBe(
        "{google_service_account.function[each.value.function].member}",
      );
      expect(JSON.stringify(grant)).toContain(`[each.value.${one}]`);
    }
  });

  test("create tasks only as the accounts of the queues that it fills", () => {
    expect(terraform.one("google_service_account_iam_member", "task_maker")).toMatchObject({
      for_each: "{local.enqueuers}",
      service_account_id: "{google_service_account.tasks[each.value.queue].name}",
      member: "{google_service_account.function[each.value.function].member}",
    });
    // So what anyone can call reaches one worker.
    const open = rows.filter(([, { trigger }]) => trigger.kind === "http" && trigger.isPublic);
    expect(open.flatMap(([, { enqueues }]) => enqueues)).toEqual(["auction-board"]);
  });

  test("do nothing in the whole project but log, build and use the database", () => {
    const grants = terraform.of("google_project_iam_member").map(({ label, role, for_each }) => ({
      label,
      role,
      for_each,
    }));
    const builds = '{toset(["roles/artifactregistry.writer", "roles/logging.logWriter"])}';
    expect(grants).toEqual(
      expect.arrayContaining([
        { label: "log_writer", role: "roles/logging.logWriter", for_each: "{local.functions}" },
        { label: "build", role: "{each.value}", for_each: builds },
        { label: "build_sources", role: "roles/storage.objectViewer", for_each: undefined },
        { label: "database", role: "{each.value}", for_each: "{local.database_users}" },
      ]),
    );
    expect(grants).toHaveLength(4);
    expect(JSON.stringify(terraform.resources)).not.toMatch(/roles\/(owner|editor|\w+\.admin)/);
  });

  test("read no bucket but that of the sources while it is built, least of all the state's", () => {
    const grant = terraform.one("google_project_iam_member", "build_sources");
    const { expression } = block(grant, "condition");
    const bucket =
      "projects/_/buckets/gcf-v2-sources-{data.google_project.this.number}-{var.region}";
    expect(expression).toBe(
      `resource.name.startsWith("${bucket}/") || resource.name == "${bucket}"`,
    );
    const others = terraform.resources.filter((each) =>
      JSON.stringify(each).includes("roles/storage"),
    );
    expect(others.map(({ label }) => label)).toEqual(["build_sources"]);
  });

  test("only read the database if anyone can call it, except the site, and only where it has to", () => {
    const readers = terraform.locals["database_readers"] as string[];
    const open = namesOf(({ trigger }) => trigger.kind === "http" && trigger.isPublic);
    for (const reader of readers) expect(open).toContain(reader);
    const users = String(terraform.locals["database_users"]);
    expect(users).toContain(
      'isPublic, false) && !contains(local.database_writers, name) ? "roles/datastore.viewer" : "roles/datastore.user"',
    );
    expect(terraform.locals["database_writers"]).toEqual(["web"]);
  });
});

describe("secrets", () => {
  test("that the code names exist, by the setting's name", () => {
    const secret = settingNames.filter(isSecretSetting);
    const known = Object.entries(generated.settings).flatMap(([name, setting]) =>
      setting.secret ? [name] : [],
    );
    expect(known.sort()).toEqual(secret.sort());
    expect(terraform.locals["secrets"]).toBe(
      "{toset([for name, setting in local.manifest.settings : name if setting.secret])}",
    );
    expect(terraform.one("google_secret_manager_secret", "secret")).toMatchObject({
      for_each: "{local.secrets}",
      secret_id: "{each.value}",
    });
  });

  test("have no value in any state: ./dev setup keeps each, Redis's token too", () => {
    expect(terraform.of("google_secret_manager_secret_version")).toEqual([]);
    expect(JSON.stringify(terraform.resources)).not.toContain("rest_token");
    const plain = Object.keys(
      block(terraform.one("google_cloudfunctions2_function", "function"), "service_config"),
    );
    expect(plain).toContain("environment_variables");
    expect(JSON.stringify(terraform.resources)).toContain("!contains(each.value.secrets, name)");
  });
});

test("functions look for their compile cache where the build has filled it", () => {
  const cache = `NODE_COMPILE_CACHE = "/workspace/${COMPILE_CACHE}"`;
  expect(read("terraform/functions.tf")).toContain(cache);
});

describe("queues and schedules", () => {
  test("are those of the manifest, by its policies", () => {
    expect(Object.keys(generated.queues).sort()).toEqual(chosenBy("workers").sort());
    const queue = terraform.one("google_cloud_tasks_queue", "queue");
    expect(queue["for_each"]).toBe("{local.manifest.queues}");
    expect(block(queue, "retry_config")).toEqual({
      max_attempts: "{each.value.maxAttempts}",
      max_retry_duration: "{each.value.maxRetryDurationSeconds}s",
      min_backoff: "{each.value.minimumBackoffSeconds}s",
      max_backoff: "{each.value.maximumBackoffSeconds}s",
      max_doublings: "{each.value.maxDoublings}",
    });
  });

  test("of functions that cron can say", () => {
    for (const [, { trigger }] of rows) {
      if (trigger.kind === "schedule") expect(60 % trigger.everyMinutes).toBe(0);
    }
    const job = terraform.one("google_cloud_scheduler_job", "schedule");
    expect(job["schedule"]).toBe("*/{each.value.trigger.everyMinutes} * * * *");
  });
});

describe("every subscription", () => {
  test("has a dead-letter topic, signed pushes, time enough for its function, and no end", () => {
    const push = terraform.one("google_pubsub_subscription", "push");
    expect(push["for_each"]).toBe("{local.subscribers}");
    expect(push["ack_deadline_seconds"]).toBe("{max(10, each.value.timeoutSeconds)}");
    for (const [, row] of rows) expect(row.timeoutSeconds).toBeLessThanOrEqual(600);
    expect(block(push, "dead_letter_policy")).toEqual({
      dead_letter_topic: "{local.dead_letters[each.key].topic}",
      max_delivery_attempts: "{local.dead_letters[each.key].attempts}",
    });
    expect(block(push, "expiration_policy")).toEqual({ ttl: "" });
    const { oidc_token } = block(push, "push_config");
    expect(oidc_token).toEqual([
      {
        service_account_email: '{google_service_account.caller["push"].email}',
        audience: "{google_cloudfunctions2_function.function[each.key].service_config[0].uri}",
      },
    ]);
  });

  test("but the last resort's is a push: there lies for a month what nothing else could keep", () => {
    const names = terraform.of("google_pubsub_subscription").map(({ label }) => label);
    expect(names.sort()).toEqual(["last_resort", "push"]);
    const last = terraform.one("google_pubsub_subscription", "last_resort");
    expect(last).toMatchObject({ message_retention_duration: `${31 * 86_400}s` });
    expect(block(last, "expiration_policy")).toEqual({ ttl: "" });
    expect(String(terraform.locals["dead_letters"])).toContain(
      "google_pubsub_topic.last_resort.id",
    );
  });

  test("waits for Pub/Sub's own account, which is made before it is given any right", () => {
    const identity = terraform.one("google_project_service_identity", "pubsub");
    expect(identity).toMatchObject({ provider: "{google-beta}", service: "pubsub.googleapis.com" });
    expect(terraform.one("time_sleep", "pubsub_known")).toMatchObject({
      triggers: { account: "{google_project_service_identity.pubsub.member}" },
    });
    expect(terraform.locals["pubsub_agent"]).toBe('{time_sleep.pubsub_known.triggers["account"]}');
  });

  test("may be emptied into its dead-letter topic by Pub/Sub's own account", () => {
    const agents = [
      terraform.one("google_pubsub_topic_iam_member", "dead_letter_agent"),
      terraform.one("google_pubsub_topic_iam_member", "last_resort_agent"),
      terraform.one("google_pubsub_subscription_iam_member", "agent"),
    ];
    const roles = agents.map(({ role, member }) => [role, member]);
    expect(roles).toEqual([
      ["roles/pubsub.publisher", "{local.pubsub_agent}"],
      ["roles/pubsub.publisher", "{local.pubsub_agent}"],
      ["roles/pubsub.subscriber", "{local.pubsub_agent}"],
    ]);
  });

  test("has a filter that Pub/Sub takes: at most 256 bytes", () => {
    const filters = pubSubPlan("").subscriptions.flatMap(({ filter }) => filter ?? []);
    expect(filters.length).toBeGreaterThan(0);
    for (const filter of filters) expect(Buffer.byteLength(filter)).toBeLessThanOrEqual(256);
  });
});

describe("the database", () => {
  test("has the indexes of firestore.indexes.json, each once", () => {
    expect(terraform.locals["index_file"]).toBe(
      '{jsondecode(file("{path.module}/../firestore.indexes.json"))}',
    );
    expect(terraform.one("google_firestore_index", "index")["for_each"]).toBe("{local.indexes}");
    const override = terraform.one("google_firestore_field", "override");
    expect(override["for_each"]).toBe("{local.field_overrides}");
    const { indexes } = indexDefinitions();
    expect(new Set(indexes.map((index) => JSON.stringify(index))).size).toBe(indexes.length);
  });

  test("expires only records of repeats, sign-ins and old decisions, by a time that the code writes", () => {
    const override = terraform.one("google_firestore_field", "override");
    expect(override["dynamic"]).toMatchObject({
      ttl_config: [{ for_each: '{try(each.value.ttl, false) ? ["on"] : []}' }],
    });
    const policies = indexDefinitions().fieldOverrides.filter(({ ttl }) => ttl);
    // Nobody queries by these, and an index over rising times would slow writes down.
    expect(policies).toEqual(
      ["processed", "sign_ins", "standing_tombstones"].map((collectionGroup) => ({
        collectionGroup,
        fieldPath: "expires_at",
        ttl: true,
        indexes: [],
      })),
    );
    for (const { collectionGroup } of policies) {
      const definition = documentDefinitions.find(
        ({ collection }) => collection === collectionGroup,
      );
      expect(JSON.stringify(definition?.fields)).toContain('"storedName":"expires_at"');
    }
  });

  test("cannot be deleted by accident, and be restored to any minute of the last week", () => {
    expect(terraform.one("google_firestore_database", "database")).toMatchObject({
      point_in_time_recovery_enablement: "POINT_IN_TIME_RECOVERY_ENABLED",
      delete_protection_state: "DELETE_PROTECTION_ENABLED",
      deletion_policy: "ABANDON",
    });
    expect(terraform.of("google_firestore_backup_schedule")).toHaveLength(1);
  });
});
