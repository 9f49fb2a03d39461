import js from '@eslint/js'
import tseslint from 'typescript-eslint'

// Data flows one way: sources -> model -> verdicts -> store -> metrics -> web; imports point only backwards along it.
const forbid = (files, ...rooms) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: rooms.map((room) => ({
          regex: `^(\\.\\./)+${room}(/|\\.ts$)`,
          message: `imports point backwards along sources -> model -> verdicts -> store -> metrics -> web: not to ${room}`,
        })),
      },
    ],
  },
})

/** What wires the rooms, and what stands beside the flow. */
const above = ['app', 'pages', 'runner', 'journal', 'cli']

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.testbed/', 'test/fixtures/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.mjs', '**/*.js'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
  { files: ['testbed/**', 'bench/**', 'scripts/**', 'dashboards/**'], rules: { 'no-console': 'off' } },
  // The SDK prefers Grafana's newest format; every Grafana in use opens the classic one.
  { files: ['dashboards/**', 'test/dashboards/**'], rules: { '@typescript-eslint/no-deprecated': 'off' } },
  forbid(['src/model/**'], 'sources', 'verdicts', 'metrics', 'web', 'config', 'store', 'source', ...above),
  forbid(['src/verdicts/**'], 'sources', 'metrics', 'web', 'config', 'store', 'source', ...above),
  forbid(['src/sources/**'], 'verdicts', 'metrics', 'web', 'config', 'store', ...above),
  forbid(['src/metrics/**', 'src/journal/**'], 'sources', 'web', 'config', ...above),
  forbid(['src/web/**'], 'sources', 'config', ...above),
  forbid(['src/config/**'], 'sources', 'verdicts', 'metrics', 'web', 'store', ...above),
  // A subcommand reads files and judges; it is no part of the exporter that runs.
  forbid(['src/cli/**'], 'sources/kafka', 'sources/zookeeper', 'metrics', 'web', 'config', 'store', 'source', ...above),
)
