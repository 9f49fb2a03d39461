import { openSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { lineOf } from './lines.ts'
import { styles } from './styles.ts'

// A process of its own: writer.ts PATH STYLE LINES_PER_SECOND SECONDS ROTATE_EVERY_MS
const [path = '', style = '', rate = '', seconds = '', rotateEvery = ''] = process.argv.slice(2)
const rotate = styles[style]
if (rotate === undefined) throw new Error(`no style ${style}`)

const started = performance.now()
let fd = openSync(path, 'a')
let written = 0
let paused = 0

function catchUp(): void {
  const due = Math.floor(((performance.now() - started - paused) / 1000) * Number(rate))
  let text = ''
  for (; written < due; written++) text += `${lineOf(written)}\n`
  const bytes = Buffer.from(text)
  // As a buffered writer does: flushed in the middle of a line, and of a character.
  const middle = Math.floor(bytes.length / 2)
  if (middle > 0) writeAll(bytes.subarray(0, middle))
  writeAll(bytes.subarray(middle))
}

function writeAll(bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at)
}

async function writeOn(ms: number): Promise<void> {
  const end = performance.now() + ms
  while (performance.now() < end) {
    await sleep(5)
    catchUp()
  }
}

async function pause(ms: number): Promise<void> {
  await sleep(ms)
  paused += ms
}

for (let turn = 1; performance.now() - started < Number(seconds) * 1000; turn++) {
  await writeOn(Number(rotateEvery))
  fd = await rotate({ path, turn, fd, writeOn, pause })
}
await writeOn(50)
process.stdout.write(`${written}\n`)
