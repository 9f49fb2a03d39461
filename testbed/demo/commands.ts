import { nearest } from '../../src/config/text.ts'
import type { Role, Unit } from '../types.ts'
import { membersOf, rolesOf } from '../units.ts'

export const ACTS = ['kill', 'stop', 'start', 'pause', 'resume'] as const
export type Act = (typeof ACTS)[number]

export type Command =
  | { readonly kind: 'act'; readonly act: Act; readonly unit: Unit; readonly text: string }
  | { readonly kind: 'wait'; readonly seconds: number; readonly text: string }
  | { readonly kind: 'status' | 'help' | 'quit' }

export const NODES = 3
const WORDS: readonly string[] = [...ACTS, 'wait', 'status', 'help', 'quit']
const LONGEST_WAIT_S = 3_600
const USUAL_ROLES = rolesOf('zookeeper')

/** `kill kafka1`, `wait 20`, `status`. Undefined for an empty line. Throws, with the nearest known word, on anything else. */
export function parseCommand(line: string, roles: readonly Role[] = USUAL_ROLES): Command | undefined {
  const text = line.trim().replaceAll(/\s+/g, ' ')
  const [word = '', argument, ...rest] = text.split(' ')
  if (word === '') return undefined
  if (rest.length > 0) throw new Error(`${text}: too many words`)
  if (word === 'cut' || word === 'heal') {
    throw new Error(
      `${text}: this demo has no network to cut; "npm run drill" has. pause ${argument ?? 'node1'} is the nearest here`,
    )
  }
  if (word === 'wait') return { kind: 'wait', seconds: secondsOf(text, argument), text }
  const act = ACTS.find((one) => one === word)
  if (act !== undefined) return { kind: 'act', act, unit: unitOf(text, argument, roles), text }
  if (word !== 'status' && word !== 'help' && word !== 'quit') {
    throw new Error(`${text}: no command ${word}; ${didYouMean(word, WORDS)}`)
  }
  if (argument !== undefined) throw new Error(`${text}: ${word} stands alone`)
  return { kind: word }
}

/** Commands between semicolons, all of them understood before any is done. */
export function parseScript(script: string, roles: readonly Role[] = USUAL_ROLES): Command[] {
  const commands = script.split(';').map((line) => parseCommand(line, roles))
  return commands.filter((command) => command !== undefined)
}

function unitOf(text: string, unit: string | undefined, roles: readonly Role[]): Unit {
  if (unit === undefined) throw new Error(`${text}: ${text} what? kafka1 or node3, say`)
  try {
    membersOf(unit, NODES, roles)
  } catch {
    const known = [...roles.toReversed(), 'node']
    const units = known.flatMap((role) => [1, 2, 3].map((id) => `${role}${id}`))
    throw new Error(`${text}: no unit ${unit}; ${didYouMean(unit, units)}`)
  }
  return unit as Unit
}

function secondsOf(text: string, argument: string | undefined): number {
  const seconds = Number(argument)
  if (argument !== undefined && /^\d+(\.\d+)?$/.test(argument) && seconds <= LONGEST_WAIT_S) return seconds
  throw new Error(`${text}: wait takes seconds, up to ${LONGEST_WAIT_S}`)
}

function didYouMean(word: string, known: readonly string[]): string {
  return `did you mean ${nearest(word, known) ?? known.join(', ')}?`
}
