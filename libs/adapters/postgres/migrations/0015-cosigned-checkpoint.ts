/** The newest checkpoint of the transparency log that enough witnesses have cosigned: one row. Receipts are made of it. */
export const cosignedCheckpoint = `
create table waarborg.log_cosigned (
  one  boolean primary key default true check (one),
  size bigint  not null check (size > 0),
  note text    not null
);
comment on table waarborg.log_cosigned is 'can be had again: witnesses cosign what they have seen as often as they are asked';
`;
