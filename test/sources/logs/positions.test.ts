import {
  appendFileSync as append,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync as read,
  renameSync,
  truncateSync,
  utimesSync,
  writeFileSync as write,
} from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FollowerWorld } from '../../../src/sources/logs/create-follower.ts'
import type { Follower } from '../../../src/sources/logs/follower.ts'
import { localPositions, parsePositions, renderPositions, type Positions } from '../../../src/sources/logs/positions.ts'
import { FaultyDisk } from './faulty-disk.ts'
import { FollowerScene } from './world.ts'

let scene: FollowerScene
let log: string
let positions: string
let follower: Follower
let started: Follower[]

beforeEach(() => {
  started = []
  scene = new FollowerScene()
  log = scene.path('server.log')
  positions = scene.path('positions.json')
})

afterEach(async () => {
  for (const one of started) await one.close()
  scene.clean()
})

const none: ReadonlySet<number> = new Set()

function start(world: FollowerWorld = {}, files = ['server.log']): void {
  follower = scene.follow({ positions, files }, world)
  started.push(follower)
}

/** As the source does it: read, then take for good. */
async function look(): Promise<readonly string[]> {
  const lines = await scene.read(follower)
  await follower.committed(none)
  return lines
}

/** Begins with a followed, empty log, and one line in it that was read. */
async function begun(files?: string[]): Promise<void> {
  write(log, '')
  start({}, files)
  await look()
  append(log, `${'first '.repeat(20)}\n`)
  scene.now += 1_000
  await look()
}

describe('a restart', () => {
  test('reads what was written meanwhile', async () => {
    await begun()
    await follower.close()
    append(log, '2\n')
    start()
    expect(await look()).toEqual(['2'])
  })

  test('after a kill reads again what came after the newest write, and no more', async () => {
    await begun()
    append(log, '2\n')
    await look()
    // Not closed. The write of `2` would have come a second after the one before.
    start()
    expect(await look()).toEqual(['2'])
  })

  test.each([
    ['its numbered name', 'server.log.1'],
    ['its dated name', 'server.log.2024-02-23-07'],
    ['any name in the directory', 'stage-change.log.7'],
  ])('finds a rotated file under %s', async (_, name) => {
    await begun()
    await follower.close()
    append(log, '2\n')
    renameSync(log, scene.path(name))
    write(log, '3\n')
    start()
    expect(await look()).toEqual(['2', '3'])
    expect(scene.warnings).toEqual([])
    expect(scene.file(follower)?.rotations).toBe(1)
  })

  test('finds those that came and went meanwhile, and no archive', async () => {
    write(`${log}.0`, 'an archive\n')
    utimesSync(`${log}.0`, 1e9, 1e9)
    await begun(['server.log*'])
    await follower.close()
    for (const next of [2, 3, 4]) {
      renameSync(log, `${log}.${next}`)
      write(log, `${next}\n`)
    }
    start({}, ['server.log*'])
    expect(await look()).toEqual(['2', '3', '4'])
    expect(await look()).toEqual([])
  })

  test('finds a renamed file that has no successor yet, also where only a glob finds it', async () => {
    await begun(['server.log*'])
    await follower.close()
    append(log, '2\n')
    renameSync(log, `${log}.1`)
    start({}, ['server.log*'])
    expect(await look()).toEqual(['2'])
    write(log, '3\n')
    scene.now += 300
    expect(await look()).toEqual(['3'])
  })

  test('reads on in a rotated file that was not finished', async () => {
    await begun()
    renameSync(log, `${log}.1`)
    write(log, '2\n')
    scene.now += 1_000
    expect(await look()).toEqual(['2'])
    await follower.close()
    append(`${log}.1`, '3\n')
    append(log, '4\n')
    start()
    expect(await look()).toEqual(['3', '4'])
  })

  test('tells how much is lost where a rotated file is gone', async () => {
    await begun()
    append(log, 'not read\n')
    await follower.read(0, new AbortController().signal, scene.sink)
    await follower.committed(none)
    scene.now += 1_000
    await follower.close()
    mkdirSync(scene.path('elsewhere'))
    renameSync(log, scene.path('elsewhere/server.log'))
    write(log, '2\n')
    start()
    expect(await look()).toEqual(['2'])
    await look()
    await look()
    expect(scene.warnings).toEqual(['a rotated log file that was not read to its end is not found any more: 9'])
  })

  test('after a copytruncate reads the rest in the copy', async () => {
    await begun()
    await follower.close()
    append(log, '2\n')
    copyFileSync(log, `${log}.1`)
    truncateSync(log)
    append(log, '3\n')
    start()
    expect(await look()).toEqual(['2', '3'])
    expect(scene.file(follower)?.truncations).toBe(1)
  })

  test('reads a file from its beginning that came meanwhile, and another one from its end', async () => {
    write(scene.path('a.log'), 'old\n')
    await begun()
    await follower.close()
    write(scene.path('b.log'), 'new\n')
    const disk = new FaultyDisk()
    disk.births.set(scene.path('a.log'), 1e12)
    start({ disk }, ['*.log'])
    expect(await look()).toEqual(['new'])
  })

  test('keeps the positions of a directory that is not there for once', async () => {
    mkdirSync(scene.path('mounted'))
    const file = scene.path('mounted/server.log')
    write(file, 'old\n')
    start({}, ['mounted/*.log'])
    await look()
    append(file, '1\n')
    await look()
    await follower.close()
    renameSync(scene.path('mounted'), scene.path('unmounted'))
    start({}, ['mounted/*.log'])
    await look()
    await follower.close()
    renameSync(scene.path('unmounted'), scene.path('mounted'))
    append(file, '2\n')
    start({}, ['mounted/*.log'])
    expect(await look()).toEqual(['2'])
  })

  test('begins before the line that waited for the next one', async () => {
    await begun()
    append(log, '2\nwaits\n')
    await scene.read(follower)
    scene.now += 1_000
    await follower.committed(new Set([1]))
    start()
    expect(await look()).toEqual(['waits'])
  })

  test('begins before a half line, and goes on within one that is cut', async () => {
    await begun()
    append(log, 'hal')
    await look()
    await follower.close()
    append(log, `f\n${'x'.repeat(100_000)}`)
    start()
    expect((await look()).map((line) => line.length)).toEqual([4, 65_536])
    await follower.close()
    append(log, 'the rest\nnext\n')
    start()
    expect(await look()).toEqual(['next'])
  })
})

