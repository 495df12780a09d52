/** What a person does about a store that is not the one it was. */
export const HOW_TO_GO_ON =
  'Put the newer state back, or, if the older one is to be gone on with: stop every process, then ' +
  'npm run adopt-restored-store -- --reason "…"';
