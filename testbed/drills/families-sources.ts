/** The sources' own health. What they cost is not compared, only that it is told. */
import { ANY, type Range, type Wanted, type WantedValue } from './compare.ts'
import { controllerUp } from './families-cluster.ts'
import type { Table } from './expected.ts'
import type { Picture } from './picture.ts'

interface SourceFacts {
  readonly maxAgeS: number
  /** Calm pace and deadline, rounded up: a source that works has brought something within it. */
  readonly slowestLookS: number
  /** Whether a look now can bring anything. */
  readonly works: (picture: Picture) => 'yes' | 'no' | 'perhaps'
}

const anyUp = ({ down, addresses }: Picture): boolean => down.size < addresses.size

/** It looks seldom, so that its newest look may be older than an outage; and without a ZooKeeper half of it fails. */
function configsWork(picture: Picture): 'yes' | 'perhaps' {
  return anyUp(picture) && picture.coordinated === true ? 'yes' : 'perhaps'
}

function controllerAnswers(picture: Picture): 'yes' | 'no' | 'perhaps' {
  if (!anyUp(picture)) return 'no'
  // It looks seldom: after a failover its newest look may still be that of the old controller.
  return picture.down.size === 0 && picture.coordinated === true && controllerUp(picture).includes(1)
    ? 'yes'
    : 'perhaps'
}

const whileAnyAnswers = (picture: Picture): 'yes' | 'no' => (anyUp(picture) ? 'yes' : 'no')

/** A dead ensemble is told as such, which is something; or it is nothing: the contract allows both readings. */
const whileAnyServerAnswers = ({ ensemble }: Picture): 'yes' | 'perhaps' =>
  ensemble !== undefined && ensemble.said.size > 0 ? 'yes' : 'perhaps'

const whileCoordinated = ({ coordinated }: Picture): 'yes' | 'perhaps' => (coordinated === true ? 'yes' : 'perhaps')

const SOURCES: Readonly<Record<string, SourceFacts>> = {
  liveness: { maxAgeS: 5, slowestLookS: 10, works: () => 'yes' },
  topology: { maxAgeS: 15, slowestLookS: 10, works: whileAnyAnswers },
  offsets: { maxAgeS: 15, slowestLookS: 10, works: whileAnyAnswers },
  reassignments: { maxAgeS: 90, slowestLookS: 40, works: controllerAnswers },
  configs: { maxAgeS: 900, slowestLookS: 320, works: configsWork },
  logs: { maxAgeS: 15, slowestLookS: 6, works: () => 'yes' },
}

/** With ZooKeeper it has nothing to look at. */
const quorumAnswers = (picture: Picture): 'yes' | 'perhaps' => {
  return anyUp(picture) && (picture.voters === undefined || picture.coordinated === true) ? 'yes' : 'perhaps'
}

const KRAFT_SOURCES: Readonly<Record<string, SourceFacts>> = {
  quorum: { maxAgeS: 15, slowestLookS: 10, works: quorumAnswers },
  elr: { maxAgeS: 15, slowestLookS: 10, works: whileAnyAnswers },
}

const ZOOKEEPER_SOURCES: Readonly<Record<string, SourceFacts>> = {
  zookeeper: { maxAgeS: 15, slowestLookS: 10, works: whileAnyServerAnswers },
  sessions: { maxAgeS: 15, slowestLookS: 10, works: whileCoordinated },
  znodes: { maxAgeS: 15, slowestLookS: 10, works: whileCoordinated },
}

function sourcesOf({ ensemble }: Picture): readonly (readonly [string, SourceFacts])[] {
  return Object.entries({
    ...SOURCES,
    ...KRAFT_SOURCES,
    ...(ensemble === undefined ? {} : ZOOKEEPER_SOURCES),
  })
}

function eachSource(value: (facts: SourceFacts, picture: Picture) => WantedValue): Table[string] {
  return (picture) =>
    sourcesOf(picture).map(([source, facts]) => ({ labels: { source }, value: value(facts, picture) }))
}

/** Before the first look 0, as for one that brought nothing. */
function up({ works }: SourceFacts, picture: Picture): WantedValue {
  const answer = works(picture)
  // Until a broker has answered nothing but the liveness can have been looked at, and that only when it was its turn.
  if (picture.view === undefined) return [0, 1]
  return answer === 'perhaps' ? [0, 1] : answer === 'yes' ? 1 : 0
}

/** A source that works has looked a moment ago; one that does not shows when it last did, and 0 if it never did. */
function lastSuccess({ works, slowestLookS }: SourceFacts, picture: Picture): WantedValue {
  const { from, to } = picture.window
  const sometime: Range = { from, to }
  if (picture.view === undefined) return [0, sometime]
  switch (works(picture)) {
    case 'yes':
      return { from: Math.max(from, to - slowestLookS), to }
    case 'no':
      return sometime
    case 'perhaps':
      return [0, sometime]
  }
}

/** No drill has so many partitions or topics that any are left out. */
const nothingOmitted = (): readonly Wanted[] => [{ labels: { family: ANY }, value: 0, many: true }]

export const sourceFamilies: Table = {
  kafka_ha_source_up: eachSource(up),
  kafka_ha_source_last_success_timestamp_seconds: eachSource(lastSuccess),
  kafka_ha_source_duration_seconds: (picture) =>
    sourcesOf(picture).map(([source, { works }]) => ({
      labels: { source },
      value: { from: 0, to: 12 },
      // Of a look: none, no duration.
      optional: picture.view === undefined || works(picture) !== 'yes',
    })),
  kafka_ha_source_max_age_seconds: eachSource(({ maxAgeS }) => maxAgeS),
  kafka_ha_series_omitted: nothingOmitted,
}
