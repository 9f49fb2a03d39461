import { sameInts } from '../../model/int-lists.ts'
import type { Layout, Partitions } from '../../model/topology.ts'
import type { ApiVersions, Call } from './api.ts'
import { encodeListOffsets, listOffsetsVersion, type earliest, type latest, type ToldOffsets } from './list-offsets.ts'

/** Above this many partitions a broker's question is split, so that no reply keeps the loop busy for long. */
const rowsPerRequest = 50_000
/** No cluster has more brokers; a hostile reply may name a leader of its own for every partition. */
const mostLeaders = 10_000

/** What one leader is asked in one request; encoded when it is first asked, and kept for the next time. */
export class OffsetsQuestion {
  readonly leader: number
  readonly #layout: Layout
  readonly #rows: Int32Array
  readonly #calls = new Map<string, Call<ToldOffsets>>()

  constructor(leader: number, layout: Layout, rows: Int32Array) {
    this.leader = leader
    this.#layout = layout
    this.#rows = rows
  }

  /** undefined: the broker speaks no version from v1 to v6. */
  call(versions: ApiVersions, timestamp: typeof latest | typeof earliest): Call<ToldOffsets> | undefined {
    const version = listOffsetsVersion(versions)
    if (version === undefined) return undefined
    const key = `${version} ${timestamp}`
    const call = this.#calls.get(key) ?? encodeListOffsets(version, this.#layout, this.#rows, timestamp)
    this.#calls.set(key, call)
    return call
  }
}

/** Every question to every leader, and the columns that they come from. */
export interface OffsetsQuestions {
  readonly layout: Layout
  readonly leader: Int32Array
  readonly questions: readonly OffsetsQuestion[]
}

/** The last ones as long as no leader moved: most looks ask what the one before asked. */
export function offsetsQuestions(
  last: OffsetsQuestions | undefined,
  { layout, leader }: Pick<Partitions, 'layout' | 'leader'>,
): OffsetsQuestions {
  if (last?.layout === layout && sameInts(last.leader, leader)) return last
  const questions = [...rowsByLeader(leader)].flatMap(([id, rows]) =>
    Array.from({ length: Math.ceil(rows.length / rowsPerRequest) }, (_, i) => {
      return new OffsetsQuestion(id, layout, rows.subarray(i * rowsPerRequest, (i + 1) * rowsPerRequest))
    }),
  )
  return { layout, leader, questions }
}

function rowsByLeader(leader: Int32Array): ReadonlyMap<number, Int32Array> {
  const counts = new Map<number, number>()
  for (const id of leader) if (id >= 0) counts.set(id, (counts.get(id) ?? 0) + 1)
  const lists = new Map(
    [...counts].slice(0, mostLeaders).map(([id, count]) => [id, { rows: new Int32Array(count), length: 0 }]),
  )
  for (let row = 0; row < leader.length; row++) {
    const list = lists.get(leader[row] ?? -1)
    if (list !== undefined) list.rows[list.length++] = row
  }
  return new Map([...lists].map(([id, { rows }]) => [id, rows]))
}
