# One account for each function. What it may do is granted where the thing it may touch is made.
resource "google_service_account" "function" {
  for_each = local.functions

  account_id   = "fn-${each.key}"
  display_name = "C500 function ${each.key}"
  description  = "The identity of the function ${each.key}."

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "log_writer" {
  for_each = local.functions

  project = var.project_id
  role    = "roles/logging.logWriter"
  member  = google_service_account.function[each.key].member
}

# The accounts with which Google's services call functions. They may do nothing else.
locals {
  callers = {
    push      = "Pub/Sub calls subscribers as this account."
    scheduler = "Cloud Scheduler calls functions as this account."
  }
}

resource "google_service_account" "caller" {
  for_each = local.callers

  account_id   = "c500-${each.key}"
  display_name = "C500 ${each.key}"
  description  = each.value

  depends_on = [google_project_service.api]
}

# One account for each queue, which may call only that queue's worker. A function can create tasks only as
# the accounts of the queues that it fills: the public one reaches auction-board and no other worker.
resource "google_service_account" "tasks" {
  for_each = local.manifest.queues

  account_id   = "tasks-${each.key}"
  display_name = "C500 queue ${each.key}"
  description  = "Cloud Tasks calls ${each.key} as this account."

  depends_on = [google_project_service.api]
}

# The function that creates a task names the account of the task's token.
resource "google_service_account_iam_member" "task_maker" {
  for_each = local.enqueuers

  service_account_id = google_service_account.tasks[each.value.queue].name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.function[each.value.function].member
}

# Google creates Pub/Sub's own account when Pub/Sub is first used; granting it permissions before that fails.
resource "google_project_service_identity" "pubsub" {
  provider = google-beta

  project = var.project_id
  service = "pubsub.googleapis.com"

  depends_on = [google_project_service.api]
}

# A new account can be used only some time after it was created.
resource "time_sleep" "pubsub_known" {
  create_duration = "60s"

  triggers = {
    account = google_project_service_identity.pubsub.member
  }
}

# Pub/Sub's own account creates the identity tokens of its pushes.
resource "google_service_account_iam_member" "push_token_maker" {
  service_account_id = google_service_account.caller["push"].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent
}

# Cloud Build builds the functions' containers with this account.
# https://cloud.google.com/functions/docs/securing/build-custom-sa
resource "google_service_account" "build" {
  account_id   = "c500-build"
  display_name = "C500 build"
  description  = "Cloud Build builds the functions' containers with this account."

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "build" {
  for_each = toset(["roles/artifactregistry.writer", "roles/logging.logWriter"])

  project = var.project_id
  role    = each.value
  member  = google_service_account.build.member
}

# It may read the bucket of the sources and no other, such as the one with Terraform's state. Cloud Functions
# copies what we upload into a bucket of its own, which the first deployment creates.
# https://cloud.google.com/functions/docs/building
resource "google_project_iam_member" "build_sources" {
  project = var.project_id
  role    = "roles/storage.objectViewer"
  member  = google_service_account.build.member

  condition {
    title       = "Only the functions' sources"
    description = "The bucket that Cloud Functions copies sources into."
    expression  = "resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-${data.google_project.this.number}-${var.region}/\") || resource.name == \"projects/_/buckets/gcf-v2-sources-${data.google_project.this.number}-${var.region}\""
  }
}
