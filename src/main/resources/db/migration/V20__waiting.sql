-- Which callers have orders that nobody has claimed yet, so that a claim finds whose turn is next without asking for each.
-- What is missing here is noted within a second (TurnStore).
alter table orders_turn add column waits_since timestamptz; -- null if the caller has none
alter table orders_turn add column asked_at timestamptz; -- about when he last ordered
