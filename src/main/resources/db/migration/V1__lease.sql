-- Tokens of all leases come from one sequence, so a later holder's is always greater.
create sequence lease_token;

create table lease (
  name       text primary key,
  holder     text        not null,
  token      bigint      not null,
  expires_at timestamptz not null
);
