import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { processMetrics } from '../../src/metrics/process.ts'

const goldens = new URL('../golden/', import.meta.url)
const files = readdirSync(goldens).filter((name) => name.endsWith('.prom'))

const missing = spawnSync('promtool', ['--version']).error !== undefined
const howToInstall = 'promtool is missing; on Debian: apt-get install --no-install-recommends prometheus'

/** What promtool finds wrong, a line each. */
function complaints(page: string): readonly string[] {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: page, encoding: 'utf8' })
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '')
  return status === 0 || lines.length > 0 ? lines : [`promtool ended with ${status}`]
}

/** Names that prom-client and its users' dashboards have had for years. */
const keptForCompatibility = [
  'nodejs_active_handles_total non-counter metrics should not have "_total" suffix',
  'nodejs_active_requests_total non-counter metrics should not have "_total" suffix',
  'nodejs_active_resources_total non-counter metrics should not have "_total" suffix',
]

// Where promtool must be (CI) its absence is a failure, not a reason to look away.
describe.skipIf(missing && process.env['CI'] !== 'true')(missing ? howToInstall : 'promtool check metrics', () => {
  it('is installed', () => {
    if (missing) throw new Error(howToInstall)
  })

  it('looks at something', () => {
    expect(files.length).toBeGreaterThanOrEqual(5)
    expect(complaints('a_total{a="b} 1\n')).not.toEqual([])
    expect(complaints('# TYPE a_count gauge\na_count 1\n')).not.toEqual([])
  })

  it.each(files)('%s is clean', (name) => {
    expect(complaints(readFileSync(new URL(name, goldens), 'utf8'))).toEqual([])
  })

  it('what prom-client tells of the process is clean, but for names kept for compatibility', async () => {
    const found = complaints(await processMetrics({ env: 'test' })())
    expect(found.filter((line) => !keptForCompatibility.includes(line))).toEqual([])
  })
})
