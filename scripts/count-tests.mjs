// Part of .ci/run: one closing line over vitest's JSON reports in a directory. A skipped test is a failure there, and so is a
// report that was never written: vitest ends with 0 when it is interrupted.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const directory = process.argv[2] ?? '.'
const expected = ['core.json', 'wide.json']
const found = readdirSync(directory)
const missing = expected.filter((name) => !found.includes(name))
if (missing.length > 0) console.log(`no report ${missing.join(', ')}`)
const reports = expected
  .filter((name) => found.includes(name))
  .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')))
const sum = (key) => reports.reduce((total, report) => total + report[key], 0)
const skipped = sum('numPendingTests') + sum('numTodoTests')
console.log(`${sum('numPassedTests')} passed, ${sum('numFailedTests')} failed, ${skipped} skipped`)
if (missing.length > 0 || sum('numFailedTests') > 0 || sum('numPassedTests') === 0 || skipped > 0) process.exitCode = 1
