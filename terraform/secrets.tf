# The secret's id is the setting's name. Their values never come near Terraform: ./dev setup writes
# them as new versions.
resource "google_secret_manager_secret" "secret" {
  for_each = local.secrets

  secret_id = each.value

  replication {
    auto {}
  }

  depends_on = [google_project_service.api]
}

resource "google_secret_manager_secret_iam_member" "accessor" {
  for_each = local.accessors

  secret_id = google_secret_manager_secret.secret[each.value.secret].id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.function[each.value.function].member
}

# The one exception: Upstash makes this value when it makes the database. It is written without being
# kept as an attribute of the secret, but the Upstash provider keeps it in the state as the database's.
resource "google_secret_manager_secret_version" "redis_token" {
  secret                 = google_secret_manager_secret.secret["UPSTASH_REDIS_REST_TOKEN"].id
  secret_data_wo         = upstash_redis_database.redis.rest_token
  secret_data_wo_version = var.redis_token_generation

  lifecycle {
    create_before_destroy = true
  }
}
