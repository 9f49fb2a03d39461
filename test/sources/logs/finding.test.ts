import {
  appendFileSync as append,
  linkSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync as write,
} from 'node:fs'
import { dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Follower } from '../../../src/sources/logs/follower.ts'
import type { Failure } from '../../../src/model/result.ts'
import { FaultyDisk } from './faulty-disk.ts'
import { FollowerScene } from './world.ts'

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

describe('a path', () => {
  test('that leads nowhere at first is read from its beginning when it comes', async () => {
    follower = scene.follow()
    expect(await scene.read(follower)).toEqual([])
    expect(scene.file(follower)?.up).toBe(false)
    write(log, '1\n')
    expect(await scene.read(follower)).toEqual(['1'])
    expect(scene.file(follower)?.up).toBe(true)
    expect(scene.failures).toEqual(['server.log refused'])
  })

  test('in a directory that comes later', async () => {
    follower = scene.follow({ files: ['later/server.log', 'later/*/zookeeper.log'] })
    await scene.read(follower)
    mkdirSync(scene.path('later/a'), { recursive: true })
    write(scene.path('later/server.log'), '1\n')
    write(scene.path('later/a/zookeeper.log'), '2\n')
    scene.now += 5_000
    expect((await scene.read(follower)).toSorted()).toEqual(['1', '2'])
  })

  test.each([
    ['server.log.1.gz', '1\n'],
    ['server.zip', '1\n'],
    ['server.log', gzipSync('1\n2\n3\n')],
  ])('of a compressed file is down, told of once, and read when it is none any more: %s', async (name, content) => {
    const disk = new FaultyDisk()
    write(scene.path(name), content)
    const reasons: string[] = []
    const notes = { failed: (_: string, { detail }: Failure) => void reasons.push(detail), warn: () => undefined }
    follower = scene.follow({ files: [name], fromStart: true, notes }, { disk })
    for (let i = 0; i < 3; i++) expect(await scene.read(follower)).toEqual([])
    expect(scene.file(follower, name)).toMatchObject({ up: false, bytes: 0, lagBytes: 0 })
    expect(reasons).toEqual([`${scene.path(name)} is compressed: follow the file that is being written`])
    expect([disk.opened, disk.asked.filter((step) => step === 'open').length]).toEqual([
      0,
      name === 'server.log' ? 1 : 0,
    ])
    write(scene.path(name), '1\n')
    const isPlain = name === 'server.log'
    expect(await scene.read(follower)).toEqual(isPlain ? ['1'] : [])
    expect(scene.file(follower, name)?.up).toBe(isPlain)
  })

  test('whose files came and went before the first of them was seen', async () => {
    follower = scene.follow()
    await scene.read(follower)
    write(log, '1\n')
    renameSync(log, `${log}.1`)
    write(log, '2\n')
    expect(await scene.read(follower)).toEqual(['1', '2'])
  })

  test('that leads nowhere any more is down after a while, and its file is closed', async () => {
    const disk = new FaultyDisk()
    write(log, '')
    follower = scene.follow({}, { disk })
    await scene.read(follower)
    append(log, '1\n')
    unlinkSync(log)
    expect(await scene.read(follower)).toEqual(['1'])
    expect(scene.file(follower)?.up).toBe(true)
    for (let i = 0; i < 30; i++) {
      scene.now += 1_000
      await scene.read(follower)
    }
    expect(scene.file(follower)).toMatchObject({ up: false, bytes: 2 })
    expect(disk.opened).toBe(0)
    expect(scene.failures).toEqual(['server.log refused'])
    write(log, '2\n')
    expect(await scene.read(follower)).toEqual(['2'])
    expect(scene.file(follower)?.up).toBe(true)
  })

  test('that is a directory is told and not opened', async () => {
    mkdirSync(log)
    follower = scene.follow()
    await scene.read(follower)
    expect(scene.failures).toEqual(['server.log closed'])
    expect(scene.file(follower)?.up).toBe(false)
  })
})

