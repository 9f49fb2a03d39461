import { describe, expect, it } from 'vitest'
import { EnsembleJournal } from '../../src/journal/ensemble.ts'
import type { EnsembleServer } from '../../src/model/ensemble.ts'
import { failed, type FailureReason } from '../../src/model/result.ts'
import { server } from '../support/synced-server.ts'
import { TestStore } from '../support/state.ts'

const away = (reason: FailureReason, detail: string): EnsembleServer => ({
  ...server('unreachable'),
  failure: failed(reason, detail).failure,
})

/** The lines of each look. */
function told(...looks: readonly EnsembleServer[]): readonly (readonly string[])[] {
  const store = new TestStore()
  const journal = new EnsembleJournal()
  return looks.map((look) => {
    const servers = new Map([['zk1:2181', look]])
    const { state } = store.tick(1_000).brings('zookeeper', { given: ['zk1:2181'], servers, memberships: new Map() })
    return journal.entries(state).map(({ level, message, fields }) => {
      return `${level}: ${message} ${Object.values(fields).join(' ')}`
    })
  })
}

describe('the journal of the ensemble', () => {
  it.each<[why: string, looks: EnsembleServer[], lines: string[][]]>([
    ['servers that answer are no news', [server('leader'), server('follower'), server('not_serving')], [[], [], []]],
    [
      'one that does not answer is, once for each reason, and so is that it is back',
      [away('tls', 'unknown authority'), away('tls', 'again'), away('refused', 'nobody there'), server('follower')],
      [
        ['warn: ZooKeeper server does not answer zk1:2181 tls unknown authority'],
        [],
        ['warn: ZooKeeper server does not answer zk1:2181 refused nobody there'],
        ['info: ZooKeeper server answers zk1:2181'],
      ],
    ],
    [
      'a dead host is told once, whatever its network says of it',
      [away('hung', 'a'), away('timeout', 'b'), away('no_route', 'c'), away('timeout', 'd'), away('refused', 'e')],
      [
        ['warn: ZooKeeper server does not answer zk1:2181 hung a'],
        [],
        [],
        [],
        ['warn: ZooKeeper server does not answer zk1:2181 refused e'],
      ],
    ],
  ])('%s', (_, looks, lines) => {
    expect(told(...looks)).toEqual(lines)
  })
})
