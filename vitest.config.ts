import { defineConfig } from 'vitest/config'

// Real clusters share two cores and their seconds are asserted, so cluster projects run one file at a time.
const onClusters = { fileParallelism: false, testTimeout: 600_000, hookTimeout: 300_000, teardownTimeout: 60_000 }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/integration/**', 'test/wide/**'],
          // Against tests that hang; a busy machine takes several times as long as a quiet one.
          testTimeout: 30_000,
          // One less than there are cores unless said otherwise: of two cores half would idle.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          ...onClusters,
        },
      },
      { test: { name: 'wide', include: ['test/wide/**/*.test.ts'], sequence: { groupOrder: 2 }, ...onClusters } },
    ],
  },
})
