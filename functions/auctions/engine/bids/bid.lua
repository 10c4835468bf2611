#!lua flags=allow-key-locking
--[[
Decides one bid. Idempotent: a second call with the same bid id replies like the first and changes nothing.

KEYS   1  hash: the auction
       2  stream: its accepted bids, with their sequence numbers as ids
       3  string: until when the bidder is barred, in milliseconds; absent if they are not barred
ARGV   1  bid id
       2  bidder
       3  amount, in minor units
       4  ceiling, in minor units; 0 for none
       5  "1" if the bidder has confirmed an unusual amount
       6  the highest allowed amount, in minor units
REPLY  a decision, as state.ts defines it; or a single word if the bid was not decided

Outcomes: leading, outbid, ceiling-raised; too-low, own-auction, already-leading, too-fast, unusual,
barred, closed, cancelled, void. Words: missing if Redis does not have the auction; torn if the auction and its
stream are from different points in time, as after a failover that lost one of them; bad-amount if the amount or
ceiling is not a whole number within bounds.

The time is Redis's own: the caller's clock neither ends an auction nor keeps it open. open.lua describes the
fields.
]]
local auction, stream, barred = KEYS[1], KEYS[2], KEYS[3]
local bid_id, bidder, is_confirmed = ARGV[1], ARGV[2], ARGV[5] == "1"
local most = tonumber(ARGV[6])

local TOO_FAST_MS = 1000
-- An amount, or a ceiling, from this multiple of the next amount on looks like a typo. A first bid never does: the
-- start price does not show what an item is worth.
local UNUSUAL_TIMES, UNUSUAL_CEILING_TIMES = 3, 20
-- After this time a board's task counts as lost.
local BOARD_LOST_MS = 5000

-- Only digits: tonumber also reads "inf", "1e9" and "0x1", and an infinite price could never be outbid.
local function amount_within(text, least_allowed)
  local number = string.match(text, "^%d+$") and tonumber(text)
  return number and number >= least_allowed and number <= most and number or nil
end

local amount, max = amount_within(ARGV[3], 1), amount_within(ARGV[4], 0)
if not amount or not max then
  return "bad-amount"
end

local found = redis.call(
  "HMGET", auction,
  "status", "terms", "state", "board_at", "answer:" .. bid_id, "last:" .. bidder, "commitment:" .. bidder
)
local status, known, is_new = found[1], found[5], not found[7]
if not status then
  return "missing"
end

local terms, state = decode_terms(found[2]), decode_state(found[3])
local board_at, last_bid_at = tonumber(found[4] or ""), tonumber(found[6] or "")
local now = later_of(redis.call("TIME"), state.now_ms)
state.now_ms = now

-- A bid decided on an outdated state would be lost when the auction is restored.
if is_torn(state, redis.call("XREVRANGE", stream, "+", "-", "COUNT", 1)[1]) then
  return "torn"
end
if known then
  return known
end

local function reserve_now()
  if terms.reserve == 0 then
    return "-"
  end
  return state.ceiling >= terms.reserve and state.leader_id ~= "-" and "met" or "unmet"
end

local function answer(outcome, is_board_due, after, ...)
  local reply = encode_decision({
    outcome = outcome, price = state.price, leader_id = state.leader_id, next_amount = state.next_amount,
    ends_at_ms = state.ends_at_ms, bids = state.bids, sequence = state.sequence, reserve = reserve_now(),
    is_board_due = is_board_due,
  })
  redis.call("HSET", auction, "state", after, "answer:" .. bid_id, reply, ...)
  return reply
end

local function refuse(outcome)
  return answer(outcome, 0, encode_state(state))
end

if status ~= "live" then
  return refuse(status)
end
if now >= state.ends_at_ms then
  return refuse("closed")
end
if bidder == terms.seller_id then
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
local is_raise = bidder == state.leader_id
if is_raise and max <= state.ceiling then
  return refuse("already-leading")
end
if not is_raise and highest < state.next_amount then
  return refuse("too-low")
end
local usual = math.max(state.next_amount, terms.typo_floor)
local is_unusual = max >= UNUSUAL_CEILING_TIMES * usual
  or (not is_raise and amount >= UNUSUAL_TIMES * usual)
if state.leader_id ~= "-" and is_unusual and not is_confirmed then
  return refuse("unusual")
end

local kind, outcome, outbid = "bid", "leading", "-"
state.sequence = state.sequence + 1
if is_raise then
  kind, outcome, state.ceiling = "ceiling", "ceiling-raised", max
  -- A ceiling that reaches the reserve meets it at once.
  if max >= terms.reserve and state.price < terms.reserve then
    state.price = terms.reserve
    state.next_amount = next_after(terms.increments, state.price)
  end
else
  state.bids = state.bids + 1
  if is_new then
    state.bidders = state.bidders + 1
  end
  local price
  if state.leader_id == "-" or highest > state.ceiling then
    price = math.max(amount, state.next_amount)
    if state.leader_id ~= "-" then
      price = math.max(price, math.min(highest, next_after(terms.increments, state.ceiling)))
      outbid = state.leader_id
    end
    state.leader_id, state.ceiling, state.leader_sequence = bidder, highest, state.sequence
  else
    outcome = "outbid"
    price = math.min(state.ceiling, next_after(terms.increments, highest))
  end
  if state.ceiling >= terms.reserve then
    price = math.max(price, terms.reserve)
  end
  state.price, state.next_amount = price, next_after(terms.increments, price)
  if state.ends_at_ms - now < terms.counter_bid_ms then
    state.ends_at_ms = math.max(state.ends_at_ms, math.min(now + terms.counter_bid_ms, terms.latest_end_ms))
  end
end

local committed = encode_commitment({
  amount = is_raise and max or highest, sequence = is_raise and state.leader_sequence or state.sequence,
})
local after = encode_state(state)
redis.call(
  "XADD", stream, state.sequence .. "-0",
  "bid", encode_entry({
    id = bid_id, kind = kind, bidder_id = bidder, amount = amount, max = max, outbid_id = outbid,
  }),
  "state", after
)
if board_at and now - board_at < BOARD_LOST_MS then
  return answer(outcome, 0, after, "last:" .. bidder, now, "commitment:" .. bidder, committed)
end
return answer(
  outcome, 1, after, "last:" .. bidder, now, "commitment:" .. bidder, committed, "board_at", now
)
