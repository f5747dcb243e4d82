create table account_standing (
  account     text primary key,
  fingerprint text    not null,
  state       text    not null check (state in ('ACTIVE', 'STOPPED')),
  username    text,
  read_only   boolean not null default false,
  reason      text,
  until       timestamptz
);
