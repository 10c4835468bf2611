-- Shared by all scripts: `withShared` inserts it after their first line, after the functions that encode and decode
-- the texts of state.ts.

-- Scores order by amount, then by sequence number (earlier first); they stay below 2^53.
local SEQUENCES = 4194304

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

local function score(of_amount, of_sequence)
  return string.format("%.0f", of_amount * SEQUENCES + SEQUENCES - 1 - of_sequence)
end

-- The sequence number of a stream's newest entry, from XREVRANGE's reply; 0 if there is none.
local function sequence_of(newest)
  return newest and tonumber(string.match(newest[1], "^%d+")) or 0
end

