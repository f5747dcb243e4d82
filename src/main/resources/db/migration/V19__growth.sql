-- Orders that the upstream settles in hours are followed apart from the others: there may be a hundred thousand of them,
-- and what is due in seconds must be found without passing them.
-- Created beside running replicas, outside a transaction (V19__growth.sql.conf), so nobody waits. What breaks off leaves an
-- invalid index and a failed migration: once that is cleared away (docs/operations.md) this runs again from its beginning.
-- orders_to_follow stays for replicas of the release before, while they are replaced; a later migration drops it.
set lock_timeout = 0; -- it only waits, and nobody waits for it
set statement_timeout = 0; -- of the role, perhaps: an index of a large ledger takes minutes
drop index concurrently if exists orders_to_sweep;
create index concurrently orders_to_sweep on orders_order (account, family, due_at)
  where state in ('PENDING', 'HANDLING') or state in ('QUEUED', 'UNKNOWN_ERROR') and card_reads > 0;

drop index concurrently if exists orders_slow_due;
create index concurrently orders_slow_due on orders_order (account, family, due_at)
  where state in ('QUEUED', 'UNKNOWN_ERROR') and card_reads = 0;

drop index concurrently if exists orders_slow_sent;
create index concurrently orders_slow_sent on orders_order (account, family, (coalesce(sent_at, accepted_at)))
  where state in ('QUEUED', 'UNKNOWN_ERROR') and card_reads = 0;

-- Everybody's orders, newest first: merged of a thousand callers' they would be read by the ten thousand. The condition is met by
-- all; it keeps queries for one caller's, which do not have it, from walking through everybody's.
drop index concurrently if exists orders_newest;
create index concurrently orders_newest on orders_order (accepted_at desc, id desc) where version >= 0;
