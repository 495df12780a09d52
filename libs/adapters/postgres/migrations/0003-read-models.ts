/** Checkpoints of all kinds, and the decision instances that are alive. The read models' own tables come from code. */
export const readModels = `
create schema read_model;

create table waarborg.read_models (
  name        text    primary key,
  table_name  text    not null unique,
  version     integer not null,
  declaration text    not null,
  store       text,
  epoch       integer,
  position    bigint,
  check (num_nulls(store, epoch, position) in (0, 3))
);

create table waarborg.checkpoints (
  name     text    primary key,
  store    text    not null,
  epoch    integer not null,
  position bigint  not null
);

create table waarborg.decision_instances (
  instance    text        primary key,
  seen        bigint      not null,
  lease_until timestamptz not null
);
`;
