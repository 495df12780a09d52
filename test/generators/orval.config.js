const client = (name) => ({
  input: `./out/${name}.json`,
  output: { target: `./out/orval/${name}.ts`, client: 'fetch', mode: 'split' },
});

export default { v1: client('v1'), access: client('access') };
