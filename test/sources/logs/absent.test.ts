import {
  mkdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  appendFileSync as append,
  writeFileSync as write,
} from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Follower } from '../../../src/sources/logs/follower.ts'
import { slowDisk } from './disks.ts'
import { FaultyDisk } from './faulty-disk.ts'
import { FollowerScene } from './world.ts'

let scene: FollowerScene
let log: string
let positions: string
let follower: Follower

beforeEach(() => {
  scene = new FollowerScene()
  log = scene.path('server.log')
  positions = scene.path('positions.json')
})

afterEach(async () => {
  await follower.close()
  scene.clean()
})

async function looks(times: number): Promise<readonly string[]> {
  const lines: string[] = []
  for (let i = 0; i < times; i++) {
    scene.now += 1_000
    lines.push(...(await scene.read(follower)))
    await follower.committed(new Set())
  }
  return lines
}

async function stop(): Promise<void> {
  await follower.committed(new Set())
  await follower.close()
}

/** Births are told in ticks of the file system's clock. */
async function archives(count: number): Promise<readonly string[]> {
  const lines: string[] = []
  for (let i = 1; i <= count; i++) {
    await sleep(5)
    lines.push(`archive ${i}`)
    write(`${log}.${String(i).padStart(3, '0')}`, `archive ${i}\n`)
  }
  await sleep(30)
  return lines
}

describe('what was rotated while the exporter was away is read once, however long the name leads nowhere', () => {
  test.each([
    ['what it led to is there', false],
    ['what it led to was deleted', true],
  ])('%s', async (_, isDeleted) => {
    write(log, '')
    follower = scene.follow({ positions })
    await looks(2)
    append(log, 'first\n')
    expect(await looks(2)).toEqual(['first'])
    await stop()
    await sleep(10)
    if (isDeleted) unlinkSync(log)
    else renameSync(log, `${log}.000`)
    const lines = await archives(60)
    follower = scene.follow({ positions })
    expect(await looks(20)).toEqual(lines)
    scene.now += 70 * 60_000
    expect(await looks(5)).toEqual([])
    await stop()
    follower = scene.follow({ positions })
    expect(await looks(20)).toEqual([])
    write(log, 'new\n')
    expect(await looks(20)).toEqual(['new'])
    expect(scene.warnings).toEqual([])
  })
})

describe('archives beside a path that leads nowhere are not read', () => {
  test('where the clock is set right before the log comes', async () => {
    await archives(5)
    let behind = 3_600_000
    follower = scene.follow({ clock: () => ({ mono: scene.now, wall: Date.now() - behind }) })
    await looks(3)
    behind = 0
    await looks(3)
    await sleep(30)
    write(log, 'new\n')
    expect(await looks(6)).toEqual(['new'])
  })

  test('of a glob whose log is gone: over a restart, and later', async () => {
    await archives(30)
    write(log, 'x\n')
    follower = scene.follow({ files: ['server.log*'], positions })
    await looks(3)
    await stop()
    unlinkSync(log)
    follower = scene.follow({ files: ['server.log*'], positions })
    expect(await looks(120)).toEqual([])
    scene.now += 70 * 60_000
    expect(await looks(60)).toEqual([])
  })

  test('of a glob whose log goes while it is followed', async () => {
    await archives(30)
    write(log, 'x\n')
    follower = scene.follow({ files: ['server.log*'] })
    await looks(3)
    unlinkSync(log)
    expect(await looks(60)).toEqual([])
    scene.now += 70 * 60_000
    expect(await looks(60)).toEqual([])
  })

  test('where what it led to was compressed', async () => {
    write(log, Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 10, 3]))
    follower = scene.follow({ fromStart: true })
    await looks(2)
    renameSync(log, `${log}.1`)
    await sleep(10)
    write(log, 'new\n')
    expect(await looks(6)).toEqual(['new'])
  })
})

