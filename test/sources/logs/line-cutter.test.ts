import { describe, expect, test } from 'vitest'
import { LineCutter, longestLine } from '../../../src/sources/logs/line-cutter.ts'
import { Prng, seeds } from '../../support/prng.ts'

const start = { offset: 0, isInCutLine: false }

function cut(chunks: readonly Buffer[], cutter = new LineCutter(start)): readonly string[] {
  const given: string[] = []
  for (const chunk of chunks) cutter.take(chunk, (text) => given.push(text))
  return given
}

/** As a reader gets them: in pieces of any size. */
function pieces(bytes: Buffer, random: Prng): readonly Buffer[] {
  const cuts: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + 1 + random.below(random.chance(0.2) ? 100_000 : 40))
    cuts.push(bytes.subarray(at, end))
    at = end
  }
  return cuts
}

describe('lines', () => {
  test('come whole, however the bytes were cut', () => {
    const text = 'Übergabe an 控制器 🦓\r\n\nключ\n'.repeat(50)
    for (const seed of seeds) {
      expect(cut(pieces(Buffer.from(text), new Prng(seed))).join(''), `seed ${seed}`).toBe(text)
    }
  })

  test('a half line waits and is given out when it is flushed, once', () => {
    const cutter = new LineCutter(start)
    expect(cut([Buffer.from('one\nhal')], cutter)).toEqual(['one\n'])
    const given: string[] = []
    cutter.flush((text) => given.push(text))
    cutter.flush((text) => given.push(text))
    expect(given).toEqual(['hal\n'])
  })

  test('of 64 KiB are whole, longer ones are cut and counted', () => {
    const cutter = new LineCutter(start)
    const whole = 'a'.repeat(longestLine)
    expect(cut([Buffer.from(`${whole}\n${whole}b\nc\n`)], cutter)).toEqual([`${whole}\n`, `${whole}\n`, 'c\n'])
    expect(cutter.cutLines).toBe(1)
  })

  test('a cut line ends with a whole character', () => {
    const given = cut([Buffer.from(`a${'控'.repeat(longestLine)}\nnext\n`)])
    expect(given.join('')).toBe(`a${'控'.repeat((longestLine - 1) / 3)}\nnext\n`)
  })

  test('NULs are dropped, and a hole does not make a line too long', () => {
    const cutter = new LineCutter(start)
    const hole = Buffer.alloc(3 * longestLine)
    expect(cut([Buffer.from('hal'), hole, hole, Buffer.from('f\0\nnext\n')], cutter).join('')).toBe('half\nnext\n')
    expect(cutter.cutLines).toBe(0)
  })

  test('bytes that are not UTF-8 are replaced, within their line', () => {
    expect(cut([Buffer.from([0x61, 0xff, 0xc3, 0x0a, 0x62, 0x0a])]).join('')).toBe('a\ufffd\ufffd\nb\n')
  })
})

describe('marks', () => {
  test('whoever goes on at one reads the same lines as whoever was never interrupted', () => {
    for (const seed of seeds.slice(0, 8)) {
      const random = new Prng(seed)
      const bytes = hostile(random)
      const whole = cut([bytes]).join('')
      const cutter = new LineCutter(start)
      let given = ''
      for (const chunk of pieces(bytes, random)) {
        cutter.take(chunk, (text) => (given += text))
        const resumed = new LineCutter(cutter.given)
        expect(given + cut([bytes.subarray(cutter.given.offset)], resumed).join(''), `seed ${seed}`).toBe(whole)
        const lines = given.split('\n')
        const again = cut([bytes.subarray(cutter.lastLine.offset)], new LineCutter(cutter.lastLine)).join('')
        if (given !== '')
          expect(
            lines
              .slice(0, -2)
              .map((line) => `${line}\n`)
              .join('') + again,
          ).toBe(whole)
      }
      expect(cutter.offset).toBe(bytes.length)
    }
  })
})

/** Lines of any length, some too long, with holes and bytes that are no UTF-8; it ends within a line. */
function hostile(random: Prng): Buffer {
  const parts = Array.from({ length: 6 }, () => {
    const length = random.chance(0.2) ? longestLine + random.below(100_000) : random.below(200)
    const fill = random.chance(0.2) ? '\0' : random.chance(0.2) ? 'ä' : 'x'
    return Buffer.concat([Buffer.alloc(length, fill), Buffer.from(random.chance(0.1) ? [0xff, 0x0a] : [0x0a])])
  })
  return Buffer.concat([...parts, Buffer.from('the rest')])
}
