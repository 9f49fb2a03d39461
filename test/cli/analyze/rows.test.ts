import { expect, it } from 'vitest'
import { Texts } from '../../../src/cli/analyze/rows.ts'

const rows = [
  ['nothing', ''],
  ['a line', 'Expiring session 0x1'],
  ['the longest message, of bytes that are no text', '\ufffd'.repeat(65_536)],
  ['characters of four bytes', '\u{1f512}'.repeat(32_768)],
] as const

it.each(rows)('texts come back as they were: %s', (_, text) => {
  const texts = new Texts()
  const references = ['before', text, 'between', text, 'after'].map((one) => texts.add(one))
  expect(references.map((one) => texts.at(one))).toEqual(['before', text, 'between', text, 'after'])
})
