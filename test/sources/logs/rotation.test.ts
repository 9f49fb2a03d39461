import {
  appendFileSync as append,
  copyFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync as write,
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
