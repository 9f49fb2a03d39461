import { appendFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LogComponent } from '../../src/model/log-event.ts'
import { createParser } from '../../src/sources/logs/line-parser.ts'
import { eventually, startExporter, type ExporterProcess } from '../support/exporter-process.ts'
import { series } from '../support/page.ts'

const fixtures = new URL('../fixtures/logs/ha-test/', import.meta.url)
const nobody = '--kafka.server=127.0.0.1:1'

let directory: string
const running: ExporterProcess[] = []
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'logs-'))))
afterEach(async () => {
  for (const exporter of running.splice(0)) await exporter.stop()
  rmSync(directory, { recursive: true })
})

const at = (name: string): string => join(directory, name)

async function started(flags: readonly string[], stdin?: 'pipe'): Promise<ExporterProcess> {
  const exporter = await startExporter([nobody, ...flags], {}, stdin)
  running.push(exporter)
  return exporter
}

/** The lines of a real test, of brokers or of ZooKeeper servers. */
function linesOf(component: 'kafka' | 'zookeeper'): readonly string[] {
  const files = readdirSync(fixtures).filter((name) => name.includes(component))
  return files.flatMap((name) => readFileSync(new URL(name, fixtures), 'utf8').split('\n').slice(0, -1))
}

type Counts = Readonly<Record<string, number>>

/** What is in the lines, by the parser alone. */
function counted(lines: readonly string[], component: LogComponent): Counts {
  const counts: Record<string, number> = {}
  const parser = createParser({ file: 'x', component, timeZone: undefined })
  const sink = {
    line: () => undefined,
    event: ({ component, event, severity }: { component: string; event: string; severity: string }) => {
      const key = `component=${component},event=${event}`
      if (severity !== 'noise') counts[key] = (counts[key] ?? 0) + 1
    },
  }
  parser.take(lines.map((line) => `${line}\n`).join(''), sink)
  parser.flush(sink)
  return counts
}

function sum(...all: readonly Counts[]): Counts {
  const counts: Record<string, number> = {}
  for (const [key, count] of all.flatMap((each) => Object.entries(each))) counts[key] = (counts[key] ?? 0) + count
  return counts
}

/** Events that were counted, without those that never happened. */
async function shown(exporter: ExporterProcess): Promise<Counts> {
  const all = series(await exporter.metrics(), 'kafka_ha_log_events_total') ?? {}
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0))
}

async function shows(exporter: ExporterProcess, expected: Counts): Promise<void> {
  let last: Counts = {}
  const isShown = async (): Promise<true | undefined> => {
    last = await shown(exporter)
    return JSON.stringify(Object.entries(last).sort()) === JSON.stringify(Object.entries(expected).sort()) || undefined
  }
  await eventually(isShown, 15_000).catch(() => undefined)
  expect(last).toEqual(expected)
}

const append = (path: string, lines: readonly string[]): void =>
  appendFileSync(path, lines.map((line) => `${line}\n`).join(''))

describe('the exporter beside a node', () => {
  it('counts what is written into its logs, from 0 on, and nothing twice over a kill and a rotation', async () => {
    const kafka = linesOf('kafka')
    const zookeeper = linesOf('zookeeper')
    const half = Math.floor(kafka.length / 2)
    writeFileSync(at('server.log'), 'what was written before\n')
    const flags = [
      `--logs.kafka=${at('server.log')}`,
      `--logs.zookeeper=${at('zookeeper*.log')}`,
      `--logs.positions=${at('positions.json')}`,
    ]
    const first = await started(flags)
    await eventually(async () => series(await first.metrics(), 'kafka_ha_log_events_total'))
    expect(await shown(first)).toEqual({})

    append(at('server.log'), kafka.slice(0, half))
    append(at('zookeeper-1.log'), zookeeper)
    const before = sum(counted(kafka.slice(0, half), 'kafka'), counted(zookeeper, 'zookeeper'))
    expect(Object.keys(before).length).toBeGreaterThan(5)
    await shows(first, before)
    // Positions follow the events by a look.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await first.kill()

    append(at('server.log'), kafka.slice(half, half + 5))
    renameSync(at('server.log'), at('server.log.1'))
    append(at('server.log'), kafka.slice(half + 5))
    const second = await started(flags)
    const rest = sum(counted(kafka.slice(half, half + 5), 'kafka'), counted(kafka.slice(half + 5), 'kafka'))
    await shows(second, rest)
    const text = await second.metrics()
    expect(series(text, 'kafka_ha_log_file_up')).toEqual({
      [`file=${at('server.log')}`]: 1,
      [`file=${at('zookeeper-1.log')}`]: 1,
    })
    expect(series(text, 'kafka_ha_log_file_lag_bytes')?.[`file=${at('server.log')}`]).toBe(0)
  })

  it('reads standard input, and what was there before where it is told to', async () => {
    const lines = linesOf('zookeeper')
    append(at('server.log'), linesOf('kafka'))
    const flags = ['--logs.zookeeper=-', `--logs.kafka=${at('server.log')}`, '--logs.from-start']
    const exporter = await started(flags, 'pipe')
    exporter.input?.write(`${lines.join('\n')}\n`)
    await shows(exporter, sum(counted(lines, 'zookeeper'), counted(linesOf('kafka'), 'kafka')))
    exporter.input?.end()
    await eventually(
      () => /msg="log file is not read" file=- reason="standard input has ended"/.exec(exporter.log())?.[0],
    )
    expect(series(await exporter.metrics(), 'kafka_ha_log_file_up')?.['file=-']).toBe(0)
    expect(exporter.isRunning()).toBe(true)
  })

  it('says in its log that a file is not there, and when it is', async () => {
    const exporter = await started([`--logs.kafka=${at('later/server.log')}`])
    const logs = (pattern: RegExp) => eventually(() => pattern.exec(exporter.log())?.[0])
    await logs(/level=warn msg="log file is not read" file=\S+later\/server\.log reason=.+/)
    expect(series(await exporter.metrics(), 'kafka_ha_log_file_up')).toEqual({
      [`file=${at('later/server.log')}`]: 0,
    })
  })

  it('ends in time, and well', async () => {
    const exporter = await started([`--logs.kafka=${at('server.log')}`, `--logs.positions=${at('positions.json')}`])
    await eventually(async () => series(await exporter.metrics(), 'kafka_ha_log_file_up'))
    await exporter.stop()
    expect(exporter.isRunning()).toBe(false)
    expect(exporter.log()).not.toContain('level=error')
  })
})
