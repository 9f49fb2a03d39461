import { Prng } from '../support/prng.ts'
import { hostile } from './mutations.ts'
import type { Target } from './targets.ts'

/** One reply may take this long, and hold this much more than its own bytes, whatever it says of itself. */
export const mostMs = 100
const mostBytes = 4 * 1024 * 1024
/** Of a decoded reply against its bytes: the columns, their unsorted twins, and objects of topics and brokers. */
const mostBytesAByte = 100

export interface Tally {
  cases: number
  values: number
  failures: number
  slowestMs: number
  slowest: string
  largestBytes: number
  readonly violations: string[]
}

export function newTally(): Tally {
  return { cases: 0, values: 0, failures: 0, slowestMs: 0, slowest: '', largestBytes: 0, violations: [] }
}

/** Every case has its own generator, so that a case can be run again alone. */
export function randomOf(seed: number, number: number): Prng {
  return new Prng(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b))
}

/** Hostile reply `number` of a seed, at each decoder in turn. */
export function decoderCase(targets: readonly Target[], seed: number, number: number, tally: Tally): void {
  const target = targets[number % targets.length]
  if (target === undefined) throw new Error('no decoders')
  const reply = hostile(randomOf(seed, number), target.valid)
  tried(target, reply, `seed ${seed} case ${number}`, tally)
}

/** Valid replies, cut at every length. */
export function truncated(target: Target, tally: Tally): void {
  target.valid.forEach((reply, i) => {
    for (let length = 0; length <= reply.length; length++) {
      tried(target, reply.subarray(0, length), `valid reply ${i} cut to ${length}`, tally)
    }
  })
}

function tried(target: Target, reply: Buffer, name: string, tally: Tally): void {
  tally.cases++
  const before = held()
  const startedAt = performance.now()
  try {
    const { ok, wrong } = target.judge(reply)
    const took = performance.now() - startedAt
    const bytes = held() - before
    if (ok) tally.values++
    else tally.failures++
    if (took > tally.slowestMs) {
      tally.slowestMs = took
      tally.slowest = `${target.name}, ${name}`
    }
    tally.largestBytes = Math.max(tally.largestBytes, bytes)
    if (wrong !== undefined) violated(wrong)
    // A collection or another process may have come between: what is slow by itself is slow again.
    if (took > mostMs && again(target, reply) > mostMs) violated(`takes ${took.toFixed(0)} ms`)
    if (bytes > mostBytes + mostBytesAByte * reply.length) violated(`holds ${bytes} bytes for ${reply.length}`)
  } catch (error) {
    violated(`throws ${String(error)}`)
  }

  function violated(what: string): void {
    tally.violations.push(`${target.name}, ${name}: ${what}; reply ${reply.toString('hex', 0, 300)}`)
  }
}

function again(target: Target, reply: Buffer): number {
  const times = [1, 2, 3].map(() => {
    const startedAt = performance.now()
    target.judge(reply)
    return performance.now() - startedAt
  })
  return Math.min(...times)
}

/** Bytes in use in this thread: a collection makes it fall, so a difference may be too small, never too great. */
function held(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
