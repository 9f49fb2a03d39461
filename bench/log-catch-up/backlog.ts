import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const fixtures = new URL('../../test/fixtures/logs/3.9.1/', import.meta.url)

/** Recorded logs of real brokers, over and over, until there are so many bytes. */
export function writeBacklog(path: string, bytes: number): void {
  const block = Buffer.concat(
    readdirSync(fixtures).flatMap((scenario) =>
      readdirSync(new URL(`${scenario}/`, fixtures))
        .filter((name) => name.startsWith('kafka') && name.endsWith('.log.gz'))
        .map((name) => gunzipSync(readFileSync(new URL(`${scenario}/${name}`, fixtures)))),
    ),
  )
  if (block.length === 0) throw new Error('there are no recorded logs')
  const fd = openSync(path, 'w')
  for (let written = 0; written < bytes;) written += writeSync(fd, block)
  closeSync(fd)
}
