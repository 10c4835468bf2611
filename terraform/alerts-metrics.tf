locals {
  run      = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=one_of(${join(",", [for name in sort(keys(local.functions)) : "\"${name}\""])})"
  requests = "metric.type=\"run.googleapis.com/request_count\" AND ${local.run}"

  # Alerts when a number of Google's own stays too high. One series each: `group` names it.
  metric_alerts = {
    interaction-latency = {
      title    = "Discord waits nearly three seconds"
      severity = "CRITICAL"
      section  = "alert-interaction-latency"
      means    = "For ten minutes one interaction in a hundred took more than 2.5 seconds. After three seconds Discord shows the user that the application did not respond."
      do       = "See on the dashboard whether instances start all the time, and whether Redis or Pub/Sub is slow. More minInstances of discord-interactions in functions/ingress/functions.ts help against cold starts."
      filter   = "metric.type=\"run.googleapis.com/request_latencies\" AND resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"discord-interactions\""
      aligner  = "ALIGN_DELTA"
      reducer  = "REDUCE_PERCENTILE_99"
      group    = ["resource.labels.service_name"]
      above    = 2500
      minutes  = 10
    }
    last-resort = {
      title    = "Messages are in the last-resort subscription"
      severity = "CRITICAL"
      section  = "alert-last-resort"
      means    = "The function dead-letter could not keep a message for most of a day, so Pub/Sub put it into the subscription last-resort. It stays there for 31 days."
      do       = "Fix what dead-letter logs. Then pull the messages with gcloud pubsub subscriptions pull last-resort and publish each to dead-letters again."
      filter   = "metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=\"${google_pubsub_subscription.last_resort.name}\""
      aligner  = "ALIGN_MAX"
      reducer  = "REDUCE_SUM"
      group    = ["resource.labels.subscription_id"]
      above    = 0
      minutes  = 0
    }
    message-age = {
      title    = "A message waits for its function"
      severity = "ERROR"
      section  = "alert-message-age"
      means    = "The oldest message of a subscription has waited for 15 minutes: its function fails, or cannot keep up."
      do       = "Look at the errors of the function that the subscription is named after. A message that it has not handled after 15 attempts becomes a dead letter."
      filter   = "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id!=\"${google_pubsub_subscription.last_resort.name}\""
      aligner  = "ALIGN_MAX"
      reducer  = "REDUCE_MAX"
      group    = ["resource.labels.subscription_id"]
      above    = 900
      minutes  = 5
    }
    queue-lateness = {
      title    = "Tasks come late"
      severity = "ERROR"
      section  = "alert-queue-lateness"
      means    = "For ten minutes one task in twenty of a queue was over a minute late. Hammers fall late, and boards are not updated."
      do       = "See whether the queue is paused, or its function slow or failing. A worker that answers 429 or 503 slows its whole queue down."
      filter   = "metric.type=\"cloudtasks.googleapis.com/queue/task_attempt_delays\" AND resource.type=\"cloud_tasks_queue\""
      aligner  = "ALIGN_DELTA"
      reducer  = "REDUCE_PERCENTILE_95"
      group    = ["resource.labels.queue_id"]
      above    = 60000
      minutes  = 10
    }
    queue-depth = {
      title    = "A queue grows"
      severity = "WARNING"
      section  = "alert-queue-depth"
      means    = "A queue holds more than 10,000 tasks. Tasks scheduled for later count too, so very long auctions may cause it; more likely tasks create each other in a loop."
      do       = "Look at the queue's tasks in the console, and which function creates them. Pausing the queue loses nothing. Don't purge it: the sweeper would create most tasks again, but late."
      filter   = "metric.type=\"cloudtasks.googleapis.com/queue/depth\" AND resource.type=\"cloud_tasks_queue\""
      aligner  = "ALIGN_MAX"
      reducer  = "REDUCE_MAX"
      group    = ["resource.labels.queue_id"]
      above    = 10000
      minutes  = 15
    }
    schedule-failed = {
      title    = "The sweeper fails"
      severity = "ERROR"
      section  = "alert-schedule-failed"
      means    = "At least two of the sweeper's runs within 40 minutes failed. What lost messages and tasks left undone stays undone."
      do       = "Its log names the part that fails. The other parts continue, and the next run tries again."
      filter   = "metric.type=\"logging.googleapis.com/user/c500/schedule-failed\" AND resource.type=\"cloud_scheduler_job\""
      aligner  = "ALIGN_SUM"
      reducer  = "REDUCE_SUM"
      group    = ["resource.labels.job_id"]
      above    = 1
      minutes  = 0
    }
    site-down = {
      title    = "The site can't be reached"
      severity = "CRITICAL"
      section  = "alert-site-down"
      means    = "For ten minutes the landing page could not be loaded from at least two parts of the world. Discord, Stripe and Twitch call the functions directly, so commands, bids and payments go on; webhooks of merch providers come through the site."
      do       = "Open the site. Check Hosting and the domain's certificate in the Firebase console, then read the errors of the function web."
      filter   = "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" AND resource.type=\"uptime_url\" AND resource.labels.host=\"${local.site_host}\""
      aligner  = "ALIGN_NEXT_OLDER"
      reducer  = "REDUCE_COUNT_FALSE"
      group    = ["resource.labels.host"]
      above    = 1
      minutes  = 10
    }
    error-rate = {
      title    = "A function fails often"
      severity = "ERROR"
      section  = "alert-error-rate"
      means    = "A function answered more than 20 requests within ten minutes with an error. Messages and tasks are retried; requests of visitors and of Discord are not."
      do       = "Read its errors in the log. If they began with a deployment, deploy the last version again."
      filter   = "${local.requests} AND metric.labels.response_code_class=\"5xx\""
      aligner  = "ALIGN_SUM"
      reducer  = "REDUCE_SUM"
      group    = ["resource.labels.service_name"]
      above    = 20
      minutes  = 0
    }
  }

  # How long a point sums up or covers, where five minutes do not fit.
  alignment_periods = { error-rate = "600s", schedule-failed = "2400s" }
}

resource "google_monitoring_alert_policy" "metric" {
  for_each = { for name, alert in local.metric_alerts : name => alert if var.deploy_functions }

  display_name          = each.value.title
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = local.channels

  conditions {
    display_name = each.key

    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = "${each.value.minutes * 60}s"

      aggregations {
        alignment_period     = lookup(local.alignment_periods, each.key, "300s")
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
        group_by_fields      = each.value.group
      }

      trigger {
        count = 1
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    mime_type = "text/markdown"
    content   = local.alert_texts[each.key]
  }

  depends_on = [google_cloudfunctions2_function.function, time_sleep.metrics_known]
}
