-- When an account is compared next, and how often in a row that could not be done in full. Kept here, so that a restart
-- forgets nothing and several replicas do it once.
create table reconciliation_due (
  account  text        primary key,
  due_at   timestamptz not null,
  failures int         not null default 0,
  asked    boolean     not null default false -- by the operator
);

-- One row a comparison. Only one of an account runs; every write of a comparison asks for its row to be RUNNING, so that
-- a replica that lost its lease changes nothing.
create table reconciliation_run (
  id         bigint generated always as identity primary key,
  account    text        not null,
  asked      boolean     not null,
  started_at timestamptz not null default now(),
  from_at    timestamptz not null,
  to_at      timestamptz not null,
  ended_at   timestamptz,
  state      text        not null default 'RUNNING' check (state in ('RUNNING', 'COMPLETE', 'INCOMPLETE', 'BROKEN_OFF')),
  reason     text,                 -- what could not be read, and so was not judged
  counts     text                  -- JSON
);

create index reconciliation_run_account on reconciliation_run (account, id desc);
create unique index reconciliation_run_one on reconciliation_run (account) where state = 'RUNNING';

-- What the running comparison has read of the upstream's lists and ledger; emptied at its end. No number, no card.
create table reconciliation_listed (
  run         bigint not null references reconciliation_run on delete cascade,
  family      text   not null,
  upstream_id text   not null,
  order_id    text,             -- of the gateway's own ref
  has_ref     boolean not null, -- whether the row showed any ref
  status      text   not null,
  value       numeric,
  quantity    int,
  charged     numeric,
  matched     boolean not null default false, -- an order of ours was compared with it
  constraint reconciliation_listed_row primary key (run, family, upstream_id)
);

create index reconciliation_listed_order on reconciliation_listed (run, order_id) where order_id is not null;

create table reconciliation_moved (
  run       bigint  not null references reconciliation_run on delete cascade,
  id        text    not null,
  family    text    not null,
  object    text    not null,  -- the upstream's id of what was paid for
  refund    boolean not null,
  amount    numeric not null,
  constraint reconciliation_moved_row primary key (run, id)
);

create index reconciliation_moved_object on reconciliation_moved (run, object);

-- What does not agree. Found again it is the same row; gone, it is resolved.
create table reconciliation_break (
  id            bigint generated always as identity primary key,
  account       text        not null,
  class         text        not null,
  family        text        not null,
  order_id      text        not null default '', -- ours, or a payment's
  upstream_id   text        not null default '',
  detail        text        not null,
  amount        numeric,                         -- DZD that differ or are at stake, if known
  happened_at   timestamptz,                     -- when the order was sent
  first_seen_at timestamptz not null default now(),
  last_seen_at  timestamptz not null default now(),
  run           bigint      not null,            -- that saw it last
  resolved_at   timestamptz,
  resolution    text,
  constraint reconciliation_break_same unique (account, class, family, order_id, upstream_id)
);

create index reconciliation_break_open on reconciliation_break (account, class, id) where resolved_at is null;
