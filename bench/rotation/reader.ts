import { closeSync, openSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../src/model/instant.ts'
import { createFollower } from '../../src/sources/logs/create-follower.ts'

// A process of its own: reader.ts PATTERN RECEIVED POSITIONS; ends at SIGTERM and tells the files' counts.
const [pattern = '', received = '', positions = ''] = process.argv.slice(2)
const out = openSync(received, 'a')
const follower = createFollower({
  patterns: [{ pattern, component: 'kafka' }],
  positions,
  fromStart: true,
  clock: systemClock,
  notes: {
    // The log comes later than its reader.
    failed: (path, { reason, detail }) => reason === 'refused' || console.error(`failed ${path} ${detail}`),
    warn: (message, fields) => console.error(`warn ${message} ${JSON.stringify(fields)}`),
  },
})
const sink = {
  lines: (_: unknown, text: string) => void writeSync(out, text),
  quiet: () => undefined,
  ended: () => undefined,
}
const ending = new AbortController()
process.on('SIGTERM', () => ending.abort())
process.stdout.write('reading\n')
while (!ending.signal.aborted) {
  while (await follower.read(16 * 1024 * 1024, AbortSignal.timeout(10_000), sink)) continue
  await follower.committed(new Set())
  await sleep(100)
}
await follower.close()
closeSync(out)
process.stdout.write(`${JSON.stringify(follower.files())}\n`)
