import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A pid alone may have been given to another process meanwhile; with its start time it names one process. */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks since boot; undefined where there is no /proc. */
  readonly startTime: string | undefined
}

export function identify(pid: number): ProcessIdentity {
  return { pid, startTime: startTimeOf(pid) }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** True only when it is certainly this one: without start times nothing is certain. */
export function isStillRunning(identity: ProcessIdentity): boolean {
  return identity.startTime !== undefined && startTimeOf(identity.pid) === identity.startTime && !isZombie(identity.pid)
}

/** SIGKILL, and gone when this returns (at most 5 s later): directories and namespaces can be removed then. */
export function killNow(identities: readonly ProcessIdentity[]): void {
  const running = identities.filter(isStillRunning)
  for (const { pid } of running) tryKill(pid, 'SIGKILL')
  const end = performance.now() + 5_000
  const clock = new Int32Array(new SharedArrayBuffer(4))
  // Blocks on purpose: this runs while the process exits, where nothing asynchronous does.
  while (running.some(isStillRunning) && performance.now() < end) Atomics.wait(clock, 0, 0, 10)
}

export async function killAndWait(identities: readonly ProcessIdentity[]): Promise<void> {
  const running = identities.filter(isStillRunning)
  for (const { pid } of running) tryKill(pid, 'SIGKILL')
  const end = performance.now() + 10_000
  while (running.some(isStillRunning) && performance.now() < end) await sleep(10)
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Already gone.
  }
}

function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in parentheses and may hold spaces and parentheses itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** 1 for an orphan; undefined when it is gone, or where there is no /proc. */
export function parentOf(pid: number): number | undefined {
  const parent = statFields(pid)?.[1]
  return parent === undefined ? undefined : Number(parent)
}

function startTimeOf(pid: number): string | undefined {
  return statFields(pid)?.[19]
}

function isZombie(pid: number): boolean {
  return statFields(pid)?.[0] === 'Z'
}