describe('the file', () => {
  test('is written at most once a second, and once at the end', async () => {
    const written: number[] = []
    const positionDisk = {
      ...localPositions,
      replace: async (path: string, text: string) => {
        written.push(scene.now)
        await localPositions.replace(path, text)
      },
    }
    write(log, '')
    const from = scene.now
    start({ positionDisk })
    await look()
    for (let i = 0; i < 30; i++) {
      append(log, `${i}\n`)
      await look()
      scene.now += 100
    }
    expect(written.map((at) => at - from)).toEqual([0, 1_000, 2_000])
    await follower.close()
    expect(written).toHaveLength(4)
    start({ positionDisk })
    expect(await look()).toEqual([])
    scene.now += 1_000
    await look()
    await look()
    expect(written.length).toBeLessThanOrEqual(5)
  })

  test.each([250, 490, 500, 750])('is never more than a second behind, with a look every %i ms', async (everyMs) => {
    write(log, '')
    start()
    await look()
    const givenAt: number[] = []
    for (let n = 0; n < 20; n++) {
      scene.now += everyMs
      append(log, 'x\n')
      await look()
      givenAt.push(scene.now)
      const { paths } = parsePositions(read(positions, 'utf8')) as Positions
      const taken = (paths[0]?.current?.offset ?? 0) / 2
      // Killed just before the next look: what is not in the file was read at most so long ago.
      for (const at of givenAt.slice(taken)) expect(scene.now + everyMs - at).toBeLessThanOrEqual(1_000)
    }
  })

  test('that was written can be read, however much there is to keep', () => {
    const place = {
      ...{ dev: '1', ino: '1', headBytes: 256, head: 'a'.repeat(64), size: 1e15, offset: 1e15, isInCutLine: false },
      ...{ mtimeMs: 1_700_000_000_000.123, birthMs: 1_700_000_000_000.123 },
    }
    const rotated = Array.from({ length: 300 }, (_, n) => ({ ...place, offset: n }))
    const paths = Array.from({ length: 3_000 }, (_, n) => {
      return { path: `/${n}`.padEnd(1_000, 'x'), pattern: '/*', current: place, rotated }
    })
    const parsed = parsePositions(renderPositions({ writtenMs: 1, paths })) as Positions
    expect(parsed).toHaveProperty('paths.length', 2_000)
    expect(parsed.paths[0]?.rotated.at(-1)?.offset).toBe(299)
    expect(renderPositions({ writtenMs: 1, paths }).length).toBeLessThan(32 * 1024 * 1024)
  })

  test('that was not taken for good is not in it', async () => {
    await begun()
    append(log, '2\n')
    await scene.read(follower)
    await follower.close()
    start()
    expect(await look()).toEqual(['2'])
  })

  test.each([
    ['nothing', ''],
    ['garbage', '\0\0\0\0'],
    ['a version of the future', '{"version":2,"writtenMs":0,"paths":[]}'],
    [
      'an offset that is none',
      '{"version":1,"writtenMs":0,"paths":[{"path":"a","pattern":"a","rotated":[{"offset":-1}]}]}',
    ],
    ['33 MiB', `"${'x'.repeat(33 * 1024 * 1024)}"`],
    ['deep nesting', '['.repeat(100_000)],
  ])('with %s in it is as none, with one warning', async (_, text) => {
    write(positions, text)
    write(log, 'old\n')
    start()
    expect(await look()).toEqual([])
    append(log, '1\n')
    expect(await look()).toEqual(['1'])
    expect(scene.warnings).toEqual(['the positions in the logs cannot be read; files begin as at a first start'])
    await follower.close()
    expect('problem' in parsePositions(read(positions, 'utf8'))).toBe(false)
  })

  test('of two that write the newer goes on; the older says so, and goes on when the newer has ended', async () => {
    await begun()
    const older = follower
    const at = (): number => (parsePositions(read(positions, 'utf8')) as Positions).paths[0]?.current?.offset ?? -1
    // Started later by the clock, too.
    await new Promise((resolve) => setTimeout(resolve, 2))
    start()
    await look()
    const newer = follower
    const before = at()
    append(log, '2\n')
    follower = older
    for (let i = 0; i < 3; i++) {
      scene.now += 1_000
      append(log, 'x\n')
      await look()
    }
    expect([at(), scene.failures]).toEqual([before, ['positions.json closed']])
    await newer.close()
    scene.now += 1_000
    append(log, '3\n')
    await look()
    expect(at()).toBe(read(log).length)
    expect(scene.failures).toHaveLength(1)
  })

  test('of two, the newer of which is killed: the older says so again and again, and writes when nobody else has for long', async () => {
    await begun()
    const older = follower
    await new Promise((resolve) => setTimeout(resolve, 2))
    start()
    await look()
    const newer = follower
    const at = (): number => (parsePositions(read(positions, 'utf8')) as Positions).paths[0]?.current?.offset ?? -1
    const step = async (one: Follower): Promise<void> => {
      follower = one
      await look()
    }
    // Both live, and nothing is written to the log: the newer keeps it.
    for (let minute = 0; minute < 30; minute++) {
      scene.now += 60_000
      await step(newer)
      await step(older)
    }
    expect(scene.failures).toEqual(Array.from({ length: 3 }, () => 'positions.json closed'))
    append(log, '2\n')
    for (let minute = 0; minute < 4; minute++) {
      scene.now += 60_000
      await step(older)
    }
    expect(at()).toBeLessThan(read(log).length)
    for (let minute = 0; minute < 3; minute++) {
      scene.now += 60_000
      await step(older)
    }
    expect(at()).toBe(read(log).length)
    // It was only paused.
    append(log, '3\n')
    scene.now += 1_000
    await step(newer)
    expect(at()).toBe(read(log).length)
  })

  test('of one that was killed, with a clock ahead, and that are damaged: they are replaced', async () => {
    const dead = { id: '00000000-0000-4000-8000-000000000000', sinceMs: Date.now() + 3_600_000 }
    write(positions, renderPositions({ owner: dead, writtenMs: 1, paths: [] }).slice(0, -20))
    write(log, '')
    start()
    await look()
    expect(parsePositions(read(positions, 'utf8'))).toHaveProperty('paths.length', 1)
    expect(scene.failures).toEqual([])
  })

  test('of one that was killed are taken over, though its clock was ahead; if it lives on, the later clock writes', async () => {
    const dead = { id: '00000000-0000-4000-8000-000000000000', sinceMs: Date.now() + 3_600_000 }
    write(positions, renderPositions({ owner: dead, writtenMs: 1, paths: [] }))
    write(log, '')
    start()
    await look()
    expect(parsePositions(read(positions, 'utf8'))).not.toMatchObject({ owner: dead })
    write(positions, renderPositions({ owner: dead, writtenMs: 2, paths: [] }))
    append(log, '1\n')
    scene.now += 1_000
    await look()
    expect(parsePositions(read(positions, 'utf8'))).toMatchObject({ owner: dead, writtenMs: 2 })
    expect(scene.failures).toEqual(['positions.json closed'])
  })

  test('of an older backup that was put in their place are replaced', async () => {
    await begun()
    const old = { id: 'ffffffff-ffff-4fff-bfff-ffffffffffff', sinceMs: 1 }
    write(positions, renderPositions({ owner: old, writtenMs: 1, paths: [] }))
    append(log, '2\n')
    scene.now += 1_000
    await look()
    expect(parsePositions(read(positions, 'utf8'))).toHaveProperty('paths.length', 1)
    expect(scene.failures).toEqual([])
  })

  test('that cannot be written is told once, and written when it can be', async () => {
    let isFull = true
    const positionDisk = {
      ...localPositions,
      replace: (path: string, text: string) =>
        isFull ? Promise.reject(new Error('ENOSPC: no space left')) : localPositions.replace(path, text),
    }
    write(log, '')
    start({ positionDisk })
    await look()
    for (let i = 0; i < 3; i++) {
      append(log, `${i}\n`)
      scene.now += 1_000
      expect(await look()).toEqual([String(i)])
    }
    expect(scene.failures).toEqual(['positions.json closed'])
    expect(existsSync(positions)).toBe(false)
    isFull = false
    scene.now += 1_000
    await look()
    expect(existsSync(positions)).toBe(true)
  })
})
