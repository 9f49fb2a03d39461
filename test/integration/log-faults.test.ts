import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually, startExporter, type ExporterProcess } from '../support/exporter-process.ts'
import { series } from '../support/page.ts'

// Disks and permissions as they really fail. Mounting and other users are root's; whoever is not sees these tests fail.
const nobody = { uid: 65_534, gid: 65_534 }

let directory: string
const running: ExporterProcess[] = []
const mounted: string[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-faults-'))
  chmodSync(directory, 0o755)
})
afterEach(async () => {
  for (const exporter of running.splice(0)) await exporter.stop()
  for (const path of mounted.splice(0)) execFileSync('umount', [path])
  rmSync(directory, { recursive: true })
})

const at = (name: string): string => join(directory, name)

async function started(flags: readonly string[], user?: typeof nobody): Promise<ExporterProcess> {
  const exporter = await startExporter(['--kafka.server=127.0.0.1:1', ...flags], {}, 'ignore', user)
  running.push(exporter)
  return exporter
}

/** A file system of 1 MiB, in memory. */
function small(name: string): string {
  mkdirSync(at(name))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'log-faults', at(name)])
  mounted.push(at(name))
  return at(name)
}

/** Writes zeros until there is no room; removing the file makes room. */
function fill(path: string): void {
  const fd = openSync(path, 'a')
  try {
    for (;;) writeSync(fd, Buffer.alloc(4_096))
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' })
  } finally {
    closeSync(fd)
  }
}

const line = (n: number): string => `[2024-02-23 07:47:50,149] INFO line ${n} (kafka.server.KafkaServer)\n`
const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => line(from + i)).join('')

async function counted(exporter: ExporterProcess): Promise<number | undefined> {
  return series(await exporter.metrics(), 'kafka_ha_log_lines_total')?.['component=kafka,level=info']
}

async function counts(exporter: ExporterProcess, expected: number): Promise<void> {
  const isThere = async (): Promise<true | undefined> => (await counted(exporter)) === expected || undefined
  await eventually(isThere, 15_000).catch(() => undefined)
  expect(await counted(exporter)).toBe(expected)
}

async function says(exporter: ExporterProcess, pattern: RegExp): Promise<string> {
  await eventually(() => pattern.exec(exporter.log())?.[0], 15_000).catch(() => undefined)
  expect(exporter.log()).toMatch(pattern)
  return exporter.log()
}

async function isUp(exporter: ExporterProcess, path: string, value: number): Promise<void> {
  const isSo = async (): Promise<true | undefined> =>
    series(await exporter.metrics(), 'kafka_ha_log_file_up')?.[`file=${path}`] === value || undefined
  await eventually(isSo, 15_000)
}

/** What a positions file says of its newest write. */
const positionsIn = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

describe('a full disk', () => {
  it('under the log: what got onto it is read to the last byte, and the rest when there is room', async () => {
    const log = join(small('logs'), 'server.log')
    const filler = at('logs/filler')
    writeFileSync(log, '')
    writeFileSync(filler, Buffer.alloc(800_000))
    const exporter = await started([`--logs.kafka=${log}`])
    await isUp(exporter, log, 1)
    const text = Buffer.from(lines(0, 5_000))
    const fd = openSync(log, 'a')
    let written = 0
    try {
      while (written < text.length) written += writeSync(fd, text, written, Math.min(1_000, text.length - written))
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' })
    }
    expect(written).toBeLessThan(text.length)
    const bytes = async (): Promise<number | undefined> =>
      series(await exporter.metrics(), 'kafka_ha_log_bytes_total')?.[`file=${log}`]
    await eventually(async () => (await bytes()) === written || undefined, 15_000)
    unlinkSync(filler)
    for (; written < text.length; written += writeSync(fd, text, written));
    closeSync(fd)
    await eventually(async () => (await bytes()) === text.length || undefined, 15_000)
    // The line that was half on the disk was given out after a second: it counts as one where its level was on it.
    const cut = (await counted(exporter)) ?? 0
    expect([4_999, 5_000]).toContain(cut)
    await isUp(exporter, log, 1)
  })

  it('under the positions: it is told, the old positions stay whole, and they go on when there is room', async () => {
    const positions = join(small('state'), 'positions.json')
    const log = at('server.log')
    writeFileSync(log, '')
    const flags = [`--logs.kafka=${log}`, `--logs.positions=${positions}`]
    const first = await started(flags)
    await eventually(() => existsSync(positions) || undefined)
    const whole = positionsIn(positions)
    fill(at('state/filler'))
    appendFileSync(log, lines(0, 10))
    await counts(first, 10)
    await says(first, /msg="positions are not written: [^\n]*detail="ENOSPC/)
    expect(positionsIn(positions)).toEqual(whole)
    await first.kill()

    const second = await started(flags)
    await counts(second, 10)
    unlinkSync(at('state/filler'))
    appendFileSync(log, line(10))
    await counts(second, 11)
    await eventually(() => readFileSync(positions, 'utf8').includes(`"offset":${statSync(log).size},`) || undefined)
    await second.kill()
    appendFileSync(log, line(11))
    await counts(await started(flags), 1)
  })
})

