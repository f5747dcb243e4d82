-- Whose turn is next, and what was claimed before and came back: read in their order, however many wait.
-- Created beside running replicas, outside a transaction (V21__next.sql.conf), so nobody waits.
-- orders_to_send_again stays for replicas of the release before, while they are replaced; a later migration drops it.
set lock_timeout = 0; -- it only waits, and nobody waits for it
set statement_timeout = 0; -- of the role, perhaps: an index of a large ledger takes minutes
drop index concurrently if exists orders_turn_next;
create index concurrently orders_turn_next on orders_turn (account, served, waits_since) where waits_since is not null;

drop index concurrently if exists orders_to_send_first;
create index concurrently orders_to_send_first on orders_order (account, turn, due_at, id)
  where state = 'ACCEPTED' and turn is not null;
