import { Framer, unauthenticatedFrameLimit } from '../../src/sources/kafka/framer.ts'
import type { Prng } from '../support/prng.ts'
import { mostMs, randomOf, type Tally } from './decoders.ts'
import { randomBytes } from './mutations.ts'

const impossibleSizes = [0x7fffffff, -1, -2, 0, 3, -0x80000000, unauthenticatedFrameLimit + 1, 0x48545450, 0x15030300]

/** Hostile stream `number` of a seed: frames, perhaps an impossible size among them, in chunks of any lengths. */
export function streamCase(seed: number, number: number, tally: Tally): void {
  const random = randomOf(seed, number)
  const bytes = stream(random)
  const expected = framesIn(bytes, unauthenticatedFrameLimit)
  tally.cases++
  const startedAt = performance.now()
  const framer = new Framer()
  const frames: Buffer[] = []
  let failed = false
  try {
    for (let at = 0; at < bytes.length && !failed;) {
      const length = 1 + Math.floor(random.next() ** 3 * random.below(bytes.length))
      const pushed = framer.push(bytes.subarray(at, at + length))
      if (pushed.ok) frames.push(...pushed.value)
      else failed = true
      at += length
    }
  } catch (error) {
    violated(`throws ${String(error)}`)
  }
  const took = performance.now() - startedAt
  if (failed) tally.failures++
  else tally.values++
  if (took > tally.slowestMs) {
    tally.slowestMs = took
    tally.slowest = `Framer, seed ${seed} case ${number}`
  }
  if (failed !== expected.broken) violated(failed ? 'fails on a good stream' : 'takes an impossible size')
  // Frames that came in the same chunk as the impossible size go with it: the connection is over.
  if (!failed && frames.length !== expected.frames.length)
    violated(`${frames.length} frames of ${expected.frames.length}`)
  if (frames.some((frame, i) => expected.frames[i]?.equals(frame) !== true)) violated('another frame than was sent')
  if (took > mostMs * 10) violated(`takes ${took.toFixed(0)} ms`)

  function violated(what: string): void {
    tally.violations.push(`Framer, seed ${seed} case ${number}: ${what}; stream ${bytes.toString('hex', 0, 300)}`)
  }
}

function stream(random: Prng): Buffer {
  const parts: Buffer[] = []
  for (let n = random.below(12); n >= 0; n--) {
    const body = randomBytes(random, 4 + Math.floor(random.next() ** 6 * 3_000))
    parts.push(sizeOf(body.length), body)
    if (random.chance(0.05)) parts.push(sizeOf(impossibleSizes[random.below(impossibleSizes.length)] ?? 0))
    if (random.chance(0.02)) parts.push(randomBytes(random, random.below(12)))
  }
  const whole = Buffer.concat(parts)
  return random.chance(0.3) ? whole.subarray(0, random.below(whole.length + 1)) : whole
}

function sizeOf(size: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(size)
  return bytes
}

/** The same in the plainest way there is: with the whole stream at hand. */
function framesIn(bytes: Buffer, limit: number): { readonly frames: readonly Buffer[]; readonly broken: boolean } {
  const frames: Buffer[] = []
  let at = 0
  while (at + 4 <= bytes.length) {
    const size = bytes.readInt32BE(at)
    if (size < 4 || size > limit) return { frames, broken: true }
    if (at + 4 + size > bytes.length) break
    frames.push(bytes.subarray(at + 4, at + 4 + size))
    at += 4 + size
  }
  return { frames, broken: false }
}
