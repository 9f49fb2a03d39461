// Part of .ci/run: one closing line over all of vitest's JSON reports in a directory. A skipped test is a failure there.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const directory = process.argv[2] ?? '.'
const reports = readdirSync(directory)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')))
const sum = (key) => reports.reduce((total, report) => total + report[key], 0)
const skipped = sum('numPendingTests') + sum('numTodoTests')
console.log(`${sum('numPassedTests')} passed, ${sum('numFailedTests')} failed, ${skipped} skipped`)
if (reports.length === 0 || sum('numFailedTests') > 0 || sum('numPassedTests') === 0 || skipped > 0)
  process.exitCode = 1
