#!lua flags=allow-key-locking
--[[
Removes all bids of one bidder from a running auction. The new leader is the highest of the other bidders; the price
is one step above the next highest, or the start price if there is none, and never above the previous price. The end
does not change. Idempotent: a repeated operation changes nothing and replies the same, also when there was nothing to
remove, so that a late repeat does not remove bids that came after the answer.

KEYS   1  hash: the auction
       2  stream: its accepted bids
ARGV   1  operation id
       2  the bidder
       3  the start price, in minor units
REPLY  removed; none if they have no bid in it; closed if its time is over; cancelled or void; torn as in bid.lua;
       missing if Redis does not have the auction

The stream gets an entry of the kind "removal" with its own sequence number.
]]
local auction, stream = KEYS[1], KEYS[2]
local id, removed, start_price = ARGV[1], ARGV[2], tonumber(ARGV[3])

local found = redis.call("HMGET", auction, "status", "terms", "state", "removed:" .. id)
local status, done = found[1], found[4]
if not status then
  return "missing"
end
if done then
  return done
end
if status ~= "live" then
  return status
end
local terms, state = decode_terms(found[2]), decode_state(found[3])
state.now_ms = later_of(redis.call("TIME"), state.now_ms)
if state.now_ms >= state.ends_at_ms then
  return "closed"
end
if is_torn(state, redis.call("XREVRANGE", stream, "+", "-", "COUNT", 1)[1]) then
  return "torn"
end
if redis.call("HDEL", auction, "commitment:" .. removed) == 0 then
  redis.call("HSET", auction, "removed:" .. id, "none")
  return "none"
end

state.bidders = state.bidders - 1
local ranked = ranked_commitments(redis.call("HGETALL", auction))
local leader, second = ranked[1], ranked[2]
if leader then
  state.leader_id, state.ceiling, state.leader_sequence = leader.bidder, leader.amount, leader.sequence
  local due = second and math.min(state.ceiling, next_after(terms.increments, second.amount)) or start_price
  local price = math.min(state.price, math.max(due, start_price))
  if state.ceiling >= terms.reserve then
    price = math.max(price, terms.reserve)
  end
  state.price, state.next_amount = price, next_after(terms.increments, price)
else
  state.leader_id, state.ceiling, state.leader_sequence = "-", 0, 0
  state.price, state.next_amount = 0, start_price
end
state.sequence = state.sequence + 1
local after = encode_state(state)
redis.call(
  "XADD", stream, state.sequence .. "-0",
  "bid", encode_entry({
    id = id, kind = "removal", bidder_id = removed, amount = 0, max = 0, outbid_id = "-",
  }),
  "state", after
)
redis.call("HSET", auction, "state", after, "removed:" .. id, "removed")
redis.call("HDEL", auction, "board_at")
return "removed"
