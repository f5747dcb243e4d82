-- What lets a browser in without a caller's key: of one order, or of the board. A ticket is used once and becomes a
-- session then. Of both only digests are kept: SHA-256 of 256 random bits, in hex.
create table callers_ticket (
  digest     text        primary key,
  caller     text        not null,
  order_id   text,                 -- null: the board
  scopes     text[]      not null, -- of what the caller may do, what he gives away
  created_at timestamptz not null default now(),
  used_at    timestamptz,
  session    text        unique,   -- once it is used
  ends_at    timestamptz not null, -- the ticket's end; once it is used, the session's
  check ((used_at is null) = (session is null))
);

create index callers_ticket_over on callers_ticket (ends_at);
