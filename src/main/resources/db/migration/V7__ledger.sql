-- The token of the sweep that looked at an order last: one with a smaller token changes nothing.
alter table orders_order add column fence bigint not null default 0;
