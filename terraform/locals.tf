# What is made from functions/manifest.ts: functions.json beside this file holds it.
locals {
  manifest  = jsondecode(file("${path.module}/functions.json"))
  functions = local.manifest.functions

  # Whatever needs the functions' code is left out until the settings and secrets are there.
  deployed = { for name, row in local.functions : name => row if var.deploy_functions }

  public_functions   = { for name, row in local.deployed : name => row if row.trigger.kind == "http" && try(row.trigger.isPublic, false) }
  internal_functions = { for name, row in local.deployed : name => row if row.trigger.kind == "http" && !try(row.trigger.isPublic, false) }
  subscribers        = { for name, row in local.deployed : name => row if row.trigger.kind == "topic" }
  workers            = { for name, row in local.deployed : name => row if row.trigger.kind == "queue" }
  scheduled          = { for name, row in local.deployed : name => row if row.trigger.kind == "schedule" }

  # One entry for each thing a function may touch, by a key that stays the same.
  publishers = merge([for name, row in local.functions : { for topic in row.publishes : "${name}/${topic}" => { function = name, topic = topic } }]...)
  enqueuers  = merge([for name, row in local.functions : { for queue in row.enqueues : "${name}/${queue}" => { function = name, queue = queue } }]...)
  accessors  = merge([for name, row in local.functions : { for secret in row.secrets : "${name}/${secret}" => { function = name, secret = secret } }]...)

  # Public functions can be reached by anyone: these use the database, and of them only the site writes to it, for people
  # who are signed in.
  database_readers = ["discord-interactions", "web"]
  database_writers = ["web"]
  database_users = {
    for name, row in local.functions : name => (
      row.trigger.kind == "http" && try(row.trigger.isPublic, false) && !contains(local.database_writers, name) ? "roles/datastore.viewer" : "roles/datastore.user"
    ) if contains(local.database_readers, name) || !(row.trigger.kind == "http" && try(row.trigger.isPublic, false))
  }
}

# What functions are given.
locals {
  secrets        = toset([for name, setting in local.manifest.settings : name if setting.secret])
  plain_settings = toset([for name, setting in local.manifest.settings : name if !setting.secret && name != "CLOUD_TASKS_EMULATOR_HOST"])

  # These follow from what is made here, whatever else is said of them. Nobody needs to type them.
  made_here = ["FUNCTIONS_BASE_URL", "FUNCTION_URL_TEMPLATE", "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_REGION", "TASKS_SERVICE_ACCOUNT"]

  required_settings = [for name, setting in local.manifest.settings : name if setting.required && !setting.secret && !contains(local.made_here, name)]
  required_secrets  = [for name, setting in local.manifest.settings : name if setting.required && setting.secret && !contains(local.made_here, name)]

  # Twitch calls below this address, which Google gives to each function. Cloud Tasks calls a function at its
  # run.app address with the project's number in it, which is known before the function is deployed, and
  # which is the audience of its tokens. The code puts a function's name in place of {name}.
  settings = merge(var.settings, {
    FUNCTIONS_BASE_URL    = "https://${var.region}-${var.project_id}.cloudfunctions.net"
    FUNCTION_URL_TEMPLATE = "https://{name}-${data.google_project.this.number}.${var.region}.run.app"
    GOOGLE_CLOUD_PROJECT  = var.project_id
    GOOGLE_CLOUD_REGION   = var.region
    TASKS_SERVICE_ACCOUNT = "tasks-{name}@${var.project_id}.iam.gserviceaccount.com"
  })

  # The manifest's limits assume 20 processors; another quota scales them in proportion, to at least one.
  max_instances = { for name, row in local.functions : name => max(1, floor(row.maxInstances * var.vcpu_quota / 20)) }
}
