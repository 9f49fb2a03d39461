import { appendFileSync as append, existsSync, renameSync, statSync, utimesSync, writeFileSync as write } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localDisk, type Disk } from '../../../src/sources/logs/disk.ts'
import type { Follower } from '../../../src/sources/logs/follower.ts'
import { birthless } from './disks.ts'
import { FollowerScene } from './world.ts'

/** As after a week with hourly logs: more than may be open at once, and than are remembered. */
const many = 200

let scene: FollowerScene
let log: string
let positions: string
let follower: Follower
let lines: string[]
let rotations: number

beforeEach(() => {
  scene = new FollowerScene()
  log = scene.path('server.log')
  positions = scene.path('positions.json')
  lines = []
  rotations = 0
})

afterEach(async () => {
  await follower.close()
  scene.clean()
})

/** Line 1 is in the file that is followed; each rotation adds one in a file born a tick of the file system's clock later. */
async function begin(disk: Disk = localDisk): Promise<void> {
  write(log, '')
  follower = scene.follow({ positions }, { disk })
  await scene.read(follower)
  append(log, '1\n')
}

async function rotate(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    rotations++
    renameSync(log, `${log}.${rotations}`)
    await sleep(5)
    write(log, `${rotations + 1}\n`)
  }
}

async function look(): Promise<void> {
  lines.push(...(await scene.read(follower)))
  scene.now += 500
}

async function restart(): Promise<void> {
  await follower.committed(new Set())
  await follower.close()
  follower = scene.follow({ positions })
}

/** Files beyond those that may be open are found once the first ones have been quiet; the file under the name does not wait. */
async function expectEachOnce(): Promise<void> {
  for (let i = 0; i < 40; i++) await look()
  expect(lines.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: rotations + 1 }, (_, i) => i + 1))
  expect(scene.warnings).toEqual([])
}

describe('hundreds of rotated files are each read once', () => {
  test('between two looks', async () => {
    await begin()
    await rotate(many)
    await expectEachOnce()
    expect(scene.file(follower)?.rotations).toBe(many)
  })

  test('several at each look', async () => {
    await begin()
    for (let i = 0; i < many / 4; i++) {
      await rotate(4)
      await look()
    }
    await expectEachOnce()
  })

  test('while the file under the name is rotated, too', async () => {
    await begin()
    await rotate(many)
    for (let i = 0; i < 30; i++) {
      await look()
      await rotate(1)
    }
    await expectEachOnce()
  })

  test('while the exporter was away', async () => {
    await begin()
    await look()
    await follower.committed(new Set())
    await follower.close()
    await rotate(many)
    follower = scene.follow({ positions })
    await expectEachOnce()
  })

  test.each([
    ['as many as may be open', 1],
    ['and some of them closed again', 60],
  ])('with a restart in the midst, read so far: %s', async (_, looks) => {
    await begin()
    await rotate(many)
    for (let i = 0; i < looks && lines.length < many * 0.75; i++) await look()
    expect(lines.length).toBeLessThan(many)
    await restart()
    await expectEachOnce()
  })

  test('with a restart, and old ones written to after younger ones', async () => {
    await begin()
    await rotate(many)
    const late = statSync(`${log}.${many * 0.9}`).mtimeMs / 1000
    for (let i = 1; i <= 60; i++) utimesSync(`${log}.${i}`, late, late)
    while (lines.length < many / 2) await look()
    await restart()
    await expectEachOnce()
  })

  test('when one cannot be opened at first', async () => {
    let tried = 0
    const open: Disk['open'] = (path) => {
      if (path === `${log}.3` && tried++ === 0)
        return Promise.reject(Object.assign(new Error('too many open files'), { code: 'EMFILE' }))
      return localDisk.open(path)
    }
    await begin({ ...localDisk, open })
    await rotate(many)
    await expectEachOnce()
    expect(tried).toBeGreaterThan(1)
  })

  test('when names are shifted while they are listed', async () => {
    let asked = 0
    const stat: Disk['stat'] = (path) => {
      if (path.startsWith(`${log}.`) && ++asked === 75) shift()
      return localDisk.stat(path)
    }
    const shift = (): void => {
      for (let i = rotations; i >= 1; i--) renameSync(`${log}.${i}`, `${log}.${i + 1}`)
      renameSync(log, `${log}.1`)
      rotations++
      write(log, `${rotations + 1}\n`)
    }
    await begin({ ...localDisk, stat })
    for (let i = 0; i < many; i++) {
      shift()
      await sleep(5)
    }
    expect(existsSync(`${log}.${many}`)).toBe(true)
    await expectEachOnce()
  })

  test('where births are unknown and the oldest one is written to last', async () => {
    await begin(birthless())
    await rotate(many)
    await sleep(5)
    append(`${log}.1`, `${rotations + 2}\n`)
    rotations++
    await expectEachOnce()
  })
})
