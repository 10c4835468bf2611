variable "project_id" {
  description = "The Google Cloud project that everything is made in. It must exist and have billing."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is the project's id, such as c500-live-prod: 6 to 30 lower-case letters, digits and hyphens. It is neither the project's name nor its number."
  }
}

variable "region" {
  description = "Where the functions, topics and queues are. firebase.json names the same region."
  type        = string
  default     = "us-central1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a Google Cloud region, such as us-central1."
  }

  validation {
    condition     = alltrue([for rewrite in jsondecode(file("${path.module}/../firebase.json")).hosting.rewrites : try(rewrite.run.region, var.region) == var.region])
    error_message = "firebase.json sends visitors to functions of another region. Name the region of its rewrites here, or change them first."
  }
}

variable "firestore_location" {
  description = "Where the database is, for good. Empty means the region; nam5 or eur3 keep it in several."
  type        = string
  default     = ""

  validation {
    condition     = var.firestore_location == "" || can(regex("^[a-z0-9-]+$", var.firestore_location))
    error_message = "firestore_location is empty, a region such as us-central1, or nam5 or eur3."
  }
}

variable "deploy_functions" {
  description = "False creates only what must exist before the code: APIs, secrets, database, topics, queues. That comes first, so that ./dev setup has somewhere to put the secrets. Refused once functions are deployed: it would delete them."
  type        = bool
  default     = true

  validation {
    condition     = var.deploy_functions != null
    error_message = "deploy_functions is true or false."
  }
}

variable "settings" {
  description = "The settings that are no secrets, by name. ./dev setup writes them to c500.auto.tfvars.json."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.settings), local.plain_settings)) == 0
    error_message = "settings has names in it that do not belong there: ${join(", ", setsubtract(keys(var.settings), local.plain_settings))}. Secrets go to Secret Manager by ./dev setup."
  }

  validation {
    condition     = !var.deploy_functions || length([for name in local.required_settings : name if trimspace(lookup(var.settings, name, "")) == ""]) == 0
    error_message = "These settings are missing: ${join(", ", [for name in local.required_settings : name if trimspace(lookup(var.settings, name, "")) == ""])}. Run ./dev setup, which asks for them and writes terraform/c500.auto.tfvars.json. Before the first setup, apply with -var deploy_functions=false."
  }
}

variable "secret_versions" {
  description = "Which version of each secret the functions are given: a number by the setting's name. ./dev setup writes them to c500.auto.tfvars.json."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.secret_versions), local.secrets)) == 0
    error_message = "secret_versions has names in it that are no secrets: ${join(", ", setsubtract(keys(var.secret_versions), local.secrets))}."
  }

  validation {
    condition     = alltrue([for version in values(var.secret_versions) : can(regex("^[1-9][0-9]*$", version))])
    error_message = "A version in secret_versions is a number such as \"3\", not latest: a function must not change by chance."
  }

  validation {
    condition     = !var.deploy_functions || length(setsubtract(local.required_secrets, keys(var.secret_versions))) == 0
    error_message = "These secrets have no version yet: ${join(", ", setsubtract(local.required_secrets, keys(var.secret_versions)))}. Run ./dev setup, which writes them to Secret Manager and their versions to terraform/c500.auto.tfvars.json. Before the first setup, apply with -var deploy_functions=false."
  }
}

variable "internal_api_callers" {
  description = "Who may call internal-api, such as serviceAccount:shop@project.iam.gserviceaccount.com."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.internal_api_callers : can(regex("^(serviceAccount|user|group):[^@\\s]+@[^@\\s]+$", member))])
    error_message = "Each of internal_api_callers is serviceAccount:…, user:… or group:… with an address. It can't be opened to everyone."
  }
}

variable "vcpu_quota" {
  description = "How many processors Cloud Run may use in the region: the quota \"Total CPU allocation, in milli vCPU, per project per region\", in thousands. ./dev doctor compares it with Google's. The functions' limits follow from it."
  type        = number
  default     = 20

  validation {
    condition     = var.vcpu_quota >= 4 && floor(var.vcpu_quota) == var.vcpu_quota
    error_message = "vcpu_quota is a whole number of processors, at least 4: with fewer nothing is left for Discord while other functions work."
  }
}

variable "alert_emails" {
  description = "Who is written to when something needs a person."
  type        = set(string)

  validation {
    condition     = length(var.alert_emails) > 0 && alltrue([for address in var.alert_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "alert_emails needs at least one e-mail address: an alert that nobody gets is none."
  }
}

variable "webhook_silence_hours" {
  description = "After how many hours without any webhook of a provider somebody is notified. A provider that is not named, or has never sent one, is not watched."
  type        = map(number)
  default     = { stripe = 23, twitch = 23 }

  validation {
    condition     = alltrue([for provider, hours in var.webhook_silence_hours : contains(concat(local.manifest.providers, ["stripe", "twitch"]), provider) && hours >= 1 && hours <= 23 && floor(hours) == hours])
    error_message = "webhook_silence_hours has whole hours from 1 to 23 for stripe, twitch, ${join(", ", local.manifest.providers)}. Cloud Monitoring waits no longer."
  }
}

variable "billing_account" {
  description = "The billing account, such as 0123AB-4567CD-89EF01, to be notified when a month gets expensive. Empty means no budget."
  type        = string
  default     = ""

  validation {
    condition     = var.billing_account == "" || can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.billing_account))
    error_message = "billing_account is empty or looks like 0123AB-4567CD-89EF01; gcloud billing accounts list shows it."
  }
}

variable "monthly_budget" {
  description = "What a month may cost, in whole units of the billing account's currency. Google notifies at half, nine tenths and all of it, and when it is forecast to be exceeded."
  type        = number
  default     = 50

  validation {
    condition     = var.monthly_budget >= 1 && floor(var.monthly_budget) == var.monthly_budget
    error_message = "monthly_budget is a whole number, at least 1."
  }
}
