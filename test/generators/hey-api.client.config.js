/** Types alone: what runs in the package is written by hand (docs/adr/0079). */
const types = (name) => ({
  input: `./out/client/${name}.json`,
  output: { path: `./out/client/${name}` },
  plugins: ['@hey-api/typescript'],
});

export default [types('v1'), types('access')];
