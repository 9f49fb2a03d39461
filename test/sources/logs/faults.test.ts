import { execFileSync } from 'node:child_process'
import { appendFileSync as append, renameSync, unlinkSync, writeFileSync as write } from 'node:fs'
import { PassThrough } from 'node:stream'
import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Follower } from '../../../src/sources/logs/follower.ts'
import { FaultyDisk } from './faulty-disk.ts'
import { FollowerScene } from './world.ts'

let scene: FollowerScene
let log: string
let disk: FaultyDisk
let follower: Follower

beforeEach(() => {
  scene = new FollowerScene()
  log = scene.path('server.log')
  disk = new FaultyDisk()
})

afterEach(async () => {
  disk.heal()
  await follower.close()
  scene.clean()
})

describe('permission', () => {
  test('lost after a rotation, and given back: nothing is lost', async () => {
    write(log, '')
    follower = scene.follow({}, { disk })
    await scene.read(follower)
    renameSync(log, `${log}.1`)
    append(`${log}.1`, '1\n')
    write(log, '2\n')
    disk.fail('open', 'server.log', 'EACCES')
    expect(await scene.read(follower)).toEqual(['1'])
    expect(scene.file(follower)?.up).toBe(false)
    await scene.read(follower)
    expect(scene.failures).toEqual(['server.log auth'])
    disk.heal()
    expect(await scene.read(follower)).toEqual(['2'])
    expect(scene.file(follower)).toMatchObject({ up: true, rotations: 1 })
  })

  test('given after the start: what was written since the start is read', async () => {
    write(log, 'old\n')
    disk.fail('open', 'server.log', 'EACCES')
    follower = scene.follow({}, { disk })
    await scene.read(follower)
    append(log, '1\n')
    disk.heal()
    expect(await scene.read(follower)).toEqual(['1'])
  })

  test('to look into the directory lost: the open file is read on, and it shows', async () => {
    write(log, '')
    follower = scene.follow({}, { disk })
    await scene.read(follower)
    disk.fail('stat', 'server.log', 'EACCES')
    append(log, '1\n')
    expect(await scene.read(follower)).toEqual(['1'])
    expect(scene.file(follower)?.up).toBe(false)
  })
})

