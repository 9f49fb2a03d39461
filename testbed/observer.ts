import { spawn } from 'node:child_process'
import { atEnd, deferSignals } from './ending.ts'
import { endWithParent } from './parent.ts'
import { isAlive } from './process-identity.ts'
import { runNow, runOrThrow } from './run.ts'

/** `khat4711o` is the observer of process 4711, `khat4712c0n2` node 2 of the first cluster of process 4712. */
export const OBSERVER_PREFIX = 'khat'
const INSIDE = 'KAFKA_HA_TESTBED_OBSERVER'
const CLEAN_UP_MS = 20_000

/**
 * A script for the namespaces plan calls this first. Outside, it runs the same script again in a network namespace of
 * its own, from which the nodes' networks can be reached and cut, and returns that run's exit code: exit with it. Inside
 * it returns undefined: go on.
 *
 *     const code = await reexecInObserver()
 *     if (code !== undefined) process.exit(code)
 */
export async function reexecInObserver(): Promise<number | undefined> {
  if (process.env[INSIDE] !== undefined) {
    // When the outer process is killed, nobody waits for this one any more.
    endWithParent()
    return undefined
  }
  requireRoot()
  clearLeftoverNamespaces()
  const namespace = `${OBSERVER_PREFIX}${process.pid}o`
  await runOrThrow('ip', ['netns', 'add', namespace], 10_000)
  const undo = atEnd(() => runNow('ip', ['netns', 'del', namespace]))
  await runOrThrow('ip', ['-n', namespace, 'link', 'set', 'lo', 'up'], 10_000)
  try {
    return await reexec(namespace)
  } finally {
    runNow('ip', ['netns', 'del', namespace])
    undo()
  }
}

export function requireObserver(): void {
  requireRoot()
  if (process.env[INSIDE] !== undefined) return
  throw new Error(
    'the namespaces plan runs inside an observer namespace: call reexecInObserver() of testbed/observer.ts first',
  )
}

/** Namespaces of processes that are gone, unless something still runs in one. */
export function clearLeftoverNamespaces(): string[] {
  if (!mayHaveNamespaces()) return []
  const names = runNow('ip', ['netns', 'list'])
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
  const leftovers = names.filter((name) => {
    const owner = new RegExp(`^${OBSERVER_PREFIX}(\\d+)(o|c\\d+n\\d+)$`).exec(name)?.[1]
    return owner !== undefined && !isAlive(Number(owner)) && runNow('ip', ['netns', 'pids', name]).trim() === ''
  })
  for (const name of leftovers) runNow('ip', ['netns', 'del', name])
  return leftovers
}

function mayHaveNamespaces(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0
}

function requireRoot(): void {
  if (!mayHaveNamespaces()) {
    throw new Error(
      'the namespaces plan needs Linux and root: run as root, or use the loopback plan (no cut, no split)',
    )
  }
}

function reexec(namespace: string): Promise<number> {
  // nsenter and not `ip netns exec`: that has a mount namespace of its own as well, and the names of the namespaces that
  // the child makes would be invisible outside it, where one wants to look into a node.
  const node = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const child = spawn('nsenter', [`--net=/run/netns/${namespace}`, ...node], {
    stdio: 'inherit',
    env: { ...process.env, [INSIDE]: namespace },
  })
  // The child cleans up when it gets a signal, and this process ends after it. Ctrl-C at a terminal reaches both anyway.
  let lastResort: NodeJS.Timeout | undefined
  const undefer = deferSignals((signal) => {
    child.kill(signal)
    lastResort ??= setTimeout(() => child.kill('SIGKILL'), CLEAN_UP_MS)
  })
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(lastResort)
      undefer()
    }
    child.once('error', (error) => {
      done()
      reject(error)
    })
    child.once('exit', (code) => {
      done()
      resolve(code ?? 1)
    })
  })
}
