-- Shared by all scripts: `withShared` inserts it after their first line, after the functions that encode and decode
-- the texts of state.ts.

-- TIME's reply in milliseconds. Redis's clock may go back; an auction's does not.
local function later_of(clock, last_now)
  local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
  return math.max(now, tonumber(last_now))
end

-- The table of increments starts at 0 and is in ascending order.
local function next_after(increments, from)
  local step
  for threshold, amount_by in string.gmatch(increments, "(%d+):(%d+)") do
    if tonumber(threshold) > from then
      break
    end
    step = tonumber(amount_by)
  end
  return from + step
end

-- The commitments in an auction's hash, from HGETALL's reply: the highest first, and of equal ones the earliest.
local function ranked_commitments(fields)
  local ranked = {}
  for place = 1, #fields, 2 do
    local bidder = string.match(fields[place], "^commitment:(.+)$")
    if bidder then
      local commitment = decode_commitment(fields[place + 1])
      commitment.bidder = bidder
      ranked[#ranked + 1] = commitment
    end
  end
  table.sort(ranked, function(one, other)
    if one.amount == other.amount then
      return one.sequence < other.sequence
    end
    return one.amount > other.amount
  end)
  return ranked
end

-- The sequence number of a stream's newest entry, from XREVRANGE's reply; 0 if there is none.
local function sequence_of(newest)
  return newest and tonumber(string.match(newest[1], "^%d+")) or 0
end

-- Whether a stream's entry led to a state. After failovers that lost parts of an auction, hash and stream may end with
-- the same number, but with different bids.
local function leads_to(entry, state)
  local after = entry[2][4] and decode_state(entry[2][4])
  return not after
    or after.leader_id == state.leader_id
      and after.leader_sequence == state.leader_sequence
      and after.ceiling == state.ceiling
      and after.price == state.price
      and after.bids == state.bids
end

-- Whether an auction and its stream, by its newest entry, are from different points in time.
local function is_torn(state, newest)
  return state.sequence ~= sequence_of(newest) or newest and not leads_to(newest, state)
end
