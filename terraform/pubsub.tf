locals {
  pubsub_agent = time_sleep.pubsub_known.triggers["account"]

  # Attributes with these values, or values that begin so. A filter can have 256 bytes.
  filters = {
    for name, row in local.subscribers : name => join(" AND ", [
      for attribute, value in try(row.trigger.filter, {}) : can(value.startsWith)
      ? "hasPrefix(attributes.${attribute}, ${jsonencode(value.startsWith)})"
      : "attributes.${attribute} = ${jsonencode(value)}"
    ])
  }

  # Where Pub/Sub moves a message that its subscriber could not handle. The manifest names no such topic for the
  # subscriber that stores dead letters: what it cannot store goes to last-resort after a hundred attempts, which take
  # most of a day.
  dead_letters = {
    for name, row in local.subscribers : name => {
      topic    = try(google_pubsub_topic.topic[row.trigger.retry.deadLetter.topic].id, google_pubsub_topic.last_resort.id)
      attempts = try(row.trigger.retry.deadLetter.maxDeliveryAttempts, 100)
    }
  }
}

resource "google_pubsub_topic" "topic" {
  for_each = toset(local.manifest.topics)

  name = each.value

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.api]
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = local.publishers

  topic  = google_pubsub_topic.topic[each.value.topic].name
  role   = "roles/pubsub.publisher"
  member = google_service_account.function[each.value.function].member
}

resource "google_pubsub_subscription" "push" {
  for_each = local.subscribers

  name  = each.key
  topic = google_pubsub_topic.topic[each.value.trigger.topic].id

  filter                     = local.filters[each.key]
  ack_deadline_seconds       = max(10, each.value.timeoutSeconds)
  message_retention_duration = "604800s"

  # The service's own URL, which is also the audience of the tokens that it accepts.
  push_config {
    push_endpoint = google_cloudfunctions2_function.function[each.key].service_config[0].uri

    oidc_token {
      service_account_email = google_service_account.caller["push"].email
      audience              = google_cloudfunctions2_function.function[each.key].service_config[0].uri
    }
  }

  retry_policy {
    minimum_backoff = "${each.value.trigger.retry.minimumBackoffSeconds}s"
    maximum_backoff = "${each.value.trigger.retry.maximumBackoffSeconds}s"
  }

  dead_letter_policy {
    dead_letter_topic     = local.dead_letters[each.key].topic
    max_delivery_attempts = local.dead_letters[each.key].attempts
  }

  # Never: otherwise Pub/Sub deletes a subscription that is idle for a month.
  expiration_policy {
    ttl = ""
  }

  depends_on = [
    google_cloud_run_v2_service_iam_member.push,
    google_pubsub_topic_iam_member.dead_letter_agent,
    google_pubsub_topic_iam_member.last_resort_agent,
    google_service_account_iam_member.push_token_maker,
  ]
}

# Messages that could not even be stored as dead letters stay here for a month, or until an operator pulls them.
resource "google_pubsub_topic" "last_resort" {
  name = "last-resort"

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.api]
}

resource "google_pubsub_subscription" "last_resort" {
  name  = "last-resort"
  topic = google_pubsub_topic.last_resort.id

  ack_deadline_seconds       = 60
  message_retention_duration = "2678400s"

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub's own account moves messages to the dead-letter topic: it publishes there and acknowledges here.
resource "google_pubsub_topic_iam_member" "dead_letter_agent" {
  topic  = google_pubsub_topic.topic["dead-letters"].name
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_topic_iam_member" "last_resort_agent" {
  topic  = google_pubsub_topic.last_resort.name
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "agent" {
  for_each = local.subscribers

  subscription = google_pubsub_subscription.push[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}
