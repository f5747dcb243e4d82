-- Operators list the orders of all callers, newest first.
create index orders_everybody on orders_order (accepted_at desc, id desc);
