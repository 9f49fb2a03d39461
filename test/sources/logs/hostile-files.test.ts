import { appendFileSync as append, truncateSync, writeFileSync as write } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Follower, LinesSink } from '../../../src/sources/logs/follower.ts'
import { longestLine } from '../../../src/sources/logs/line-cutter.ts'
import { Prng, seeds } from '../../support/prng.ts'
import { FaultyDisk } from './faulty-disk.ts'
import { FollowerScene } from './world.ts'

const mebibyte = 1024 * 1024

let scene: FollowerScene
let log: string
let follower: Follower

beforeEach(() => {
  scene = new FollowerScene()
  log = scene.path('server.log')
})

afterEach(async () => {
  await follower.close()
  scene.clean()
})

/** Reads everything, keeps nothing; what was held at most beyond what was held before, bytes. */
async function grown(): Promise<{ readonly heldBytes: number; readonly longest: number; readonly lines: number }> {
  let [longest, lines, heldBytes] = [0, 0, 0]
  const sink: LinesSink = {
    lines: (_, text) => {
      longest = Math.max(longest, text.length)
      lines += text.split('\n').length - 1
    },
    quiet: () => undefined,
    ended: () => undefined,
  }
  const held = (): number => process.memoryUsage().arrayBuffers
  const before = held()
  for (let more = true; more;) {
    more = await follower.read(16 * mebibyte, new AbortController().signal, sink)
    heldBytes = Math.max(heldBytes, held() - before)
  }
  return { heldBytes, longest, lines }
}

describe('memory is bounded', () => {
  test('by a line of 1 GiB', async () => {
    // Of bytes, not of a hole's NULs: those would be dropped.
    const disk = new FaultyDisk()
    disk.fill = 'x'.charCodeAt(0)
    write(log, '')
    truncateSync(log, 1024 * mebibyte)
    append(log, '\nnext\n')
    follower = scene.follow({ fromStart: true }, { disk })
    const { heldBytes, longest, lines } = await grown()
    expect(lines).toBe(2)
    expect(longest).toBe(longestLine + 1)
    expect(heldBytes).toBeLessThan(64 * mebibyte)
    expect(scene.file(follower)).toMatchObject({ cutLines: 1, lagBytes: 0 })
  })

  test('by 100 MB without a newline', async () => {
    const chunk = 'y'.repeat(mebibyte)
    write(log, '')
    for (let i = 0; i < 100; i++) append(log, chunk)
    follower = scene.follow({ fromStart: true })
    const { heldBytes, longest } = await grown()
    expect(longest).toBe(longestLine + 1)
    expect(heldBytes).toBeLessThan(64 * mebibyte)
  })

  test('by a hole of 1 GiB, after which lines are lines', async () => {
    write(log, '')
    truncateSync(log, 1024 * mebibyte)
    append(log, '1\n2\n')
    follower = scene.follow({ fromStart: true })
    const { heldBytes, lines } = await grown()
    expect(lines).toBe(2)
    expect(heldBytes).toBeLessThan(64 * mebibyte)
    expect(scene.file(follower)?.cutLines).toBe(0)
  })
})

test('random bytes, written and cut at random, never throw and are all read', async () => {
  write(log, '')
  follower = scene.follow()
  await scene.read(follower)
  let written = 0
  for (const seed of seeds.slice(0, 20)) {
    const random = new Prng(seed)
    if (random.chance(0.3)) truncateSync(log, 0)
    const bytes = Buffer.from(Array.from({ length: 10_000 + random.below(10_000) }, () => random.below(256)))
    append(log, bytes)
    written += bytes.length
    scene.now += 600
    for (const line of await scene.read(follower)) expect(line).not.toContain('\0')
  }
  expect(scene.file(follower)).toMatchObject({ bytes: written, lagBytes: 0, up: true })
})
