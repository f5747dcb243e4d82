-- Payments that are passed through, one row each, committed before the first byte. What the caller asked never changes.
create table passthrough_payment (
  id             text        primary key,
  account        text        not null,
  caller         text        not null,
  route          text        not null, -- bills.pay, ocpay.createLink
  ref            text,                 -- as in the body, where it has one
  transaction_id text,
  bill_ids       text,
  digest         text        not null, -- SHA-256 of the body
  request_id     text        not null,
  created_at     timestamptz not null default now(),
  overdue_at     timestamptz not null, -- neither an answer nor its commit can come after this

  state          text        not null default 'SENDING'
                 check (state in ('SENDING', 'ANSWERED', 'REFUSED', 'NOT_SENT', 'UNKNOWN')),
  answer_status  int,
  upstream_id    text,                 -- transaction or payment link
  reason         text,
  ended_at       timestamptz
);

create index passthrough_payment_sending on passthrough_payment (overdue_at) where state = 'SENDING';
create index passthrough_payment_age on passthrough_payment (account, created_at);
