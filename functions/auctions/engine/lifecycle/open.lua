#!lua flags=allow-key-locking
--[[
Opens an auction, or restores one that Redis has lost in whole or in part. Idempotent: an existing auction that is
not behind the given state and has the same history up to it does not change.

KEYS   1  hash: the auction
       2  stream: its accepted bids
       3… strings: the channels that show it, each containing its auction's id
ARGV   1  auction id
       2  sequence number of the given state; 0 for a new auction
       3  id of the bid with that number; "-" for a new auction
       4… fields of the hash and their values
REPLY  opened, already; busy and the other auction's id

Fields of the hash; state.ts defines terms, state, commitments, answers and entries of the stream:
  status        live, closed, cancelled or void
  terms, state  its terms and its current state
  currency      in which its amounts are; the scripts do not need it
  board_at      when a bid last requested a board update; absent if the next bid has to
  answer:<bid>  the answer to the bid; a restored auction has those to its newest bids
  commitment:<user>  the most that the user has committed to
  last:<user>   the time of the user's last accepted bid
  notify:<user> the user wants to be notified when outbid
  extended:<operation>, removed:<operation>  what extend.lua and remove.lua answered
An entry of the stream has the fields `bid` and `state`.
]]
local auction, stream = KEYS[1], KEYS[2]
local id, sequence, last_bid = ARGV[1], tonumber(ARGV[2]), ARGV[3]

local function entry_at(number)
  return redis.call("XRANGE", stream, number .. "-0", number .. "-0")[1]
end

local function is_whole(state)
  local newest = entry_at(state.sequence)
  return state.sequence == 0 or newest and leads_to(newest, state)
end

local function has_last_bid()
  local found = entry_at(ARGV[2])
  return sequence == 0 or found and decode_entry(found[2][2]).id == last_bid
end

local text = redis.call("HGET", auction, "state")
local state = text and decode_state(text)
if state and state.sequence >= sequence and is_whole(state) and has_last_bid() then
  return { "already" }
end
for key = 3, #KEYS do
  local other = redis.call("GET", KEYS[key])
  if other and other ~= id then
    return { "busy", other }
  end
end
-- The record does not contain who wants to be notified, so the remaining notify fields stay.
local before = redis.call("HGETALL", auction)
redis.call("DEL", auction, stream)
-- One by one: there may be more than unpack() can return at once.
for place = 4, #ARGV, 2 do
  redis.call("HSET", auction, ARGV[place], ARGV[place + 1])
end
for place = 1, #before, 2 do
  if string.find(before[place], "^notify:") then
    redis.call("HSET", auction, before[place], before[place + 1])
  end
end
-- Later bids must follow this one: it is the record's anchor.
if sequence > 0 then
  redis.call(
    "XADD", stream, ARGV[2] .. "-0",
    "bid", encode_entry({
      id = last_bid, kind = "anchor", bidder_id = "-", amount = 0, max = 0, outbid_id = "-",
    }),
    "state", redis.call("HGET", auction, "state")
  )
end
for key = 3, #KEYS do
  redis.call("SET", KEYS[key], id)
end
return { "opened" }
