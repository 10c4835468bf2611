#!lua flags=allow-key-locking
--[[
Closes an auction: when its time is over (the hammer drop), or now at its seller's request. Idempotent.

KEYS   1  hash: the auction
       2  stream: its accepted bids
       3… strings: the channels that show it
ARGV   1  auction id
       2  how many runners-up to return
       3  how long Redis keeps a closed auction, in milliseconds
       4  due: close it only if its time is over; now: close it now; sell: close it now without its reserve if the
          highest bid is below it, even if it has already closed unsold
REPLY  open, sold or unsold, and the state as state.ts defines it; after a sale also each runner-up's id and
       amount. Or a single word: cancelled or void; missing if Redis does not have the auction

The time is Redis's own, as in bid.lua.
]]
local auction = KEYS[1]
local id, runners_up, kept_for, how = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]

local found = redis.call("HMGET", auction, "status", "terms", "state")
local status = found[1]
if not status then
  return { "missing" }
end
if status == "cancelled" or status == "void" then
  return { status }
end
local terms, state = decode_terms(found[2]), decode_state(found[3])
local is_below_reserve = state.leader_id ~= "-" and state.price < terms.reserve

if status == "live" then
  state.now_ms = later_of(redis.call("TIME"), state.now_ms)
  if state.now_ms < state.ends_at_ms then
    if how == "due" or (how == "sell" and not is_below_reserve) then
      return { "open", encode_state(state) }
    end
    state.ends_at_ms = state.now_ms
  end
  redis.call("HSET", auction, "status", "closed", "state", encode_state(state))
  for key = 1, 2 do
    redis.call("PEXPIRE", KEYS[key], kept_for)
  end
  for key = 3, #KEYS do
    if redis.call("GET", KEYS[key]) == id then
      redis.call("DEL", KEYS[key])
    end
  end
end
if how == "sell" and is_below_reserve then
  terms.reserve = 0
  redis.call("HSET", auction, "terms", encode_terms(terms))
end
if state.leader_id == "-" or state.price < terms.reserve then
  return { "unsold", encode_state(state) }
end
local reply = { "sold", encode_state(state) }
-- Below the reserve it is sold to nobody, not even a runner-up.
for _, commitment in ipairs(ranked_commitments(redis.call("HGETALL", auction))) do
  local is_offered = commitment.bidder ~= state.leader_id and commitment.amount >= terms.reserve
  if is_offered and #reply < 2 + 2 * runners_up then
    reply[#reply + 1] = commitment.bidder
    reply[#reply + 1] = string.format("%.0f", commitment.amount)
  end
end
return reply
