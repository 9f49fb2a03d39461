import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readSmallFile, readText } from '../../src/config/read-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'read-'))
const at = (name: string) => join(directory, name)
afterAll(() => rmSync(directory, { recursive: true }))

it('reads regular files, through links too', () => {
  writeFileSync(at('a'), 'ä')
  symlinkSync(at('a'), at('link'))
  expect(readText(at('link'), readSmallFile)).toEqual({ text: 'ä' })
})

it('refuses what is none, without waiting for a writer', () => {
  execFileSync('mkfifo', [at('pipe')])
  expect(readText(at('pipe'), readSmallFile)).toEqual({
    wrong: `cannot read "${at('pipe')}": it is not a regular file`,
  })
  expect(readText(directory, readSmallFile)).toEqual({ wrong: `cannot read "${directory}": it is not a regular file` })
  expect(readText('/dev/zero', readSmallFile)).toEqual({ wrong: 'cannot read "/dev/zero": it is not a regular file' })
})

it('reads no more than decides that a file is too large', () => {
  writeFileSync(at('large'), Buffer.alloc(3_000_000))
  expect(readSmallFile(at('large'))).toHaveLength(1_048_577)
  expect(readText(at('large'), readSmallFile)).toEqual({ wrong: `"${at('large')}" is larger than 1 MiB` })
})