describe('a disk', () => {
  test('that does not answer holds up only its own file, and nothing is lost', async () => {
    write(log, '')
    write(scene.path('other.log'), '')
    follower = scene.follow({ files: ['server.log', 'other.log'] }, { disk })
    await scene.read(follower)
    append(log, '1\n')
    append(scene.path('other.log'), '2\n')
    const { asked, answer } = disk.hang('read', 'server.log')
    const look = new AbortController()
    const reading = follower.read(1_000_000, look.signal, scene.sink)
    await asked
    look.abort()
    expect(await reading).toBe(false)
    await scene.read(follower)
    append(scene.path('other.log'), '3\n')
    await scene.read(follower)
    expect(scene.text).toBe('2\n3\n')
    expect(scene.failures).toEqual(['server.log hung'])
    expect(scene.file(follower)?.up).toBe(false)
    answer()
    while (scene.file(follower)?.up === false) await scene.read(follower)
    expect(scene.text).toBe('2\n3\n1\n')
  })

  test('with read errors: the file is opened again and read on', async () => {
    write(log, '')
    follower = scene.follow({}, { disk })
    await scene.read(follower)
    append(log, '1\n')
    disk.fail('read', 'server.log', 'EIO')
    expect(await scene.read(follower)).toEqual([])
    await scene.read(follower)
    expect(scene.file(follower)?.up).toBe(false)
    expect(scene.failures).toEqual(['server.log closed'])
    disk.heal()
    expect(await scene.read(follower)).toEqual(['1'])
    expect(disk.opened).toBe(1)
  })

  test.each(
    (['stat', 'open', 'fstat', 'read'] as const).flatMap(
      (step) =>
        [
          [step, 'EIO'],
          [step, 'ESTALE'],
        ] as const,
    ),
  )('that answers %s with %s fails for that file only, and it is read on afterwards', async (step, code) => {
    const other = scene.path('other.log')
    write(log, '')
    write(other, '')
    follower = scene.follow({ files: ['server.log', 'other.log'] }, { disk })
    await scene.read(follower)
    // What is opened is what has changed its name meanwhile.
    if (step === 'open') renameSync(log, `${log}.1`)
    append(log, 'of the faulty one\n')
    append(other, '1\n')
    disk.fail(step, 'server.log', code)
    expect((await scene.read(follower)).filter((line) => line !== 'of the faulty one')).toEqual(['1'])
    append(other, '2\n')
    await scene.read(follower)
    expect(scene.file(follower)?.up).toBe(false)
    expect(scene.file(follower, 'other.log')).toMatchObject({ up: true, lagBytes: 0, bytes: 4 })
    expect(scene.failures).toEqual(['server.log closed'])
    disk.heal()
    await scene.read(follower)
    expect(scene.text.split('\n').filter((line) => line === 'of the faulty one')).toHaveLength(1)
    expect(scene.file(follower)?.up).toBe(true)
  })

  test('of a network on which the same inode is another file', async () => {
    write(log, 'one file\n')
    follower = scene.follow({ fromStart: true }, { disk })
    expect(await scene.read(follower)).toEqual(['one file'])
    // Overwritten in place is what a repeated inode looks like from outside, once the old handle is stale.
    write(log, 'another file\n')
    disk.fail('fstat', 'server.log', 'ESTALE')
    expect(await scene.read(follower)).toEqual([])
    disk.heal()
    expect(await scene.read(follower)).toEqual(['another file'])
    expect(scene.file(follower)?.truncations).toBe(1)
  })

  test('that is full: half a line, and the next one when there is room again', async () => {
    write(log, '')
    follower = scene.follow()
    await scene.read(follower)
    append(log, 'no roo')
    await scene.read(follower)
    scene.now += 1_000
    expect(await scene.read(follower)).toEqual(['no roo'])
    append(log, 'room again\n')
    expect(await scene.read(follower)).toEqual(['room again'])
  })

  test('on which a pipe takes the name: it is not opened for reading', async () => {
    execFileSync('mkfifo', [log])
    follower = scene.follow()
    await scene.read(follower)
    expect(scene.failures).toEqual(['server.log closed'])
    unlinkSync(log)
    write(log, '1\n')
    expect(await scene.read(follower)).toEqual(['1'])
  })

  test('on which the directory cannot be listed: the followed file is followed', async () => {
    write(log, '')
    follower = scene.follow({}, { disk })
    await scene.read(follower)
    disk.fail('list', '', 'EACCES')
    append(log, '1\n')
    renameSync(log, `${log}.1`)
    write(log, '2\n')
    expect(await scene.read(follower)).toEqual(['1', '2'])
    for (let i = 0; i < 3; i++) await scene.read(follower)
    expect(scene.file(follower)?.up).toBe(true)
    expect(scene.failures).toHaveLength(1)
  })

  test('on which the directory cannot be listed: a file that is cut is read on', async () => {
    write(log, `${'first '.repeat(20)}\n`)
    follower = scene.follow({ fromStart: true }, { disk })
    await scene.read(follower)
    disk.fail('list', '', 'EACCES')
    write(log, '2\n')
    expect(await scene.read(follower)).toEqual(['2'])
    expect(scene.file(follower)).toMatchObject({ up: true, truncations: 1 })
  })
})

describe('quiet', () => {
  test('is told once, after the half line, and again after more came', async () => {
    write(log, '')
    follower = scene.follow()
    await scene.read(follower)
    append(log, '1\nhal')
    expect(await scene.read(follower)).toEqual(['1'])
    scene.now += 900
    expect(await scene.read(follower)).toEqual([])
    scene.now += 100
    expect(await scene.read(follower)).toEqual(['hal'])
    scene.now += 5_000
    await scene.read(follower)
    append(log, '2\n')
    await scene.read(follower)
    scene.now += 1_000
    await scene.read(follower)
    expect(scene.said).toEqual(['lines 1', 'lines 1', 'quiet 1', 'lines 1', 'quiet 1'])
  })

  test('a rotated file is ended: soon when it is deleted, else after the longest rotation', async () => {
    write(log, '')
    follower = scene.follow()
    await scene.read(follower)
    append(log, '1\n')
    renameSync(log, `${log}.1`)
    write(log, '2\n')
    await scene.read(follower)
    scene.now += 60 * 60_000
    await scene.read(follower)
    expect(scene.said).not.toContain('ended 1')
    unlinkSync(`${log}.1`)
    await scene.read(follower)
    scene.now += 10_000
    await scene.read(follower)
    expect(scene.said).toContain('ended 1')
    expect(scene.said).not.toContain('ended 2')
    expect(scene.file(follower)?.bytes).toBe(4)
  })
})

