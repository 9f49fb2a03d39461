import {
  mkdirSync,
  rmdirSync,
  renameSync,
  unlinkSync,
  copyFileSync,
  truncateSync,
  statSync,
  appendFileSync as append,
  writeFileSync as write,
} from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { localDisk, type Disk, type FileStat } from '../../../src/sources/logs/disk.ts'
import { localPositions } from '../../../src/sources/logs/positions.ts'
import type { Follower } from '../../../src/sources/logs/follower.ts'
import { birthless, slowDisk } from './disks.ts'
import { FollowerScene } from './world.ts'

let scene: FollowerScene, log: string, positions: string, follower: Follower
beforeEach(() => {
  scene = new FollowerScene()
  log = scene.path('server.log')
  positions = scene.path('positions.json')
})
afterEach(async () => {
  await follower.close()
  scene.clean()
})
async function looks(times: number, ms = 0): Promise<readonly string[]> {
  const lines: string[] = []
  for (let i = 0; i < times; i++) {
    scene.now += 1_000
    lines.push(...(await scene.read(follower)))
    await follower.committed(new Set())
    if (ms) await sleep(ms)
  }
  return lines
}
async function stop() {
  await follower.committed(new Set())
  await follower.close()
}
test('positions beside an absent log are not written, nor is it listed, when nothing happens', async () => {
  let writes = 0,
    lists = 0
  const disk: Disk = {
    ...localDisk,
    list: (d) => {
      lists++
      return localDisk.list(d)
    },
  }
  const positionDisk = {
    ...localPositions,
    replace: (p: string, t: string) => {
      writes++
      return localPositions.replace(p, t)
    },
  }
  const other = scene.path('other.log')
  write(other, '')
  follower = scene.follow({ files: ['server.log', 'other.log'], positions }, { disk, positionDisk })
  await looks(10, 8)
  writes = lists = 0
  await looks(20, 8)
  const quiet = [writes, lists]
  append(other, 'one line\n')
  await looks(10, 8)
  writes = lists = 0
  await looks(40, 8)
  expect({ quiet, writes, lists }).toEqual({ quiet: [0, 0], writes: 0, lists: 0 })
})

test('what was rotated on a volume while it was not mounted, at a mountpoint that is there', async () => {
  const volume = scene.path('volume'),
    away = scene.path('away')
  mkdirSync(volume)
  log = `${volume}/server.log`
  write(log, '')
  follower = scene.follow({ files: ['volume/server.log'] })
  await looks(2)
  append(log, 'a1\n')
  expect(await looks(2)).toEqual(['a1'])
  renameSync(volume, away)
  mkdirSync(volume)
  const got = [...(await looks(4, 10))]
  await sleep(10)
  append(`${away}/server.log`, 'a2\n')
  renameSync(`${away}/server.log`, `${away}/server.log.1`)
  await sleep(10)
  write(`${away}/server.log`, 'b\n')
  await sleep(10)
  renameSync(`${away}/server.log`, `${away}/server.log.2`)
  await sleep(10)
  write(`${away}/server.log`, 'c\n')
  await sleep(40)
  got.push(...(await looks(6, 10)))
  rmdirSync(volume)
  renameSync(away, volume)
  got.push(...(await looks(10, 10)))
  expect(got).toEqual(['a2', 'b', 'c'])
})

function bornEarlier(ino: () => string): Disk {
  const aged = (s: FileStat): FileStat => (s.ino === ino() ? { ...s, birthMs: s.birthMs - 86_400_000 } : s)
  return {
    ...localDisk,
    stat: async (p) => aged(await localDisk.stat(p)),
    open: async (p) => {
      const f = await localDisk.open(p)
      return { ...f, stat: async () => aged(await f.stat()) }
    },
  }
}
test('the rest of a renamed file is read after a restart, though the name has led nowhere for a while', async () => {
  mkdirSync(scene.path('state'))
  positions = scene.path('state/positions.json')
  write(log, '')
  const ino = String(statSync(log).ino)
  const disk = bornEarlier(() => ino)
  follower = scene.follow({ positions }, { disk })
  await looks(2)
  const want: string[] = []
  for (let i = 0; i < 2000; i++) want.push(`line ${i}`)
  append(log, want.join('\n') + '\n')
  const step = async (n: number) => {
    for (let i = 0; i < n; i++) {
      scene.now += 1000
      await follower.read(500, new AbortController().signal, scene.sink)
      await follower.committed(new Set())
      await sleep(8)
    }
  }
  await step(2)
  renameSync(log, `${log}.1`)
  await sleep(10)
  await step(15)
  await stop()
  follower = scene.follow({ positions }, { disk })
  await looks(20, 5)
  const lag = scene.file(follower)?.lagBytes
  const before = scene.text.split('\n').length - 1
  expect({ before, lag, w: scene.warnings }).toEqual({ before: 2000, lag: 0, w: [] })
})

