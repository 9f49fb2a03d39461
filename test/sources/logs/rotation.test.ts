import {
  appendFileSync as append,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  renameSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync as write,
  writeSync,
} from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Follower } from '../../../src/sources/logs/follower.ts'
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

async function begin(): Promise<void> {
  follower = scene.follow()
  await scene.read(follower)
}

describe('a file that grows', () => {
  test('is read from its end at the first start', async () => {
    write(log, 'old 1\nold 2\n')
    await begin()
    append(log, 'new 1\nnew 2\n')
    expect(await scene.read(follower)).toEqual(['new 1', 'new 2'])
  })

  test('a line that was incomplete at the start is whole', async () => {
    write(log, 'old 1\nhal')
    await begin()
    append(log, 'f\n')
    expect(await scene.read(follower)).toEqual(['half'])
  })
})

describe('rename', () => {
  test('the old file is read to its end before the new one', async () => {
    write(log, '')
    await begin()
    append(log, '1\n')
    renameSync(log, `${log}.1`)
    append(`${log}.1`, '2\n')
    write(log, '3\n')
    expect(await scene.read(follower)).toEqual(['1', '2', '3'])
    expect(scene.file(follower)).toMatchObject({ rotations: 1, truncations: 0, up: true, lagBytes: 0, bytes: 6 })
  })

  test('whoever writes on into the renamed file is heard', async () => {
    write(log, '')
    await begin()
    append(log, '1\n')
    renameSync(log, `${log}.1`)
    write(log, '2\n')
    await scene.read(follower)
    scene.now += 30 * 60_000
    append(`${log}.1`, '3\n')
    append(log, '4\n')
    expect(await scene.read(follower)).toEqual(['3', '4'])
  })

  test('two writers of one file, each of which rotates it when its own hour comes', async () => {
    // Kafka and ZooKeeper started from one directory: the second rotation deletes what the first one renamed, and
    // the first writer goes on in what the second one renamed.
    const [kafka, zookeeper] = [openSync(log, 'a'), openSync(log, 'a')]
    await begin()
    writeSync(kafka, 'k1\n')
    writeSync(zookeeper, 'z1\n')
    expect(await scene.read(follower)).toEqual(['k1', 'z1'])
    const hour = `${log}.2024-02-23-07`
    renameSync(log, hour)
    const kafkaLater = openSync(log, 'a')
    writeSync(kafkaLater, 'k2\n')
    writeSync(zookeeper, 'z2\n')
    expect(await scene.read(follower)).toEqual(['z2', 'k2'])
    unlinkSync(hour)
    renameSync(log, hour)
    const zookeeperLater = openSync(log, 'a')
    writeSync(zookeeperLater, 'z3\n')
    expect(await scene.read(follower)).toEqual(['z3'])
    scene.now += 50 * 60_000
    writeSync(kafkaLater, 'k3\n')
    expect(await scene.read(follower)).toEqual(['k3'])
    for (const fd of [kafka, zookeeper, kafkaLater, zookeeperLater]) closeSync(fd)
  })

  test('ten rotations between two looks, names shifted', async () => {
    write(log, '')
    await begin()
    for (let next = 1; next <= 10; next++) {
      append(log, `${next}\n`)
      for (let i = 9; i >= 1; i--) if (existsSync(`${log}.${i}`)) renameSync(`${log}.${i}`, `${log}.${i + 1}`)
      renameSync(log, `${log}.1`)
      write(log, '')
    }
    append(log, '11\n')
    // Made within one tick of the file system's clock: between the first and the last there is no order.
    const lines = await scene.read(follower)
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([11, '1', '11'])
    expect(new Set(lines).size).toBe(11)
    expect(scene.file(follower)?.rotations).toBe(10)
    for (let i = 0; i < 5; i++) expect(await scene.read(follower)).toEqual([])
  })

  test('compressed rotations are left alone', async () => {
    write(log, '')
    await begin()
    append(log, '1\n')
    renameSync(log, `${log}.1`)
    write(log, '2\n')
    renameSync(log, `${log}.2.gz`)
    write(log, '3\n')
    expect(await scene.read(follower)).toEqual(['1', '3'])
  })

  test('a file that gets its name back is read on', async () => {
    write(log, '')
    await begin()
    append(log, '1\n')
    renameSync(log, `${log}.1`)
    write(log, '2\n')
    expect(await scene.read(follower)).toEqual(['1', '2'])
    unlinkSync(log)
    renameSync(`${log}.1`, log)
    append(log, '3\n')
    expect(await scene.read(follower)).toEqual(['3'])
  })

  test('files that came and went between two looks are found, oldest first', async () => {
    write(log, '')
    write(`${log}.9`, 'an archive\n')
    utimesSync(`${log}.9`, 1e9, 1e9)
    await begin()
    append(log, '1\n')
    for (const next of [2, 3, 4, 5]) {
      renameSync(log, `${log}.${next}`)
      write(log, `${next}\n`)
    }
    expect(await scene.read(follower)).toEqual(['1', '2', '3', '4', '5'])
    expect(await scene.read(follower)).toEqual([])
    expect(scene.file(follower)?.rotations).toBe(4)
  })
})

