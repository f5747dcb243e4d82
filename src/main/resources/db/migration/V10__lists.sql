-- How many orders a list shows that were accepted before the end of an hour, from the first on; only of hours in which
-- any were, and only once that cannot change any more. Hours are UTC's, whatever the session's zone.
create table orders_tally (
  caller text        not null,
  family text        not null,
  hour   timestamptz not null,
  shown  bigint      not null,
  constraint orders_tally_hour primary key (caller, family, hour) include (shown)
);

create unique index orders_tally_shown on orders_tally (caller, family, shown) include (hour);

-- Up to when all hours of all callers are in orders_tally. After a change of the ledger by hand delete all rows of
-- orders_tally and set this to 'epoch', in one transaction: it is all counted anew, and until then lists count for themselves.
create table orders_tally_end (
  one   boolean     primary key default true check (one),
  until timestamptz not null
);

insert into orders_tally_end (until) values ('epoch');

-- One for each condition of GET /orders: where few or none meet it, the other indexes would be read to their end.
create index orders_state on orders_order (caller, state, accepted_at desc, id desc);
create index orders_product on orders_order (caller, product, accepted_at desc, id desc);
create index orders_any_ref on orders_order (caller, ref, accepted_at desc, id desc);

-- With the answer in it orders are counted and skipped without reading their rows. The old one goes last: from then on
-- nobody reads the table until the commit.
create index orders_list_answered on orders_order (caller, family, accepted_at desc, id desc) include (answer);
drop index orders_list;
alter index orders_list_answered rename to orders_list;
