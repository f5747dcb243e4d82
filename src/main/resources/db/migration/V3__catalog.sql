-- What the upstream last said of a number: the line's data, or the refusal in its words.
create table catalog_number (
  type        text        not null,
  number      text        not null,
  ncli        text,
  offre       text,
  told_type   text,
  status      integer,
  message     text,
  details     text,
  good_until  timestamptz not null,
  primary key (type, number),
  check (num_nulls(status, message, details) in (0, 3))
);

create index catalog_number_good_until on catalog_number (good_until);
