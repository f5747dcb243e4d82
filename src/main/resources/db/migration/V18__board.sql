-- What the operations board shows and nobody else needs.

-- The last sweep of each family, written by the replica that sweeps. Only for people to look at.
create table polling_sweep (
  account  text        not null,
  family   text        not null,
  ended_at timestamptz not null,
  took     int         not null, -- milliseconds
  due      int         not null, -- orders that were due for a look
  changed  int         not null,
  failed   boolean     not null,
  dropped  bigint      not null, -- beats since the sweeper took over that found a sweep still running
  constraint polling_sweep_key primary key (account, family)
) with (fillfactor = 20); -- each row is rewritten at every beat, within its page

-- A person searches by the number of a line, of one caller or of all.
create index orders_number on orders_order (number, accepted_at desc, id desc) where number is not null;

-- What is open, in the list's order; the old one serves nothing that this does not.
create index orders_open_list on orders_order (caller, accepted_at desc, id desc) where final_at is null;
drop index orders_open;
alter index orders_open_list rename to orders_open;
