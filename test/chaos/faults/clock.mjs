/** Milliseconds by the one clock that all processes of this machine share and nobody can set. */
export const moment = () => Number(process.hrtime.bigint()) / 1e6;
