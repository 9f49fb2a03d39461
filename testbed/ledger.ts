import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { identify, isStillRunning, killNow, type ProcessIdentity } from './process-identity.ts'

/**
 * Every cluster has one directory, named after the process that owns it, and writes down there which processes it
 * started. Whatever an owner that was killed left behind can so be found and removed by the next one.
 */
const PREFIX = 'kafka-ha-testbed-'
const OWNER = 'owner.json'
const PROCESSES = 'processes.jsonl'

export function createDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  writeFileSync(join(directory, OWNER), JSON.stringify(identify(process.pid)))
  return directory
}

export function recordProcess(directory: string, pid: number): void {
  appendFileSync(join(directory, PROCESSES), `${JSON.stringify(identify(pid))}\n`)
}

export function recordedProcesses(directory: string): ProcessIdentity[] {
  const file = join(directory, PROCESSES)
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  // The last line may be half written: its owner was killed.
  return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as ProcessIdentity)
}

/** Kept directories lose their owner, so that nobody clears them away. */
export function releaseDirectory(directory: string): void {
  if (process.env['KEEP_TESTBED'] === '1') rmSync(join(directory, OWNER), { force: true })
  else rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
}

/** Ends the processes and removes the directories of owners that no longer run. Returns the directories removed. */
export function clearLeftovers(root = tmpdir()): string[] {
  const leftovers = readdirSync(root)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(root, name))
    .filter(isLeftover)
  for (const directory of leftovers) {
    killNow(recordedProcesses(directory))
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
  }
  return leftovers
}

function isLeftover(directory: string): boolean {
  try {
    const owner = JSON.parse(readFileSync(join(directory, OWNER), 'utf8')) as ProcessIdentity
    return owner.startTime !== undefined && !isStillRunning(owner)
  } catch {
    return false
  }
}
