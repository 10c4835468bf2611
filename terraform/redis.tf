# Running auctions live here. Another name or region means another, empty database.
resource "upstash_redis_database" "redis" {
  database_name  = "${var.project_id}-c500"
  region         = "global"
  primary_region = coalesce(var.redis_region, var.region)
  read_regions   = []
  tls            = true
  auto_scale     = false
  prod_pack      = var.redis_prod_pack
  budget         = var.redis_monthly_budget

  # A full database must refuse writes: evicting would drop a running auction.
  eviction = false

  lifecycle {
    prevent_destroy = true
  }
}
