import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/model/instant.ts'
import { createFollower } from '../src/sources/logs/create-follower.ts'
import { lineOf } from './rotation/lines.ts'

// How fast a file is read and cut into lines, nothing done with them, and what it takes to find that nothing is new.
const megabytes = 512
const directory = mkdtempSync(join(tmpdir(), 'log-reading-'))
try {
  const log = join(directory, 'server.log')
  const ascii =
    '[2024-02-23 07:47:50,147] INFO [ReplicaFetcherManager on broker 3] Removed fetcher for partitions (kafka)\n'
  await read('ASCII lines', ascii.repeat(10_000), log)
  await read('mixed UTF-8', Array.from({ length: 10_000 }, (_, i) => `${lineOf(i)}\n`).join(''), log)
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function read(name: string, block: string, log: string): Promise<void> {
  writeFileSync(log, '')
  const times = Math.ceil((megabytes * 1e6) / Buffer.byteLength(block))
  for (let i = 0; i < times; i++) appendFileSync(log, block)
  const follower = createFollower({
    patterns: [{ pattern: log, component: 'kafka' }],
    positions: undefined,
    fromStart: true,
    clock: systemClock,
    notes: { failed: () => undefined, warn: () => undefined },
  })
  let characters = 0
  const sink = {
    lines: (_: unknown, text: string) => void (characters += text.length),
    quiet: () => undefined,
    ended: () => undefined,
  }
  const { signal } = new AbortController()
  const [cpu, started] = [process.cpuUsage(), performance.now()]
  while (await follower.read(16 * 1024 * 1024, signal, sink)) continue
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const idle = performance.now()
  for (let i = 0; i < 2_000; i++) await follower.read(1_000_000, signal, sink)
  const lookMs = (performance.now() - idle) / 2_000
  await follower.close()
  const [file] = follower.files()
  const read = (file?.bytes ?? 0) / 1e6
  console.log(
    `${name}: ${Math.round(read / seconds)} MB/s, ${((user + system) / 1e3 / read).toFixed(2)} ms of CPU a MB ` +
      `(${characters} characters); a look that finds nothing new ${lookMs.toFixed(3)} ms`,
  )
}
