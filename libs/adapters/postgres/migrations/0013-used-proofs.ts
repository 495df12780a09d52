/**
 * Proofs of possession that were used, by a hash of the key that made them and their id. Rows go by the times that stand
 * in the proofs: the database's clock decides nothing.
 */
export const usedProofs = `
create table waarborg.used_proofs (
  proof     bytea  primary key,
  issued_at bigint not null
);
create index on waarborg.used_proofs (issued_at);
comment on column waarborg.used_proofs.proof is 'SHA-256 of thumbprint and id of the proof';
comment on column waarborg.used_proofs.issued_at is 'when the proof was made, as it says itself: seconds since 1970';
`;
