import tseslint from 'typescript-eslint';

const PURE = ['**/libs/{kernel,scheme,domain,transparency-log}/**/*.ts'];
const SPECS = ['**/*.{spec,int-spec,live-spec,e2e-spec,distributed-spec}.ts', '**/libs/testing/**/*.ts'];

const forwardRef = {
  selector: "Identifier[name='forwardRef']",
  message: 'A cycle of modules is a design fault: no forwardRef.',
};
const impure = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Time comes in as data.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time comes in as data.' },
  { selector: "CallExpression[callee.name='Date']", message: 'Time comes in as data.' },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Randomness comes in as data.' },
];
/** What makes a test pass without having shown anything. */
const shownNothing = [
  {
    selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo|failing)$/]',
    message: 'A test that can not be run here says so: unless(reason).it(…) of libs/testing.',
  },
  {
    selector:
      'CallExpression:matches([callee.name=/^(it|test)$/], [callee.property.name=/^(it|test)$/], ' +
      '[callee.callee.object.name=/^(it|test)$/]) > :function > BlockStatement > IfStatement ReturnStatement',
    message: 'Left early a test passes without having shown anything: unless(reason).it(…), or two tests.',
  },
];
const outside = [
  'process',
  'crypto',
  'performance',
  'fetch',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'coverage/',
      'reports/',
      '.stryker-tmp/',
      'data/',
      'test/architecture/fixtures/',
      // Clients made of the contract, with tools of their own.
      'test/generators/',
      'libs/client/generated/',
      // Compiled where the client package is installed.
      'test/client-package/program/',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parserOptions: {
        project: ['test/architecture/fixtures/tsconfig.json', 'test/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', forwardRef],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Fixed by hand nowhere: Nest reads the types of decorated constructors at run time, the rule leaves those alone.
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      // The compiler reports these already.
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `interface A extends B {}` and `type A = {}` have their uses as names.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
    },
  },
  {
    files: ['**/libs/**/*.ts'],
    ignores: SPECS,
    rules: { 'no-console': 'error' },
  },
  {
    files: PURE,
    ignores: SPECS,
    rules: {
      'no-restricted-syntax': ['error', forwardRef, ...impure],
      'no-restricted-globals': [
        'error',
        ...outside.map((name) => ({ name, message: 'What is outside comes in as data.' })),
      ],
    },
  },
  {
    files: SPECS,
    ignores: ['**/libs/testing/unless.ts'],
    rules: { 'no-restricted-syntax': ['error', forwardRef, ...shownNothing] },
  },
  { files: ['**/*.{js,mjs,cjs}'], rules: { eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error' } },
);