describe('symbolic links', () => {
  test('one that is switched leads to another file; the old one is read to its end', async () => {
    write(scene.path('a'), '')
    write(scene.path('b'), '2\n')
    symlinkSync('a', log)
    follower = scene.follow()
    await scene.read(follower)
    append(scene.path('a'), '1\n')
    unlinkSync(log)
    symlinkSync('b', log)
    expect(await scene.read(follower)).toEqual(['1', '2'])
    expect(scene.file(follower)?.rotations).toBe(1)
  })

  test('one that is switched back leads to what was read already', async () => {
    write(scene.path('a'), 'a1\n')
    write(scene.path('b'), 'b1\n')
    symlinkSync('a', log)
    follower = scene.follow({ fromStart: true })
    expect(await scene.read(follower)).toEqual(['a1'])
    for (const [target, lines] of [
      ['b', ['b1']],
      ['a', []],
      ['b', []],
    ] as const) {
      unlinkSync(log)
      symlinkSync(target, log)
      expect(await scene.read(follower)).toEqual(lines)
    }
    append(scene.path('b'), 'b2\n')
    expect(await scene.read(follower)).toEqual(['b2'])
  })

  test('a file with two names is read once', async () => {
    write(log, '1\n')
    symlinkSync('server.log', scene.path('current.log'))
    linkSync(log, scene.path('linked.log'))
    follower = scene.follow({ files: ['*.log', 'server.log'], fromStart: true })
    expect(await scene.read(follower)).toEqual(['1'])
    append(log, '2\n')
    expect(await scene.read(follower)).toEqual(['2'])
    expect(follower.files().map(({ up }) => up)).toEqual([true, true, true])
  })
})

