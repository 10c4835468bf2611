#!lua flags=allow-key-locking
--[[
Decides one bid. Sent twice with one bid id, it answers as the first time and changes nothing.

KEYS   1  hash: the auction
       2  stream: its accepted bids, with their sequence numbers as ids
       3  sorted set: its bidders by the highest they have bid, the earliest of equals first
       4  string: until when the bidder is barred, in milliseconds; absent when they are not
ARGV   1  bid id
       2  bidder
       3  amount, in minor units
       4  ceiling, in minor units; 0 for none
       5  "1" when the bidder has confirmed an unusual amount
       6  the most that can be bid, in minor units
REPLY  one text: outcome, price, leader, next amount, end in milliseconds, bids, sequence number, whether the
       reserve is "met", "unmet" or there is none ("-"), "1" when the board is due, with spaces between

Outcomes: leading, outbid, ceiling-raised; too-low, own-auction, already-leading, too-fast, unusual,
barred, closed, cancelled, void. Alone, and changing nothing: missing when Redis does not have the auction; torn
when the auction and its stream are not of the same moment, as after a failover that lost one of them;
bad-amount when amount or ceiling is no whole number within bounds.

The time is Redis's own: the clock of whoever calls neither ends an auction nor keeps it open.

Values that are read and written together are one field of the hash, since each field costs every
bid its time; what the fields hold is said in open.lua.
]]
local auction, stream, bidders, barred = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local bid_id, bidder, is_confirmed = ARGV[1], ARGV[2], ARGV[5] == "1"
local most = tonumber(ARGV[6])

local TOO_FAST_MS = 1000
-- From this multiple of the next amount on an amount looks like a typo, and a ceiling from the other one.
-- A first bid never does: a start price does not show what an item is worth.
local UNUSUAL_TIMES, UNUSUAL_CEILING_TIMES = 3, 20
-- After this long a board task was lost.
local BOARD_LOST_MS = 5000

-- Digits alone: tonumber also reads "inf", "1e9" and "0x1", and one infinite price would be for good.
local function amount_within(text, least_allowed)
  local number = string.match(text, "^%d+$") and tonumber(text)
  return number and number >= least_allowed and number <= most and number or nil
end

local amount, max = amount_within(ARGV[3], 1), amount_within(ARGV[4], 0)
if not amount or not max then
  return "bad-amount"
end

local found = redis.call(
  "HMGET", auction, "status", "terms", "state", "board_at", "answer:" .. bid_id, "last:" .. bidder
)
local status, terms, state, board_at = found[1], found[2], found[3], found[4]
local known, last_bid_at = found[5], found[6]
if not status then
  return "missing"
end

local seller, reserve, counter_bid, latest_end, typo_floor, increments =
  string.match(terms, "^(%S+) (%S+) (%S+) (%S+) (%S+) (.*)$")
-- `told` is the part of the state that every answer repeats.
local last_now, sequence, leader_sequence, ceiling, told, price, leader, least, ends_at, bids =
  string.match(state, "^(%S+) (%S+) (%S+) (%S+) ((%S+) (%S+) (%S+) (%S+) (%S+))$")
local now = later_of(redis.call("TIME"), last_now)
last_bid_at = tonumber(last_bid_at or "")
reserve, counter_bid, latest_end = tonumber(reserve), tonumber(counter_bid), tonumber(latest_end)
sequence, leader_sequence, bids = tonumber(sequence), tonumber(leader_sequence), tonumber(bids)
price, least, ceiling, ends_at = tonumber(price), tonumber(least), tonumber(ceiling), tonumber(ends_at)
board_at = tonumber(board_at or "")

-- What was decided on a state that is not the newest would be undone when the auction is restored.
if sequence ~= sequence_of(redis.call("XREVRANGE", stream, "+", "-", "COUNT", 1)[1]) then
  return "torn"
end
if known then
  return known
end

local function state_after()
  return table.concat({ now, sequence, leader_sequence, ceiling, told }, " ")
end

local function answer(outcome, board, after, ...)
  local reserve_is = reserve == 0 and "-" or ceiling >= reserve and leader ~= "-" and "met" or "unmet"
  local reply = table.concat({ outcome, told, sequence, reserve_is, board }, " ")
  redis.call("HSET", auction, "state", after, "answer:" .. bid_id, reply, ...)
  return reply
end

local function refuse(outcome)
  return answer(outcome, "0", state_after())
end

if status ~= "live" then
  return refuse(status)
end
if now >= ends_at then
  return refuse("closed")
end
if bidder == seller then
  return refuse("own-auction")
end
local barred_until = tonumber(redis.call("GET", barred) or "")
if barred_until and now < barred_until then
  return refuse("barred")
end
if last_bid_at and now - last_bid_at < TOO_FAST_MS then
  return refuse("too-fast")
end

local highest = math.max(amount, max)
local is_raise = bidder == leader
if is_raise and max <= ceiling then
  return refuse("already-leading")
end
if not is_raise and highest < least then
  return refuse("too-low")
end
local usual = math.max(least, tonumber(typo_floor))
local is_unusual = max >= UNUSUAL_CEILING_TIMES * usual
  or (not is_raise and amount >= UNUSUAL_TIMES * usual)
if leader ~= "-" and is_unusual and not is_confirmed then
  return refuse("unusual")
end

local kind, outcome, outbid = "bid", "leading", "-"
sequence = sequence + 1
if is_raise then
  kind, outcome, ceiling = "ceiling", "ceiling-raised", max
  -- A ceiling that reaches the reserve meets it at once.
  if ceiling >= reserve and price < reserve then
    price = reserve
    least = next_after(increments, price)
    redis.call("ZADD", bidders, score(price, leader_sequence), leader)
  end
else
  bids = bids + 1
  local behind = { score(highest, sequence), bidder }
  if leader == "-" or highest > ceiling then
    price = math.max(amount, least)
    if leader ~= "-" then
      price = math.max(price, math.min(highest, next_after(increments, ceiling)))
      behind = { score(ceiling, leader_sequence), leader }
      outbid = leader
    end
    leader, ceiling, leader_sequence = bidder, highest, sequence
  else
    outcome = "outbid"
    price = math.min(ceiling, next_after(increments, highest))
  end
  if ceiling >= reserve then
    price = math.max(price, reserve)
  end
  least = next_after(increments, price)
  -- Of one bidder the last score counts.
  redis.call("ZADD", bidders, behind[1], behind[2], score(price, leader_sequence), leader)
  if ends_at - now < counter_bid then
    ends_at = math.max(ends_at, math.min(now + counter_bid, latest_end))
  end
end

told = table.concat({ price, leader, least, ends_at, bids }, " ")
local after = state_after()
redis.call(
  "XADD", stream, sequence .. "-0",
  "bid", table.concat({ bid_id, kind, bidder, amount, max, outbid }, " "), "state", after
)
if board_at and now - board_at < BOARD_LOST_MS then
  return answer(outcome, "0", after, "last:" .. bidder, now)
end
return answer(outcome, "1", after, "last:" .. bidder, now, "board_at", now)
