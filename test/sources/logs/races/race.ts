import { createFollower } from '../../../../src/sources/logs/create-follower.ts'
import type { Follower } from '../../../../src/sources/logs/follower.ts'
import { MemoryDisk, type MemoryFile } from './memory-disk.ts'

export interface Race {
  /** Numbers the rotated files, or shifts their names. */
  readonly style: 'number' | 'shift'
  readonly pattern?: string
  /** Between two rotations, milliseconds. */
  readonly everyMs: number
  /** At most, between a rename and the new file. */
  readonly gapMs: number
  /** A step of the reader takes so long now and then. */
  readonly stallMs: number
  /** Of the looks, after how many the reader ends and starts again. */
  readonly restarts: number
  /** It is killed: what it did not write down it reads again. */
  readonly isKilled?: boolean
  readonly birthsUnknown?: boolean
}

export interface Result {
  readonly lost: number
  readonly repeated: number
  readonly rotations: number
}

const epoch = 1_700_000_000_000
const path = '/logs/server.log'
const writesMs = 1_500
const linesPerMs = 2

/** The same numbers for the same seed, from 0 to 1. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return (state >>> 8) / 8_388_608
  }
}

/** A writer that rotates its log while a reader is between any two of its steps. All time is made up. */
export async function race(
  { style, pattern = path, everyMs, gapMs, stallMs, restarts, isKilled = false, birthsUnknown = false }: Race,
  chance: () => number,
): Promise<Result> {
  let now = epoch
  const disk = new MemoryDisk('/logs', () => now, between, !birthsUnknown)
  const begin = now + 60 + chance() * 60
  let written = 0
  let rotations = 0
  let current: MemoryFile | undefined
  let createAt = begin
  let rotateAt = 0

  function write(): void {
    if (now < createAt) return
    if (current === undefined) {
      current = disk.create(path)
      rotateAt = now + everyMs * (0.9 + chance() / 5)
    }
    const due = Math.floor((Math.min(now, begin + writesMs) - begin) * linesPerMs)
    let text = ''
    for (; written < due; written++) text += `${written} ${'x'.repeat(written % 60)}\n`
    if (text !== '') disk.append(current, text)
    if (now >= rotateAt && now < begin + writesMs) rotate()
  }

  function rotate(): void {
    rotations += 1
    if (style === 'shift') {
      for (let i = rotations; i > 1; i--) disk.rename(`${path}.${i - 1}`, `${path}.${i}`)
      disk.rename(path, `${path}.1`)
    } else disk.rename(path, `${path}.${rotations}`)
    current = undefined
    createAt = now + (chance() < 0.5 ? 0 : chance() * gapMs)
  }

  function pass(ms: number): void {
    for (const end = now + ms; now < end; now += 1) write()
  }

  function between(): void {
    if (chance() < 0.4) pass(1)
    if (chance() < 0.02) pass(chance() * stallMs)
  }

  let text = ''
  const sink = {
    lines: (_: unknown, more: string) => void (text += more),
    quiet: () => undefined,
    ended: () => undefined,
  }
  const start = (): Follower =>
    createFollower(
      {
        patterns: [{ pattern, component: 'kafka' }],
        positions: '/positions',
        fromStart: true,
        clock: () => ({ mono: now, wall: now }),
        notes: { failed: () => undefined, warn: () => undefined },
      },
      { disk, positionDisk: disk },
    )
  let reader = start()
  for (let after = 0; after < 15;) {
    while (await reader.read(1024 * 1024, new AbortController().signal, sink)) continue
    await reader.committed(new Set())
    pass(95 + chance() * 10)
    if (now > begin + writesMs + gapMs) after += 1
    else if (text !== '' && chance() < restarts) {
      if (!isKilled) await reader.close()
      pass(chance() * 400)
      reader = start()
    }
  }
  await reader.close()
  const times = new Uint8Array(written)
  for (const line of text.split('\n').slice(0, -1)) {
    const number = parseInt(line, 10)
    times[number] = (times[number] ?? 0) + 1
  }
  const lost = times.filter((count) => count === 0).length
  return { lost, repeated: text.split('\n').length - 1 - (written - lost), rotations }
}
