/** What has to hold at every scrape of every drill as to coordinators and sessions. */
import type { Moment } from '../moment.ts'
import type { Rule } from '../rules.ts'
import { isUnitDead, type UnitState } from '../truth.ts'
import { majorityOf } from './ensemble.ts'
import { quorumsOf, type QuorumTruth } from './quorums.ts'

const QUORUM = 'kafka_ha_quorum_available'

/** Whether too few are left when those in these states are gone. */
function lostBy({ truth: { ensemble, zookeepers } }: Moment, ...gone: readonly UnitState[]): boolean {
  if (ensemble === undefined) return false
  const left = [...zookeepers.values()].filter((state) => !gone.includes(state)).length
  return left < majorityOf(ensemble.addresses.size)
}

function availableIs(wanted: number, ofWhich: (quorum: QuorumTruth) => boolean): Rule['wrong'] {
  return ({ truth, metrics }) => {
    const wrong = quorumsOf(truth).filter(({ kind }) => metrics?.value(QUORUM, { kind }) !== wanted)
    const lines = wrong.filter(ofWhich).map(({ kind }) => `${kind}: ${metrics?.value(QUORUM, { kind }) ?? 'absent'}`)
    return lines.length === 0 ? undefined : lines.join(', ')
  }
}

/** By what was done to controllers that the exporter knows. */
function controllersLost({ truth: { voters, voterStates } }: Moment): boolean {
  if (voters?.given !== true) return false
  const left = [...voterStates.values()].filter((state) => !isUnitDead(state)).length
  return left < majorityOf(voterStates.size)
}

const isKraft = ({ kind }: QuorumTruth): boolean => kind === 'kraft'
const isZookeeper = ({ kind }: QuorumTruth): boolean => kind === 'zookeeper'

function margins({ truth, metrics }: Moment): string | undefined {
  for (const { kind } of quorumsOf(truth)) {
    const value = (name: string): number | undefined => metrics?.value(`kafka_ha_quorum_${name}`, { kind })
    const [serving, majority, margin] = [value('serving_voters'), value('majority'), value('failure_margin')]
    if (serving === undefined || majority === undefined || margin === serving - majority) continue
    return `${kind}: margin ${margin ?? 'absent'}, ${serving} serving, majority ${majority}`
  }
  return undefined
}

function oneState({ truth, metrics }: Moment): string | undefined {
  for (const server of truth.ensemble?.addresses.values() ?? []) {
    const states = metrics?.all('kafka_ha_zookeeper_server_state', { server }) ?? []
    const now = states.filter(({ value }) => value === 1).length
    if (states.length > 0 && (states.length !== 8 || now !== 1))
      return `${server}: ${states.length} states, ${now} at 1`
  }
  return undefined
}

function expiryShown({ metrics }: Moment): string | undefined {
  const shown = metrics?.all('kafka_ha_broker_session_expiry_timestamp_seconds', { basis: 'dump' }) ?? []
  return shown.length === 0 ? undefined : `${shown.length} expiry times`
}

/** What a unit that comes back may need until it votes again. */
const BACK_MS = 15_000

/** An election, or one voter less, is no lost quorum: 0 is wrong while a majority has been there all the time. */
function neverLostInBetween(
  kind: QuorumTruth['kind'],
  statesOf: (moment: Moment) => ReadonlyMap<number, UnitState>,
): Rule {
  let unsureUntil = BACK_MS
  return {
    name: `never a lost quorum of ${kind} while a majority of its voters is there, whoever else has gone (0 s)`,
    graceS: 0,
    when: (moment) => {
      const states = [...statesOf(moment).values()]
      const up = states.filter((state) => state === 'up').length
      const isComing = states.some((state) => state !== 'up' && !isUnitDead(state))
      if (isComing || up < majorityOf(states.length)) unsureUntil = moment.at + BACK_MS
      return states.length > 0 && moment.at > unsureUntil
    },
    wrong: ({ metrics }) => (metrics?.value(QUORUM, { kind }) === 0 ? 'available 0' : undefined),
  }
}

/** Made anew for each drill: one of them remembers. */
export const coordinatorRules = (): readonly Rule[] => [
  {
    name: 'never a quorum while a majority of ZooKeeper servers has died (2 s)',
    graceS: 2,
    when: (moment) => lostBy(moment, 'stopped'),
    wrong: availableIs(0, isZookeeper),
  },
  {
    name: 'never a quorum while a majority of ZooKeeper servers has died, is paused or cut off (8 s)',
    graceS: 8,
    when: (moment) => lostBy(moment, 'stopped', 'paused', 'cut'),
    wrong: availableIs(0, isZookeeper),
  },
  {
    name: 'never a quorum while a majority of controllers has died, is paused or cut off (8 s)',
    graceS: 8,
    when: controllersLost,
    wrong: availableIs(0, isKraft),
  },
  {
    name: 'no false alarm: a quorum while its members say so (6 s)',
    graceS: 6,
    when: ({ truth }) => quorumsOf(truth).some(({ available }) => available === true),
    wrong: availableIs(1, ({ available }) => available === true),
  },
  neverLostInBetween('zookeeper', ({ truth }) => (truth.ensemble === undefined ? new Map() : truth.zookeepers)),
  neverLostInBetween('kraft', ({ truth }) => truth.voterStates),
  { name: 'margin = serving voters - majority', graceS: 0, when: () => true, wrong: margins },
  {
    name: 'every ZooKeeper server is in exactly one state',
    graceS: 0,
    when: ({ truth }) => truth.ensemble !== undefined,
    wrong: oneState,
  },
  {
    name: 'no session is announced to expire while nobody leads (8 s)',
    graceS: 8,
    when: ({ truth }) => quorumsOf(truth).some(({ available }) => available === false),
    wrong: expiryShown,
  },
]