test('what a rotated log of one path is to another that is followed itself: nothing', async () => {
  const other = scene.path('server-1.log')
  const files = ['server-1.log', 'server.log']
  write(log, '')
  await sleep(10)
  write(other, '')
  follower = scene.follow({ files, positions })
  await looks(1)
  append(log, 'a1\n')
  append(other, 'b1\n')
  await looks(2)
  await stop()
  await sleep(10)
  append(other, 'b2\n')
  renameSync(log, `${log}.1`)
  await sleep(10)
  write(log, 'a2\n')
  follower = scene.follow({ files, positions })
  const got = [...(await looks(5))]
  scene.now += 70 * 60_000
  got.push(...(await looks(5)))
  append(other, 'b3\n')
  got.push(...(await looks(5)))
  expect(got.sort()).toEqual(['a2', 'b2', 'b3'])
  expect(follower.files().map(({ rotations }) => rotations)).toEqual([0, 1])
})

test('a directory that takes longer to list than a look lasts', async () => {
  for (let i = 0; i < 300; i++) write(`${log}.${i}`, '')
  await sleep(20)
  write(log, '')
  const { disk, slowDown } = slowDisk()
  follower = scene.follow({}, { disk })
  await looks(1)
  append(log, 'a\n')
  expect(await looks(1)).toEqual(['a'])
  slowDown()
  renameSync(log, `${log}.300`)
  await sleep(10)
  write(log, 'b\n')
  for (let i = 0; i < 300 && !scene.text.includes('b'); i++) {
    await follower.read(1024 * 1024, AbortSignal.timeout(150), scene.sink)
    await sleep(20)
  }
  expect(scene.text).toBe('a\nb\n')
}, 60_000)

test('a volume that is mounted after the exporter started', async () => {
  const directory = scene.path('volume')
  mkdirSync(directory)
  log = `${directory}/server.log`
  write(log, 'a1\n')
  follower = scene.follow({ files: ['volume/server.log'], positions })
  await looks(2)
  await stop()
  append(log, 'a2\n')
  await sleep(10)
  renameSync(log, `${log}.1`)
  write(log, 'b1\n')
  const disk = new FaultyDisk()
  disk.fail('stat', 'server.log', 'ENOENT')
  disk.fail('stat', 'volume', 'ENOENT')
  disk.fail('list', 'volume', 'ENOENT')
  follower = scene.follow({ files: ['volume/server.log'], positions }, { disk })
  expect(await looks(10)).toEqual([])
  disk.heal()
  expect(await looks(5)).toEqual(['a2', 'b1'])
})

test('a link to a dated log is no rotation after a restart', async () => {
  const [before, now] = [`${log}.2024-02-23-07`, `${log}.2024-02-23-08`]
  write(before, '')
  symlinkSync(before, log)
  follower = scene.follow({ positions })
  await looks(1)
  append(before, '1\n')
  await looks(1)
  await sleep(10)
  write(now, '2\n')
  unlinkSync(log)
  symlinkSync(now, log)
  expect(await looks(1)).toEqual(['2'])
  await stop()
  follower = scene.follow({ positions })
  expect(await looks(6)).toEqual([])
  append(now, '3\n')
  expect(await looks(3)).toEqual(['3'])
  expect(scene.file(follower)?.rotations).toBe(0)
})

test('of remembered paths that are gone no directory of thousands is asked file by file', async () => {
  for (let i = 0; i < 50; i++) write(scene.path(`server-${i}.log`), '')
  for (let i = 0; i < 300; i++) write(scene.path(`other ${i}`), '')
  follower = scene.follow({ files: ['server-*.log'], positions })
  await looks(2)
  await stop()
  for (let i = 1; i < 50; i++) unlinkSync(scene.path(`server-${i}.log`))
  const disk = new FaultyDisk()
  follower = scene.follow({ files: ['server-*.log'], positions }, { disk })
  await looks(4)
  expect(disk.asked.length).toBeLessThan(2_000)
})
