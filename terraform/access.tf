# Who may call which function. Nobody else is let through to its code.

# Anyone: Discord, Stripe, Twitch, shops and browsers. The functions check signatures themselves.
resource "google_cloud_run_v2_service_iam_member" "public" {
  for_each = local.public_functions

  location = var.region
  name     = google_cloudfunctions2_function.function[each.key].name
  role     = "roles/run.invoker"
  member   = "allUsers"
}

resource "google_cloud_run_v2_service_iam_member" "push" {
  for_each = local.subscribers

  location = var.region
  name     = google_cloudfunctions2_function.function[each.key].name
  role     = "roles/run.invoker"
  member   = google_service_account.caller["push"].member
}

resource "google_cloud_run_v2_service_iam_member" "tasks" {
  for_each = local.workers

  location = var.region
  name     = google_cloudfunctions2_function.function[each.key].name
  role     = "roles/run.invoker"
  member   = google_service_account.tasks[each.key].member
}

resource "google_cloud_run_v2_service_iam_member" "scheduler" {
  for_each = local.scheduled

  location = var.region
  name     = google_cloudfunctions2_function.function[each.key].name
  role     = "roles/run.invoker"
  member   = google_service_account.caller["scheduler"].member
}

# The community's other services.
resource "google_cloud_run_v2_service_iam_member" "internal" {
  for_each = { for pair in setproduct(keys(local.internal_functions), var.internal_api_callers) : "${pair[0]}/${pair[1]}" => { function = pair[0], member = pair[1] } }

  location = var.region
  name     = google_cloudfunctions2_function.function[each.value.function].name
  role     = "roles/run.invoker"
  member   = each.value.member
}
