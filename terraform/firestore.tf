locals {
  index_file = jsondecode(file("${path.module}/../firestore.indexes.json"))

  # The same file as the Firebase tools and the local cloud read.
  indexes = {
    for index in local.index_file.indexes : join("/", concat(
      [index.collectionGroup, index.queryScope],
      [for field in index.fields : "${field.fieldPath}:${try(field.order, field.arrayConfig)}"],
    )) => index
  }
  field_overrides = { for override in local.index_file.fieldOverrides : "${override.collectionGroup}/${override.fieldPath}" => override }

  backups = {
    daily  = { retention = "604800s", day = null }
    weekly = { retention = "8467200s", day = "SUNDAY" }
  }
}

resource "google_firestore_database" "database" {
  name        = "(default)"
  location_id = coalesce(var.firestore_location, var.region)
  type        = "FIRESTORE_NATIVE"

  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = "DELETE_PROTECTION_ENABLED"
  deletion_policy                   = "ABANDON"

  depends_on = [google_project_service.api]
}

resource "google_firestore_index" "index" {
  for_each = local.indexes

  database    = google_firestore_database.database.name
  collection  = each.value.collectionGroup
  query_scope = each.value.queryScope

  dynamic "fields" {
    for_each = each.value.fields

    content {
      field_path   = fields.value.fieldPath
      order        = try(fields.value.order, null)
      array_config = try(fields.value.arrayConfig, null)
    }
  }
}

resource "google_firestore_field" "override" {
  for_each = local.field_overrides

  database   = google_firestore_database.database.name
  collection = each.value.collectionGroup
  field      = each.value.fieldPath

  # Documents go some time after the moment in this field. Nothing that remembers money is among them.
  dynamic "ttl_config" {
    for_each = try(each.value.ttl, false) ? ["on"] : []

    content {}
  }

  index_config {
    dynamic "indexes" {
      for_each = each.value.indexes

      content {
        query_scope  = indexes.value.queryScope
        order        = try(indexes.value.order, null)
        array_config = try(indexes.value.arrayConfig, null)
      }
    }
  }
}

resource "google_firestore_backup_schedule" "backup" {
  for_each = local.backups

  database  = google_firestore_database.database.name
  retention = each.value.retention

  dynamic "daily_recurrence" {
    for_each = each.value.day == null ? ["daily"] : []

    content {}
  }

  dynamic "weekly_recurrence" {
    for_each = each.value.day == null ? [] : [each.value.day]

    content {
      day = weekly_recurrence.value
    }
  }
}

# Firestore knows no rights by collection.
resource "google_project_iam_member" "database" {
  for_each = local.database_users

  project = var.project_id
  role    = each.value
  member  = google_service_account.function[each.key].member
}