describe('copytruncate', () => {
  test('what was copied before it was read is read from the copy', async () => {
    write(log, `${'head '.repeat(20)}\n`)
    await begin()
    append(log, '1\n2\n')
    copyFileSync(log, `${log}.1`)
    truncateSync(log)
    append(log, '3\n')
    expect(await scene.read(follower)).toEqual(['1', '2', '3'])
    expect(scene.file(follower)).toMatchObject({ truncations: 1, rotations: 0 })
  })

  test('again and again: each copy is known by the beginning that the file had then', async () => {
    write(log, `${'a'.repeat(300)}\n`)
    await begin()
    for (const turn of [1, 2, 3]) {
      append(log, `${turn}\n`)
      copyFileSync(log, `${log}.${turn}`)
      truncateSync(log)
      append(log, `${String(turn).repeat(300)}\n`)
      expect(await scene.read(follower)).toEqual([String(turn), String(turn).repeat(300)])
    }
  })

  test('a half line goes on in the copy', async () => {
    write(log, `${'head '.repeat(20)}\n`)
    await begin()
    append(log, 'hal')
    await scene.read(follower)
    append(log, 'f\n')
    copyFileSync(log, `${log}.1`)
    truncateSync(log)
    expect(await scene.read(follower)).toEqual(['half'])
  })

  test('what was written between the copy and the cut is lost; as much as was seen of it is told', async () => {
    write(log, 'head\n')
    await begin()
    append(log, 'seen\n')
    await follower.read(0, new AbortController().signal, scene.sink)
    truncateSync(log)
    append(log, '1\n')
    expect(await scene.read(follower)).toEqual(['1'])
    expect(scene.warnings).toEqual(['a log file was truncated before it was read to its end: 5'])
  })

  test('a writer that goes on at its old offset leaves a hole, which is skipped', async () => {
    const fd = openSync(log, 'w')
    await begin()
    writeSync(fd, '1\n', 100_000)
    expect(await scene.read(follower)).toEqual(['1'])
    truncateSync(log)
    writeSync(fd, '2\n', 100_002)
    expect(await scene.read(follower)).toEqual(['2'])
    closeSync(fd)
  })

  test('is seen although the file has grown past what was read', async () => {
    write(log, 'first\n')
    await begin()
    truncateSync(log)
    append(log, 'another beginning\nand more\n')
    expect(await scene.read(follower)).toEqual(['another beginning', 'and more'])
    expect(scene.file(follower)?.truncations).toBe(1)
  })
})

describe('unlink', () => {
  test('the deleted file is read to its end', async () => {
    write(log, '')
    await begin()
    append(log, '1\n')
    unlinkSync(log)
    write(log, '2\n')
    expect(await scene.read(follower)).toEqual(['1', '2'])
  })
})

describe('positions', () => {
  test('a restart goes on where it was', async () => {
    write(log, 'old\n')
    const positions = scene.path('positions.json')
    follower = scene.follow({ positions })
    await scene.read(follower)
    append(log, '1\n')
    expect(await scene.read(follower)).toEqual(['1'])
    await follower.committed(new Set())
    await follower.close()
    append(log, '2\n')
    renameSync(log, `${log}.2024-02-23-07`)
    write(log, '3\n')
    follower = scene.follow({ positions })
    expect(await scene.read(follower)).toEqual(['2', '3'])
    expect(scene.warnings).toEqual([])
  })
})
