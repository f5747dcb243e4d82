-- What all replicas together have used of an account's upstream limit, one row an account. Replicas read it, work out
-- what they may have, and write it back if the version still stands. Times are microseconds since 1970.
create table budget_usage (
  account       text     primary key,
  version       bigint   not null default 0,
  charged_at    bigint[] not null default '{}', -- when the upstream may last have counted a call ...
  charged       int[]    not null default '{}', -- ... and how many such; they count for a window after it
  pace_due      bigint   not null default 0,    -- when the next call is due at an even pace
  lanes_due     bigint[] not null default '{}', -- the same for the reserved share of each lane, in their order
  blocked_until bigint   not null default 0,    -- nothing is sent before this, after a 429 or a used-up window
  heard         boolean  not null default false, -- whether any answer came yet; until then one call at a time
  told_limit    int      not null default 2147483647, -- what the upstream's headers said last
  told_reset    bigint   not null default 0,
  told_left     int      not null default 2147483647,
  told_until    bigint   not null default 0,
  changed_at    bigint   not null default 0
) with (fillfactor = 50);
