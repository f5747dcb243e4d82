-- Orders of all families. Gift cards are bought by product, type and quantity, and have no number.
alter table orders_order alter column number drop not null;
alter table orders_order add column card_type text;
alter table orders_order add column quantity int;

-- What the upstream said at the end.
alter table orders_order add column suggested_offers text; -- JSON, of a mobile order that was refunded
alter table orders_order add column fulfilled int;         -- gift cards delivered
alter table orders_order add column card_price numeric;    -- DZD a gift card

-- Orders of one lane are sent one at a time, because the upstream knows them by no reference of ours: as long as it is
-- open what became of one, no other is sent. The index holds even if two replicas try at once.
alter table orders_order add column lane text;
alter table orders_order add column in_lane boolean not null default false;
create unique index orders_lane on orders_order (account, lane) where in_lane;

-- The upstream's orders that may be this one, fixed before the lane goes on: as JSON, for the operator.
alter table orders_order add column candidates text;

create index orders_upstream_id on orders_order (account, upstream_id) where upstream_id is not null;

-- The caller may have sent the same ref upstream himself: that is asked for before the order is sent.
alter table orders_order add column ask_first boolean not null default false;
