-- The ledger. One row an order; what never changes first, what every move changes last.
create table orders_order (
  id            text primary key,
  account       text           not null,
  caller        text           not null,
  family        text           not null,
  ref           text           not null,
  upstream_ref  text           not null constraint orders_upstream_ref unique,
  product       text           not null,
  number        text           not null,
  value         numeric        not null,
  max_cost      numeric,
  accepted_at   timestamptz    not null default now(),
  send_deadline timestamptz    not null,

  state         text           not null,
  version       bigint         not null default 0, -- fence: a write with a stale version changes nothing
  changes       int            not null default 1, -- changes that callers see, the SSE id of the last one
  answer        text check (answer in ('ACCEPTED', 'REFUSED')), -- what the send was answered with, once written
  due_at        timestamptz    not null default now(), -- when somebody looks next; a claim moves it on
  cost          numeric,
  sends         int            not null default 0, -- sends that may have acted
  sent_at       timestamptz,
  send_by       timestamptz,                       -- no first byte after this
  absences      int            not null default 0, -- complete looks past send_by that did not find it
  arrived       boolean        not null default false, -- the upstream said that it knows our ref
  upstream_id   text,
  refusal       text,                              -- JSON: code, status, message, details
  reason        text,
  card_reads    int            not null default 0, -- reads of a fulfilled order that had no code
  card_code     text,                              -- AES-256-GCM, nonce first, base64
  card_key      text,                              -- which key
  num_trans     text,
  processed_at  timestamptz,
  flag          text,                              -- why a person should look
  updated_at    timestamptz    not null default now(),
  final_at      timestamptz
);

-- A refused send leaves its ref free.
create unique index orders_ref on orders_order (caller, family, ref) where answer is distinct from 'REFUSED';
create index orders_list on orders_order (caller, family, accepted_at desc, id desc);
create index orders_page on orders_order (caller, accepted_at desc, id desc);
create index orders_open on orders_order (caller) where final_at is null;
create index orders_to_send on orders_order (account, due_at) where state = 'ACCEPTED';
create index orders_to_settle on orders_order (account, due_at) where state in ('SENDING', 'SEND_UNKNOWN');
create index orders_to_follow on orders_order (account, family, due_at)
  where state in ('PENDING', 'HANDLING', 'QUEUED', 'UNKNOWN_ERROR');

-- One row a state change, written in the same statement. Readers of the whole log go by
-- (xid, position) and stay behind the oldest running transaction, so a late commit is never skipped.
create table orders_event (
  position        bigint generated always as identity primary key,
  xid             bigint      not null default pg_current_xact_id()::text::bigint,
  order_id        text        not null references orders_order,
  caller          text        not null,
  number          int, -- counts what callers see; null where they see no change
  at              timestamptz not null default now(),
  state           text        not null,
  previous_state  text,
  status          text        not null,
  previous_status text,
  correction      boolean     not null default false,
  reason          text,
  cost            numeric
);

create unique index orders_event_number on orders_event (order_id, number) where number is not null;
create index orders_event_order on orders_event (order_id, position);
create index orders_event_log on orders_event (xid, position);
create index orders_event_caller on orders_event (caller, xid, position) where number is not null;

create table orders_idempotency (
  caller     text        not null,
  route      text        not null,
  key        text        not null,
  digest     text        not null,
  order_id   text        not null references orders_order,
  created_at timestamptz not null default now(),
  status     int,  -- the answer as it was given, once it was
  body       text,
  constraint orders_idempotency_key primary key (caller, route, key)
);

create index orders_idempotency_age on orders_idempotency (created_at);
create index orders_idempotency_order on orders_idempotency (order_id);

create table orders_reveal (
  id         bigint generated always as identity primary key,
  order_id   text        not null references orders_order,
  caller     text        not null,
  request_id text        not null,
  at         timestamptz not null default now()
);

create index orders_reveal_order on orders_reveal (order_id, caller);
