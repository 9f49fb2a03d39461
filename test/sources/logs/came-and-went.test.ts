import { appendFileSync as append, renameSync, unlinkSync, writeFileSync as write } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localDisk, type Disk } from '../../../src/sources/logs/disk.ts'
import type { Follower } from '../../../src/sources/logs/follower.ts'
import { birthless } from './disks.ts'
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

/** The name was looked up and leads to another file, or to none, by the time that it is opened. */
function rotatedBeforeOpen(then: () => void): Disk {
  let isDone = false
  const open: Disk['open'] = (path) => {
    if (!isDone && path === log) {
      isDone = true
      then()
    }
    return localDisk.open(path)
  }
  return { ...localDisk, open }
}

/** Births are told in ticks of the file system's clock. */
async function rotate(number: number, text: string): Promise<void> {
  renameSync(log, `${log}.${number}`)
  await sleep(10)
  write(log, text)
}

const read = (): Promise<readonly string[]> => scene.read(follower)

describe('a file that had the name only between two looks is read', () => {
  test.each([
    ['births known', localDisk],
    ['births unknown', birthless()],
  ])('which both found none, %s', async (_, disk) => {
    follower = scene.follow({}, { disk })
    await read()
    await sleep(30)
    write(log, '1\n')
    await sleep(10)
    renameSync(log, `${log}.1`)
    expect(await read()).toEqual(['1'])
    await sleep(50)
    write(log, '2\n')
    expect(await read()).toEqual(['2'])
    expect(scene.file(follower)?.rotations).toBe(1)
  })

  test('the first of which found it, and opened the next one', async () => {
    write(log, '1\n')
    await sleep(10)
    const disk = rotatedBeforeOpen(() => {
      renameSync(log, `${log}.1`)
      write(log, '2\n')
    })
    follower = scene.follow({ fromStart: true }, { disk })
    expect(await read()).toEqual(['1', '2'])
    expect(scene.file(follower)?.rotations).toBe(1)
    for (let i = 0; i < 5; i++) expect(await read()).toEqual([])
  })

  test.each([
    ['between two lines', 'old\n', '1\n', ['1', '2']],
    ['within a line, whose rest is left out', 'old\nha', 'lf\n1\n', ['1', '2']],
    ['when it was empty', '', '1\n', ['1', '2']],
  ])('the same, from where it ended when it was found: %s', async (_, old, more, lines) => {
    write(log, old)
    await sleep(10)
    const disk = rotatedBeforeOpen(() => {
      append(log, more)
      renameSync(log, `${log}.1`)
      write(log, '2\n')
    })
    follower = scene.follow({}, { disk })
    expect(await read()).toEqual(lines)
    expect(scene.file(follower)?.rotations).toBe(1)
    expect(scene.warnings).toEqual([])
  })
})

describe('a file that was found and rotated before it could be opened, and none at the next look', () => {
  test.each([
    [true, ['a1', 'a2', 'b1']],
    [false, ['a2', 'b1']],
  ])('from the start: %s', async (fromStart, lines) => {
    write(log, 'a1\n')
    await sleep(30)
    const disk = rotatedBeforeOpen(() => {
      append(log, 'a2\n')
      renameSync(log, `${log}.1`)
    })
    follower = scene.follow({ fromStart }, { disk })
    const got = [...(await read()), ...(await read())]
    await sleep(30)
    write(log, 'b1\n')
    for (let i = 0; i < 6; i++) got.push(...(await read()))
    expect(got).toEqual(lines)
  })
})

describe('what the path led to when the exporter ended', () => {
  beforeEach(async () => {
    write(log, '')
    follower = scene.follow({ positions })
    await read()
    append(log, '1\n')
    await read()
  })

  async function restart(meanwhile: () => Promise<void> | void): Promise<void> {
    await follower.committed(new Set())
    await follower.close()
    await meanwhile()
    follower = scene.follow({ positions })
  }

  test('is read to its end under another name, though the path never leads anywhere again', async () => {
    append(log, '2\n')
    await restart(async () => {
      append(log, '3\n')
      await rotate(1, '4\n')
      await rotate(2, '')
      unlinkSync(log)
    })
    expect(await read()).toEqual(['2', '3', '4'])
    scene.now += 5_000
    for (let i = 0; i < 5; i++) expect(await read()).toEqual([])
    expect(scene.warnings).toEqual([])
  })

  test('is not read again from its beginning where a search goes on and the name is absent', async () => {
    await rotate(1, '2\n')
    expect(await read()).toEqual(['2'])
    await restart(() => {
      append(log, '3\n')
      renameSync(log, `${log}.2`)
    })
    expect(await read()).toEqual(['3'])
    append(`${log}.2`, '4\n')
    write(log, '5\n')
    expect(await read()).toEqual(['4', '5'])
    for (let i = 0; i < 5; i++) expect(await read()).toEqual([])
  })

  test('is read on where its name came back', async () => {
    await restart(() => renameSync(log, `${log}.1`))
    await read()
    append(`${log}.1`, '2\n')
    renameSync(`${log}.1`, log)
    expect(await read()).toEqual(['2'])
    expect(scene.file(follower)).toMatchObject({ up: true, lagBytes: 0 })
  })
})