describe('globs', () => {
  test('what is rotated belongs to its file, also where the glob matches it', async () => {
    write(`${log}.2024-02-23-06`, 'an archive\n')
    write(`${log}.2.gz`, 'packed\n')
    // A tick of the file system's clock.
    await sleep(10)
    write(log, '')
    follower = scene.follow({ files: ['server.log*'] })
    await scene.read(follower)
    append(log, '1\n')
    renameSync(log, `${log}.2024-02-23-07`)
    append(`${log}.2024-02-23-07`, '2\n')
    expect(await scene.read(follower)).toEqual(['1', '2'])
    write(log, '3\n')
    expect(await scene.read(follower)).toEqual(['3'])
    scene.now += 10_000
    expect(await scene.read(follower)).toEqual([])
    expect(follower.files().map(({ path }) => path)).toEqual([log])
  })

  test('a glob of what a log is rotated to, of which there is no log: those, after a while', async () => {
    write(`${log}.2024-02-23-06`, 'old\n')
    const disk = new FaultyDisk()
    disk.births.set(`${log}.2024-02-23-06`, 1e12)
    follower = scene.follow({ files: ['server.log*'] }, { disk })
    await scene.read(follower)
    expect(follower.files()).toEqual([])
    for (let i = 0; i < 12; i++) {
      scene.now += 30_000
      await scene.read(follower)
    }
    expect(scene.text).toBe('')
    append(`${log}.2024-02-23-06`, 'new\n')
    expect([...(await scene.read(follower)), ...(await scene.read(follower))]).toEqual(['new'])
  })

  test('that take long are not evaluated at every change', async () => {
    const disk = new FaultyDisk()
    let finds = 0
    const slow = {
      stat: disk.stat.bind(disk),
      open: disk.open.bind(disk),
      list: disk.list.bind(disk),
      find: (...of: Parameters<FaultyDisk['find']>) => {
        finds += 1
        scene.now += 100
        return disk.find(...of)
      },
    }
    follower = scene.follow({ files: ['*.log'] }, { disk: slow })
    await scene.read(follower)
    const from = scene.now
    for (let n = 0; scene.now < from + 4_000; n++) {
      write(scene.path(`${n}.log`), `${n}\n`)
      utimesSync(scene.directory, n, n)
      scene.now += 250
      await scene.read(follower)
    }
    expect(finds).toBeGreaterThan(2)
    expect(finds).toBeLessThan(6)
  })

  test('that find nothing are told of, once until they find something', async () => {
    follower = scene.follow({ files: ['*.log', '[1].log'] })
    const look = async (): Promise<void> => {
      scene.now += 5_000
      await scene.read(follower)
    }
    await look()
    await look()
    expect(scene.warnings).toEqual(['no log file matches (yet)', 'no log file matches (yet)'])
    write(log, '')
    await look()
    unlinkSync(log)
    await look()
    await look()
    expect(scene.warnings).toHaveLength(3)
  })

  test('the file of the positions is no log', async () => {
    write(log, '')
    write(scene.path('positions.json.tmp'), 'left by a kill\n')
    follower = scene.follow({ files: ['*'], fromStart: true, positions: scene.path('positions.json') })
    for (let i = 0; i < 3; i++) {
      append(log, `${i}\n`)
      expect(await scene.read(follower)).toEqual([String(i)])
      await follower.committed(new Set())
      scene.now += 5_000
    }
    expect(follower.files().map(({ path }) => path)).toEqual([log])
  })

  test('a renamed file that the glob takes for another one is not read twice', async () => {
    write(log, '')
    follower = scene.follow({ files: ['*'] })
    await scene.read(follower)
    append(log, '1\n')
    renameSync(log, scene.path('before'))
    write(log, '2\n')
    expect((await scene.read(follower)).toSorted()).toEqual(['1', '2'])
    scene.now += 5_000
    append(scene.path('before'), '3\n')
    expect(await scene.read(follower)).toEqual(['3'])
    scene.now += 2 * 60 * 60_000
    await scene.read(follower)
    append(scene.path('before'), '4\n')
    expect(await scene.read(follower)).toEqual(['4'])
  })

  test('new files are read from their beginning, those of the first start from their end', async () => {
    write(scene.path('a-1.log'), 'old\n')
    follower = scene.follow({ files: ['a-*.log'] })
    expect(await scene.read(follower)).toEqual([])
    write(scene.path('a-2.log'), 'new\n')
    scene.now += 300
    expect(await scene.read(follower)).toEqual(['new'])
    unlinkSync(scene.path('a-1.log'))
    for (let i = 0; i < 30; i++) {
      scene.now += 1_000
      await scene.read(follower)
    }
    expect(follower.files().map(({ path }) => path)).toEqual([scene.path('a-2.log')])
  })

  test('are evaluated seldom where every change shows and there was none, else every five seconds', async () => {
    const counted = async (pattern: string): Promise<number> => {
      const disk = new FaultyDisk()
      let finds = 0
      disk.find = () => {
        finds += 1
        return Promise.resolve([scene.path('a/1.log')])
      }
      follower = scene.follow({ files: [pattern] }, { disk })
      for (let i = 0; i < 61; i++) {
        await scene.read(follower)
        scene.now += 1_000
      }
      return finds
    }
    mkdirSync(scene.path('a'))
    write(scene.path('a/1.log'), '')
    expect(await counted('*/*.log')).toBe(13)
    await follower.close()
    expect(await counted('a/*.log')).toBe(4)
    await follower.close()
    // A file that is away may come to be a path that nothing finds any more.
    unlinkSync(scene.path('a/1.log'))
    expect(await counted('a/*.log')).toBe(13)
  })

  test('names with the characters of a glob are names where there is such a file', async () => {
    write(scene.path('[1].log'), 'a\n')
    follower = scene.follow({ files: ['[1].log'], fromStart: true })
    expect(await scene.read(follower)).toEqual(['a'])
  })

  test('of very many files only the busy ones stay open', async () => {
    const disk = new FaultyDisk()
    for (let i = 0; i < 300; i++) write(scene.path(`${i}.log`), 'old\n')
    follower = scene.follow({ files: ['*.log'] }, { disk })
    await scene.read(follower)
    scene.now += 2_000
    await scene.read(follower)
    expect(disk.opened).toBe(200)
    for (let i = 0; i < 300; i++) append(scene.path(`${i}.log`), `${i}\n`)
    expect(new Set(await scene.read(follower)).size).toBe(300)
    expect(follower.files().every(({ up, bytes }) => up && bytes > 0)).toBe(true)
  })

  test('of which each is rotated often, the rotated ones that were quiet the longest are closed', async () => {
    const disk = new FaultyDisk()
    const names = Array.from({ length: 60 }, (_, i) => scene.path(`${i}/server.log`))
    for (const name of names) {
      mkdirSync(dirname(name))
      write(name, 'old\n')
    }
    follower = scene.follow({ files: ['*/server.log'] }, { disk })
    await scene.read(follower)
    scene.now += 2_000
    for (const round of [1, 2, 3, 4]) {
      for (const name of names) {
        renameSync(name, `${name}.${round}`)
        write(name, `${round}\n`)
      }
      expect(await scene.read(follower)).toHaveLength(60)
      scene.now += 2_000
      await scene.read(follower)
    }
    // Until no rotated files are looked for any more, which may be opened anew.
    for (let i = 0; i < 3; i++) await scene.read(follower)
    // 60 that are written, and 200 of the 240 that were.
    expect(disk.opened).toBe(260)
    for (const name of names) for (const round of [1, 4]) append(`${name}.${round}`, `late ${round}\n`)
    const late = await scene.read(follower)
    expect([late.filter((line) => line === 'late 1').length, late.filter((line) => line === 'late 4').length]).toEqual([
      20, 60,
    ])
  })
})
