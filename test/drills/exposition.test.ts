import { describe, expect, it } from 'vitest'
import { parseExposition, parseSelector, seriesKey } from '../../testbed/drills/exposition.ts'

const UP = '# HELP up Whether it is up\n# TYPE up gauge\n'

describe('parseExposition', () => {
  it('reads labels, escapes and values', () => {
    const page = `${UP}up{b="2",a="x\\"y\\\\z\\n"} 1\nup -Inf\nup{c="é"} 1.5e-3\n`
    const { types, series } = parseExposition(page)
    expect(types.get('up')).toBe('gauge')
    const labelled = series.get(seriesKey('up', { a: 'x"y\\z\n', b: '2' }))
    expect(labelled).toEqual({ family: 'up', name: 'up', labels: { a: 'x"y\\z\n', b: '2' }, value: 1 })
    expect(series.get('up')?.value).toBe(-Infinity)
    expect(series.get(seriesKey('up', { c: 'é' }))?.value).toBe(0.0015)
  })

  it('gives the samples of a histogram to its family', () => {
    const page = '# TYPE took histogram\ntook_bucket{le="+Inf"} 2\ntook_sum 3\ntook_count 2\n'
    const { series } = parseExposition(page)
    expect([...series.values()].map(({ family }) => family)).toEqual(['took', 'took', 'took'])
  })

  it('accepts empty lines, other comments and a family without samples', () => {
    expect(parseExposition(`# anything\n\n${UP}`).series.size).toBe(0)
  })

  it.each([
    ['a last line that does not end', `${UP}up 1`],
    ['a sample without TYPE', 'up 1\n'],
    ['a sample of another family', `${UP}down 1\n`],
    ['a bare sample of a histogram', '# TYPE took histogram\ntook 1\n'],
    ['families that are interleaved', `${UP}# TYPE down gauge\ndown 1\nup 1\n`],
    ['a second TYPE', `${UP}# TYPE up gauge\n`],
    ['a second HELP', `${UP}# HELP up again\n`],
    ['an unknown TYPE', '# TYPE up thing\n'],
    ['a malformed name in TYPE', '# TYPE 1up gauge\n'],
    ['a malformed escape in HELP', '# HELP up a \\q\n# TYPE up gauge\n'],
    ['a series twice', `${UP}up{a="1",b="2"} 1\nup{b="2",a="1"} 1\n`],
    ['a label twice', `${UP}up{a="1",a="2"} 1\n`],
    ['an unquoted label value', `${UP}up{a=1} 1\n`],
    ['an unknown escape in a label value', `${UP}up{a="\\t"} 1\n`],
    ['a raw newline in a label value', `${UP}up{a="x\ny"} 1\n`],
    ['an unescaped quote in a label value', `${UP}up{a="x"y"} 1\n`],
    ['a brace that is not closed', `${UP}up{a="x" 1\n`],
    ['a label name with a dash', `${UP}up{a-b="x"} 1\n`],
    ['a metric name with a dot', `${UP}up.down 1\n`],
    ['no value', `${UP}up\n`],
    ['no blank before the value', `${UP}up{a="x"}1\n`],
    ['a value that is none', `${UP}up one\n`],
    ['a hexadecimal value', `${UP}up 0x10\n`],
    ['a timestamp', `${UP}up 1 1700000000000\n`],
    ['a carriage return', `${UP}up 1\r\n# TYPE x gauge\r\n`],
  ])('rejects %s', (_, page) => {
    expect(() => parseExposition(page)).toThrow(/^line \d+: /)
  })
})

describe('parseSelector', () => {
  it('takes a trailing comma, as Prometheus does', () => {
    expect(parseSelector('up{a="b",} 1')).toEqual({ name: 'up', labels: { a: 'b' }, rest: ' 1' })
  })
})
