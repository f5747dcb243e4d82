-- The token of the sweep that looked at an order last: one with a smaller token changes nothing.
alter table orders_order add column fence bigint not null default 0;

-- What callers with a limit have ordered in a window, in DZD; windows begin at multiples of their length since 1970.
create table orders_spend (
  caller    text        not null,
  length    numeric     not null, -- of the window, in seconds: with another setting counting begins anew
  starts_at timestamptz not null,
  spent     numeric     not null,
  constraint orders_spend_window primary key (caller, length, starts_at)
);

-- The window that an order was counted in; null if its caller had no limit then.
alter table orders_order add column spend_length numeric;
alter table orders_order add column spend_window timestamptz;

-- Whose order is sent next: start-time fair queueing, so that all replicas agree. An order starts at the time up to
-- which its caller has been served, or at the account's present one if that is later, and serves him for 1 / weight.
create table orders_turn (
  account text    not null,
  caller  text    not null,
  served  numeric not null, -- virtual time up to which the caller has been served
  constraint orders_turn_caller primary key (account, caller)
);

create table orders_turn_now (
  account text    primary key,
  turn    numeric not null -- the latest start of any order claimed
);

alter table orders_order add column weight numeric not null default 1; -- its caller's, when it was accepted
alter table orders_order add column turn numeric; -- its start, once claimed: it is counted no second time

drop index orders_to_send;
create index orders_to_send on orders_order (account, caller, due_at) where state = 'ACCEPTED';
create index orders_to_send_again on orders_order (account, caller, due_at) where state = 'ACCEPTED' and turn is not null;
