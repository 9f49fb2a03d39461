import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseCons } from '../../../src/sources/zookeeper/parse-cons.ts'

const recorded = (name: string): string =>
  readFileSync(new URL(`../../fixtures/zookeeper-3.8/quorum-all/4lw-${name}-cons.txt`, import.meta.url), 'utf8')

const sessions = (text: string) => {
  const result = parseCons(text)
  return result.ok ? [...result.value] : result.failure.reason
}

describe('cons', () => {
  it('lists sessions with their timeouts; the connection of the word itself has none', () => {
    expect(sessions(recorded('leader'))).toEqual([['0x300001905be0000', 4_000]])
    expect(sessions(recorded('follower'))).toEqual([['0x100001905f70000', 4_000]])
  })

  it.each([
    ['nobody', '\n', []],
    [
      'IPv6',
      ' /[0:0:0:0:0:0:0:1]:41316[1](queued=0,recved=3,sent=3,sid=0x1,lop=PING,to=6000,lzxid=0x1)\n',
      [['0x1', 6_000]],
    ],
    ['no session yet', ' /127.0.0.1:1[1](queued=0,recved=1,sent=0,sid=0x0,lop=NA,to=0)\n', []],
    ['no timeout told', ' /127.0.0.1:1[1](queued=0,recved=1,sent=0,sid=0xA)\n', [['0xa', undefined]]],
    ['a timeout of a year', ' /127.0.0.1:1[1](queued=0,sid=0xa,to=9999999999)\n', [['0xa', undefined]]],
    ['cut off', ' /127.0.0.1:1[1](queued=0,recved=1,sent=0,sid=0xA', 'protocol'],
    ['another answer', 'This ZooKeeper instance is not currently serving requests\n', 'protocol'],
  ])('%s', (_, text, expected) => expect(sessions(text)).toEqual(expected))
})
