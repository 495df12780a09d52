const client = (name) => ({
  input: `./out/${name}.json`,
  output: { path: `./out/hey-api/${name}`, importFileExtension: '.js' },
  plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
});

export default [client('v1'), client('access')];
