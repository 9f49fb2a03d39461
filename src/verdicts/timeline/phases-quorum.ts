import { type Add, isAt, type Scene } from './scene.ts'

const controllers: ReadonlySet<string> = new Set(['kafka_controller_elected', 'kraft_controller_active'])
export const quorumTells: readonly string[] = [...controllers]

/** The quorum that was lost in an incident's time, its new leader, and Kafka's new controller. */
export function addQuorum({ gaps, isMine, events, group, until }: Scene, add: Add): void {
  for (const gap of gaps) {
    if (!isMine(gap.from)) continue
    const begun = events.find((event) => event.at >= gap.from && gap.proof.some((p) => isAt(event, p.file, p.line)))
    const ended = events.find((event) => event.at === gap.until && gap.proof.some((p) => isAt(event, p.file, p.line)))
    const name = gap.system === 'kraft' ? 'KRaft' : 'ZooKeeper'
    if (gap.kind === 'lost' && begun !== undefined) {
      add(`${name} quorum lost`, {
        text:
          gap.seenBy === undefined
            ? `${name} had no majority and served nobody`
            : `${name} had no majority, as member ${gap.seenBy} saw it`,
        events: [begun],
      })
    }
    if (gap.system === 'zookeeper' && ended !== undefined) {
      const who = ended.fields.self
      add('ZooKeeper leader elected', {
        text: `ZooKeeper had a leader again${who === undefined ? '' : `, as server ${who} writes`}`,
        events: [ended],
      })
    }
  }
  const elected = events.find(
    ({ event, at }) => controllers.has(event) && at >= group.from && at <= until && isMine(at),
  )
  const id = elected?.fields.self
  const epoch = elected?.fields.epoch
  add(
    'controller elected',
    elected && {
      text: `${id === undefined ? 'another broker' : `node ${id}`} became the controller${epoch === undefined ? '' : `, epoch ${epoch}`}`,
      events: [elected],
    },
  )
}
