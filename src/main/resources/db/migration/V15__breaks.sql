-- A person closes a break that no comparison can close. It stays closed unless it is found with another content.
alter table reconciliation_break add column settled boolean not null default false;

alter table operator_move add column break_id text;
alter table operator_move drop constraint operator_move_check;
alter table operator_move add constraint operator_move_check
  check (num_nonnulls(order_id, payment_id, account, break_id) = 1);
create index operator_move_break on operator_move (break_id, id) where break_id is not null;

-- Rows of the account's ledger are looked up among the payments by what they point at.
create index passthrough_payment_upstream on passthrough_payment (account, upstream_id) where upstream_id is not null;
create index passthrough_payment_transaction on passthrough_payment (account, transaction_id)
  where transaction_id is not null;
