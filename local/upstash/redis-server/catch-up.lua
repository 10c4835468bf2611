-- Takes time away from every key that has some left, and deletes those that have none left after that.
-- ARGV[1]: milliseconds by which the local clock has gone ahead of Redis's own since the last time
-- REPLY: nothing
local aheadMs = tonumber(ARGV[1])
for _, key in ipairs(redis.call("KEYS", "*")) do
  local leftMs = redis.call("PTTL", key)
  if leftMs >= 0 then
    redis.call("PEXPIRE", key, leftMs - aheadMs)
  end
end
