-- When the first send was committed, whether or not it left: nothing was made upstream before.
alter table orders_order add column first_sent_at timestamptz;