describe('permission', () => {
  it('lost over a rotation and given back, of the file and of its directory: all is read', async () => {
    mkdirSync(at('logs'))
    const log = at('logs/server.log')
    writeFileSync(log, '')
    const exporter = await started([`--logs.kafka=${log}`], nobody)
    await isUp(exporter, log, 1)
    renameSync(log, `${log}.1`)
    appendFileSync(`${log}.1`, lines(0, 3))
    writeFileSync(log, lines(3, 5), { mode: 0o600 })
    await counts(exporter, 3)
    await isUp(exporter, log, 0)
    await says(exporter, /msg="log file is not read" file=\S+ reason="EACCES/)
    chmodSync(log, 0o644)
    await counts(exporter, 5)
    await isUp(exporter, log, 1)

    chmodSync(at('logs'), 0o700)
    await isUp(exporter, log, 0)
    appendFileSync(log, lines(5, 7))
    await counts(exporter, 7)
    chmodSync(at('logs'), 0o755)
    await isUp(exporter, log, 1)
    appendFileSync(log, line(7))
    await counts(exporter, 8)
  })
})

describe('an inode that repeats', () => {
  it('is another file to whoever starts again: it is read from its beginning', async () => {
    const log = at('server.log')
    const flags = [`--logs.kafka=${log}`, `--logs.positions=${at('positions.json')}`]
    writeFileSync(log, '')
    const first = await started(flags)
    await isUp(first, log, 1)
    appendFileSync(log, lines(0, 100))
    await counts(first, 100)
    await first.stop()
    const { ino, size } = statSync(log)
    unlinkSync(log)
    writeFileSync(log, lines(100_000, 100_300))
    for (let i = 0; statSync(log).ino !== ino && i < 50; i++) {
      renameSync(log, at(`other-${i}`))
      writeFileSync(log, lines(100_000, 100_300))
    }
    expect(statSync(log).ino, `${directory} is on a file system that does not repeat inodes: set TMPDIR`).toBe(ino)
    expect(statSync(log).size).toBeGreaterThan(size)
    await counts(await started(flags), 300)
  })
})

describe('two exporters with one positions file', () => {
  it('the older says so and leaves it to the newer, and goes on when that has ended', async () => {
    const log = at('server.log')
    const positions = at('positions.json')
    const flags = [`--logs.kafka=${log}`, `--logs.positions=${positions}`]
    writeFileSync(log, '')
    const older = await started(flags)
    await eventually(() => existsSync(positions) || undefined)
    const before = readFileSync(positions, 'utf8')
    const newer = await started(flags)
    await eventually(() => readFileSync(positions, 'utf8') !== before || undefined)
    appendFileSync(log, lines(0, 10))
    await counts(older, 10)
    await counts(newer, 10)
    await says(
      older,
      /msg="positions are not written: [^\n]*detail="another exporter, started at 20[^\n]*--logs\.positions/,
    )
    expect(newer.log()).not.toContain('positions are not written')
    const errors = series(await older.metrics(), 'kafka_ha_source_errors_total') ?? {}
    expect(Object.entries(errors).filter(([key]) => key.includes(positions))).toHaveLength(1)

    await newer.stop()
    appendFileSync(log, line(10))
    await counts(older, 11)
    await eventually(() => readFileSync(positions, 'utf8').includes(`"offset":${statSync(log).size},`) || undefined)
    // Whoever was killed holds nothing.
    await older.kill()
    appendFileSync(log, line(11))
    const third = await started(flags)
    await counts(third, 1)
    expect(third.log()).not.toContain('positions are not written')
  })
})
