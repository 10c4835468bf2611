# Each queue has the name of the function that handles its tasks.
resource "google_cloud_tasks_queue" "queue" {
  for_each = local.manifest.queues

  name     = each.key
  location = var.region

  rate_limits {
    max_concurrent_dispatches = each.value.maxConcurrentDispatches
  }

  retry_config {
    max_attempts       = each.value.maxAttempts
    max_retry_duration = "${each.value.maxRetryDurationSeconds}s"
    min_backoff        = "${each.value.minimumBackoffSeconds}s"
    max_backoff        = "${each.value.maximumBackoffSeconds}s"
    max_doublings      = each.value.maxDoublings
  }

  stackdriver_logging_config {
    sampling_ratio = 1
  }

  depends_on = [google_project_service.api]
}

resource "google_cloud_tasks_queue_iam_member" "enqueuer" {
  for_each = local.enqueuers

  name     = google_cloud_tasks_queue.queue[each.value.queue].name
  location = var.region
  role     = "roles/cloudtasks.enqueuer"
  member   = google_service_account.function[each.value.function].member
}

resource "google_cloud_scheduler_job" "schedule" {
  for_each = local.scheduled

  name             = each.key
  description      = "Calls the function ${each.key} every ${each.value.trigger.everyMinutes} minutes."
  region           = var.region
  schedule         = "*/${each.value.trigger.everyMinutes} * * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "${each.value.timeoutSeconds}s"

  http_target {
    http_method = "POST"
    uri         = google_cloudfunctions2_function.function[each.key].service_config[0].uri

    oidc_token {
      service_account_email = google_service_account.caller["scheduler"].email
      audience              = google_cloudfunctions2_function.function[each.key].service_config[0].uri
    }
  }

  lifecycle {
    precondition {
      condition     = each.value.trigger.everyMinutes < 60 && 60 % each.value.trigger.everyMinutes == 0
      error_message = "Cron can say every so many minutes only for parts of an hour: ${each.key} wants another interval."
    }
  }
}
