# One account for each function. What it may do is granted where the thing it may touch is made.
resource "google_service_account" "function" {
  for_each = local.functions

  account_id   = "fn-${each.key}"
  display_name = "C500 function ${each.key}"
  description  = "What the function ${each.key} acts as."

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "log_writer" {
  for_each = local.functions

  project = var.project_id
  role    = "roles/logging.logWriter"
  member  = google_service_account.function[each.key].member
}

# The accounts in whose name Google calls functions. None of them may do anything else.
locals {
  callers = {
    push      = "Pub/Sub calls subscribers as this account."
    scheduler = "Cloud Scheduler calls functions as this account."
    tasks     = "Cloud Tasks calls workers as this account."
  }
}

resource "google_service_account" "caller" {
  for_each = local.callers

  account_id   = "c500-${each.key}"
  display_name = "C500 ${each.key}"
  description  = each.value

  depends_on = [google_project_service.api]
}

# Whoever puts a task in a queue says whose token it will carry.
resource "google_service_account_iam_member" "task_maker" {
  for_each = { for name, row in local.functions : name => row if length(row.enqueues) > 0 }

  service_account_id = google_service_account.caller["tasks"].name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.function[each.key].member
}

# Pub/Sub's own account makes the tokens of its pushes.
resource "google_service_account_iam_member" "push_token_maker" {
  service_account_id = google_service_account.caller["push"].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent

  # Google makes that account when Pub/Sub is first used.
  depends_on = [google_pubsub_topic.topic]
}

# Cloud Build makes the functions' containers as this account.
# https://cloud.google.com/functions/docs/securing/build-custom-sa
resource "google_service_account" "build" {
  account_id   = "c500-build"
  display_name = "C500 build"
  description  = "Cloud Build makes the functions' containers as this account."

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "build" {
  for_each = toset(["roles/artifactregistry.writer", "roles/logging.logWriter", "roles/storage.objectViewer"])

  project = var.project_id
  role    = each.value
  member  = google_service_account.build.member
}
