-- What operators did, and what they were refused. A move that changes something stands in the statement that changes it.
create table operator_move (
  id         bigint generated always as identity primary key,
  at         timestamptz not null default now(),
  who        text        not null, -- the caller whose key was shown
  request_id text        not null,
  move       text        not null, -- look-again, adopt, ...
  order_id   text,                 -- what was moved, one of the three
  payment_id text,
  account    text,
  arguments  text,                 -- JSON, where the move has any besides the reason
  reason     text        not null,
  outcome    text        not null, -- DONE, or why it was refused
  check (num_nonnulls(order_id, payment_id, account) = 1)
);

create index operator_move_order on operator_move (order_id, id) where order_id is not null;
create index operator_move_payment on operator_move (payment_id, id) where payment_id is not null;
create index operator_move_account on operator_move (account, id) where account is not null;

-- Accounts whose sends a person has stopped. Whatever commits that a first byte leaves reads it in the same statement.
create table account_send_stop (
  account text        primary key,
  who     text        not null,
  reason  text        not null,
  since   timestamptz not null default now()
);

-- The id that an operator gave an order: two orders cannot be given the same.
alter table orders_order add column adopted text;
create unique index orders_adopted on orders_order (account, adopted) where adopted is not null;

-- Orders of gift cards show no reference upstream, so nothing else keeps two of ours from taking the same one.
create unique index orders_gift_card_id on orders_order (account, upstream_id)
  where lane is not null and upstream_id is not null;

-- What operators look through: young orders pass through it, the others are few.
create index orders_unsettled on orders_order (accepted_at desc, id desc) where final_at is null or flag is not null;

-- A person says what became of a payment whose answer was lost.
alter table passthrough_payment drop constraint passthrough_payment_state_check;
alter table passthrough_payment add constraint passthrough_payment_state_check
  check (state in ('SENDING', 'ANSWERED', 'REFUSED', 'NOT_SENT', 'UNKNOWN', 'PAID', 'NOT_PAID'));
create index passthrough_payment_unknown on passthrough_payment (created_at desc, id desc) where state = 'UNKNOWN';
create index passthrough_payment_day on passthrough_payment (created_at, caller, route);
