-- The token of the sweep that looked at an order last: one with a smaller token changes nothing.
alter table orders_order add column fence bigint not null default 0;

-- What callers with a limit have ordered in a window, in DZD; windows begin at multiples of their length since 1970.
create table orders_spend (
  caller    text        not null,
  starts_at timestamptz not null,
  spent     numeric     not null,
  constraint orders_spend_window primary key (caller, starts_at)
);

-- The window that an order was counted in; null if its caller had no limit then.
alter table orders_order add column spend_window timestamptz;
