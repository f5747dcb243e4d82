-- Each running replica renews its row; one that died drops out when its time is over.
create table replica (
  id         text primary key,
  expires_at timestamptz not null
);

-- Standing is of a key: while a new key is rolled out, replicas with the old one neither
-- see nor overwrite its row. Account and fingerprint are empty in the row of a blocked
-- address, which stops every key.
alter table account_standing drop constraint account_standing_pkey, add primary key (account, fingerprint);

-- Each answer of the upstream against a key; a few of them block the address.
create table account_key_failure (
  id          bigint generated always as identity primary key,
  at          timestamptz not null,
  account     text        not null,
  fingerprint text        not null,
  reason      text        not null
);

create index account_key_failure_at on account_key_failure (at);