test('archives that take long to read are read once, while the directory is changed at every third look', async () => {
  write(log, '')
  follower = scene.follow({ positions })
  await looks(2)
  await stop()
  await sleep(10)
  unlinkSync(log)
  for (let i = 0; i < 60; i++) {
    await sleep(5)
    write(`${log}.${String(i).padStart(3, '0')}`, `archive ${i}\n` + 'x\n'.repeat(1000))
  }
  await sleep(30)
  follower = scene.follow({})
  await follower.close()
  follower = scene.follow({ positions })
  let seed = 7
  for (let i = 0; i < 200; i++) {
    scene.now += 1000
    seed = (seed * 1103515245 + 12345) % 2147483648
    if ((seed >>> 8) / 8388608 < 0.3) write(scene.path(`u${i}`), '')
    await follower.read(4_000, new AbortController().signal, scene.sink)
    await sleep(3)
  }
  expect(scene.text.split('\n').filter((l) => l.startsWith('archive')).length).toBe(60)
})

test('a copy of which everything was read before copytruncate is not read when the log goes', async () => {
  write(log, '')
  follower = scene.follow({})
  await looks(2)
  append(log, 'a\n'.repeat(100))
  await looks(2)
  await sleep(20)
  copyFileSync(log, `${log}.1`)
  truncateSync(log, 0)
  const same = statSync(log).mtimeMs === statSync(`${log}.1`).mtimeMs
  expect(await looks(3)).toEqual([])
  unlinkSync(log)
  expect({ same, got: (await looks(6)).length }).toEqual({ same, got: 0 })
})

test('where births are unknown: a log that was absent and was made while the exporter was away', async () => {
  follower = scene.follow({ positions }, { disk: birthless() })
  await looks(5, 5)
  await stop()
  await sleep(30)
  write(log, 'new\n')
  follower = scene.follow({ positions }, { disk: birthless() })
  expect(await looks(5)).toEqual(['new'])
})

test('copytruncate in a directory that takes longer to list than a look lasts', async () => {
  for (let i = 0; i < 300; i++) write(`${log}.${i}`, '')
  await sleep(20)
  write(log, '')
  const { disk, slowDown } = slowDisk()
  follower = scene.follow({}, { disk })
  await looks(1)
  append(log, 'a\n'.repeat(100))
  await looks(1)
  scene.text = ''
  slowDown()
  copyFileSync(log, `${log}.300`)
  truncateSync(log, 0)
  append(log, 'b\n')
  for (let i = 0; i < 300 && !scene.text.includes('b'); i++) {
    scene.now += 1000
    await follower.read(1024 * 1024, AbortSignal.timeout(150), scene.sink)
    await sleep(20)
  }
  expect(scene.text).toBe('b\n')
}, 60_000)

test('archives beside an absent log are not read when the clock is set back', async () => {
  write(`${log}.1`, 'archive\n')
  await sleep(30)
  let behind = 0
  follower = scene.follow({ clock: () => ({ mono: scene.now, wall: Date.now() - behind }) })
  await looks(4)
  behind = 3_600_000
  await looks(3)
  write(scene.path('unrelated'), '')
  expect(await looks(6)).toEqual([])
})

test('hundreds of archives, once, over a restart in a directory that is always changed', async () => {
  const other = scene.path('other.log')
  write(other, '')
  write(log, '')
  const files = ['server.log', 'other.log']
  follower = scene.follow({ files, positions })
  await looks(2)
  await stop()
  await sleep(10)
  unlinkSync(log)
  for (let i = 0; i < 300; i++) {
    await sleep(1)
    write(`${log}.${String(i).padStart(3, '0')}`, `archive ${i}\n`)
  }
  await sleep(10)
  follower = scene.follow({ files, positions })
  const run = async (n: number) => {
    let c = 0
    for (let i = 0; i < n; i++) {
      append(other, 'x\n')
      c += (await looks(1, 6)).filter((l) => l.startsWith('archive')).length
    }
    return c
  }
  const first = await run(60)
  await stop()
  follower = scene.follow({ files, positions })
  const second = await run(30)
  expect({ first, second }).toEqual({ first: 300, second: 0 })
})
