-- When an order's number, reference and codes were erased; its states, its money and its row stay.
alter table orders_order add column erased_at timestamptz;

create index orders_to_erase on orders_order (final_at)
  where final_at is not null and erased_at is null and flag is null;

-- Which keys the cards are encrypted with is looked up without reading the cards.
create index orders_card_key on orders_order (card_key) where card_key is not null;

-- A reference as it is kept once its order is erased. It stays taken and can be found by whoever knows it. The backslashes
-- are doubled because the text is read as bytea's escape format.
create function orders_ref_key(caller text, ref text) returns text
  language sql immutable strict parallel safe
  return case when ref ~ '^sha256:[0-9a-f]{64}$' then ref
              else 'sha256:' || encode(sha256(replace(caller || '/' || ref, '\', '\\')::bytea), 'hex') end;

create unique index orders_ref_kept on orders_order (caller, family, orders_ref_key(caller, ref))
  where answer is distinct from 'REFUSED';
drop index orders_ref;
alter index orders_ref_kept rename to orders_ref;

-- The same for payments: what they paid is forgotten, that they were made is not.
alter table passthrough_payment add column erased_at timestamptz;

create index passthrough_payment_to_erase on passthrough_payment (ended_at)
  where ended_at is not null and erased_at is null and state <> 'UNKNOWN';
