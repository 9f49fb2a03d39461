import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createParser } from '../src/sources/logs/line-parser.ts'

// How long `analyze` takes for so much log text, and how much memory: real logs of a failover with times that go on, one
// file a process as on real nodes; between two failovers the lines that tell of nothing, again and again.
// Usage: bench:analyze [megabytes] [version/scenario] [rounds between failovers].
const megabytes = Number(process.argv[2] ?? 1000)
const scenario = process.argv[3] ?? '2.6.0/G'
const calm = Number(process.argv[4] ?? 100)
const fixtures = join(import.meta.dirname, '../test/fixtures/logs', scenario)
const main = join(import.meta.dirname, '../dist/main.js')
/** The recorded run takes about a minute. */
const roundMs = 120_000

const directory = await mkdtemp(join(tmpdir(), 'analyze-'))
try {
  const bytes = await write(directory, megabytes * 1e6)
  for (const format of ['text', 'html']) {
    const begun = performance.now()
    const { code, peakKb } = await run([
      'analyze',
      `--format=${format}`,
      `--output=${join(directory, format)}`,
      directory,
    ])
    const seconds = (performance.now() - begun) / 1000
    const rate = bytes / 1e6 / seconds
    console.log(
      `${format}: ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s (${rate.toFixed(0)} MB/s, ${(100 / rate).toFixed(1)} s per 100 MB), peak ${(peakKb / 1024).toFixed(0)} MB, exit ${code}`,
    )
  }
} finally {
  await rm(directory, { recursive: true })
}

async function write(to: string, total: number): Promise<number> {
  const names = (await readdir(fixtures)).filter((name) => name.endsWith('.log.gz'))
  const texts = await Promise.all(
    names.map(async (name) => gunzipSync(await readFile(join(fixtures, name))).toString()),
  )
  const quiet = texts.map(withoutEvents)
  const rounds = Math.ceil(total / quiet.reduce((sum, text) => sum + text.length, 0))
  let bytes = 0
  for (const [index, text] of texts.entries()) {
    const file = createWriteStream(join(to, (names[index] ?? '').replace('.gz', '')))
    for (let round = 0; round < rounds; round++) {
      const later = (round % calm === 0 ? text : (quiet[index] ?? '')).replace(
        /^\[(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),/gm,
        (_, day: string, time: string) => {
          const at = new Date(Date.parse(`${day}T${time}Z`) + round * roundMs).toISOString()
          return `[${at.slice(0, 10)} ${at.slice(11, 19)},`
        },
      )
      bytes += Buffer.byteLength(later)
      if (!file.write(later)) await once(file, 'drain')
    }
    file.end()
    await once(file, 'finish')
  }
  return bytes
}

/** The lines that are no events, nor stack traces. */
function withoutEvents(text: string): string {
  const told = new Set<number>()
  const parser = createParser({ file: 'bench', component: 'kafka', timeZone: 'UTC', noise: true })
  const sink = { line: () => undefined, event: ({ line }: { line: number }) => void told.add(line) }
  parser.take(text, sink)
  parser.flush(sink)
  const lines = text.split('\n').filter((line, index) => !told.has(index + 1) && line.startsWith('['))
  return `${lines.join('\n')}\n`
}

async function run(argv: readonly string[]): Promise<{ code: number | null; peakKb: number }> {
  const child = spawn(process.execPath, [main, ...argv], { stdio: ['ignore', 'inherit', 'inherit'] })
  let peakKb = 0
  const watch = setInterval(() => {
    readFile(`/proc/${child.pid ?? 0}/status`, 'utf8')
      .then((status) => (peakKb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? peakKb)))
      .catch(() => undefined)
  }, 100)
  const [code] = (await once(child, 'exit')) as [number | null]
  clearInterval(watch)
  return { code, peakKb }
}