describe('a look at files in which nothing is new', () => {
  test('is one system call a file', async () => {
    write(log, '1\n')
    write(scene.path('other.log'), `${'x'.repeat(1_000)}\n`)
    follower = scene.follow({ files: ['server.log', 'other.log'], fromStart: true }, { disk })
    await scene.read(follower)
    disk.asked.length = 0
    await scene.read(follower)
    expect(disk.asked).toEqual(['stat', 'stat'])
    append(log, '2\n')
    expect(await scene.read(follower)).toEqual(['2'])
  })

  test('that is left out while the file is rotated twice: no line is lost or read twice', async () => {
    write(log, '1\n')
    follower = scene.follow({ fromStart: true }, { disk })
    await scene.read(follower)
    scene.now += 1_000
    for (let i = 0; i < 2; i++) await scene.read(follower)
    scene.now += 60_000
    await scene.read(follower)
    disk.asked.length = 0
    await scene.read(follower)
    if (disk.asked.includes('stat')) await scene.read(follower)
    append(log, '2\n')
    renameSync(log, `${log}.1`)
    write(log, '3\n')
    renameSync(`${log}.1`, `${log}.2`)
    renameSync(log, `${log}.1`)
    write(log, '4\n')
    const lines: string[] = []
    for (let i = 0; i < 6; i++) {
      lines.push(...(await scene.read(follower)))
      scene.now += 500
    }
    expect(lines.toSorted()).toEqual(['2', '3', '4'])
  })

  test('is made every other time of a file that was quiet for a minute', async () => {
    const files = ['1.log', '2.log', '3.log', '4.log']
    for (const file of files) write(scene.path(file), '1\n')
    follower = scene.follow({ files, fromStart: true }, { disk })
    await scene.read(follower)
    scene.now += 1_000
    for (let i = 0; i < 2; i++) await scene.read(follower)
    scene.now += 60_000
    disk.asked.length = 0
    await scene.read(follower)
    expect(disk.asked).toEqual(['stat', 'stat'])
    await scene.read(follower)
    expect(disk.asked).toEqual(['stat', 'stat', 'stat', 'stat'])
    for (const file of files) append(scene.path(file), '2\n')
    expect([...(await scene.read(follower)), ...(await scene.read(follower))]).toEqual(['2', '2', '2', '2'])
    disk.asked.length = 0
    await scene.read(follower)
    expect(disk.asked.filter((step) => step === 'stat')).toHaveLength(4)
  })
})

describe('a budget', () => {
  test('is kept, what is left shows as lag, and no file waits for another one', async () => {
    write(log, '')
    write(scene.path('other.log'), '')
    follower = scene.follow({ files: ['*.log'] })
    await scene.read(follower)
    const line = `${'x'.repeat(99)}\n`
    append(log, line.repeat(100_000))
    append(scene.path('other.log'), line.repeat(10))
    expect(await follower.read(4_000_000, new AbortController().signal, scene.sink)).toBe(true)
    expect(scene.file(follower)?.lagBytes).toBeGreaterThan(5_000_000)
    expect(scene.file(follower, 'other.log')?.lagBytes).toBe(0)
    expect(scene.text.length).toBeLessThanOrEqual(4_000_000)
    await scene.read(follower)
    expect(scene.text.length).toBe(10_001_000)
    expect(scene.file(follower)?.lagBytes).toBe(0)
  })

  test('nothing is read once the look is over', async () => {
    write(log, '1\n')
    follower = scene.follow({ fromStart: true })
    expect(await follower.read(1_000, AbortSignal.abort(), scene.sink)).toBe(false)
    expect(scene.text).toBe('')
  })
})

describe('standard input', () => {
  test('is read as it comes; whoever writes too fast waits', async () => {
    const input = new PassThrough()
    follower = scene.follow({ files: ['-'] }, { input: () => input })
    input.write('1\nhal')
    await turnOfLoop()
    expect(await scene.read(follower)).toEqual(['1'])
    input.write('f\n')
    for (let i = 0; i < 100; i++) input.write(`${'x'.repeat(65_535)}\n`)
    for (let i = 0; i < 200; i++) await turnOfLoop()
    const { lagBytes } = scene.file(follower, '-') ?? { lagBytes: 0 }
    expect(lagBytes).toBeGreaterThanOrEqual(4 * 1024 * 1024)
    expect(lagBytes).toBeLessThan(5 * 1024 * 1024)
    input.end('end')
    let lines: readonly string[] = []
    for (let i = 0; i < 200; i++) {
      lines = [...lines, ...(await scene.read(follower))]
      await turnOfLoop()
    }
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([102, 'half', 'end'])
    expect(scene.said.at(-1)).toBe('ended 1')
    expect(scene.file(follower, '-')).toMatchObject({ up: false, lagBytes: 0 })
    expect(scene.failures).toHaveLength(1)
  })
})
