import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { logfmt } from '../src/log.ts'

const line = (fields: object): string => logfmt(JSON.stringify({ level: 'warn', time: 'T', ...fields, msg: 'm' }))

describe('a logfmt line', () => {
  it('is time, level and message, then the fields as they came', () => {
    expect(
      logfmt('{"level":"info","time":"2026-01-02T03:04:05.678Z","b":1,"a":"x","msg":"the cluster answers"}\n'),
    ).toBe('time=2026-01-02T03:04:05.678Z level=info msg="the cluster answers" b=1 a=x\n')
  })

  it.each<[why: string, value: unknown, expected: string]>([
    ['plain', 'kafka1:9092', 'kafka1:9092'],
    ['an address in brackets', '[fe80::1]:9092', '[fe80::1]:9092'],
    ['unicode', 'ä€😀', 'ä€😀'],
    ['a number', 17, '17'],
    ['a boolean', true, 'true'],
    ['nothing', '', '""'],
    ['null', null, 'null'],
    ['a list', [1, 'a'], '"[1,\\"a\\"]"'],
    ['a blank', 'a b', '"a b"'],
    ['what looks like another field', 'a level=error', '"a level=error"'],
    ['an equals sign', 'a=b', '"a=b"'],
    ['quotes', 'a"b', '"a\\"b"'],
    ['a backslash', 'a\\b', '"a\\\\b"'],
    ['a newline', 'a\nlevel=error msg=forged', '"a\\nlevel=error msg=forged"'],
    ['a carriage return', 'a\rb', '"a\\rb"'],
    ['an escape sequence of terminals', 'a\u001b[2Jb', '"a\\u001b[2Jb"'],
    ['the same in one character', 'a\u009b2Jb', '"a\\u009b2Jb"'],
    ['the delete character', 'a\u007fb', '"a\\u007fb"'],
    ['a next-line character', 'a\u0085b', '"a\\u0085b"'],
    ['a line separator', 'a\u2028b', '"a\\u2028b"'],
    ['a change of direction', 'a\u202eb', '"a\\u202eb"'],
    ['an invisible tag', 'a\u{e0041}b', '"a\\udb40\\udc41b"'],
    ['a null character', 'a\u0000b', '"a\\u0000b"'],
  ])('%s', (_, value, expected) => {
    expect(line({ detail: value })).toBe(`time=T level=warn msg=m detail=${expected}\n`)
  })

  it('is one line whatever is in it, and nothing in it is a control character', () => {
    const everything = Array.from({ length: 0x3000 }, (_, i) => String.fromCharCode(i)).join('')
    const text = line({ detail: everything })
    expect(text.split(/[\n\r\u0085\u2028\u2029]/u)).toEqual([expect.any(String), ''])
    expect(/[\p{Cc}\p{Cf}]/u.test(text.slice(0, -1))).toBe(false)
    expect(JSON.parse(text.slice(text.indexOf('detail=') + 7))).toBe(everything)
  })
})

describe('createLogger', () => {
  /** In a process of its own: it writes to standard error itself. */
  function written(options: string): readonly string[] {
    const log = fileURLToPath(new URL('../src/log.ts', import.meta.url))
    const script = `import { createLogger } from ${JSON.stringify(log)}
      const logger = createLogger(${options})
      logger.debug('unseen')
      logger.warn({ detail: 'a\\nb' }, 'look here')
      process.exit(0)`
    const child = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    return child.stderr.split('\n')
  }

  it.each([
    ["{ level: 'info', format: 'logfmt' }", /^time=\d{4}-\d\d-\d\dT\S+Z level=warn msg="look here" detail="a\\nb"$/],
    [
      "{ level: 'info', format: 'json' }",
      /^\{"level":"warn","time":"\d{4}-\d\d-\d\dT[^"]+Z","detail":"a\\nb","msg":"look here"\}$/,
    ],
  ])('%s writes at once, one line an entry', (options, expected) => {
    expect(written(options)).toEqual([expect.stringMatching(expected), ''])
  })
})
