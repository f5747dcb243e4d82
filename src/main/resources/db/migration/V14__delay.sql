-- When a complete look last did not find the order.
alter table orders_order add column absent_at timestamptz;

-- The longest that the upstream did not show an order of ours that it had.
create table dispatch_delay (
  account text not null,
  family  text not null,
  longest interval not null,
  constraint dispatch_delay_key primary key (account, family)
);
