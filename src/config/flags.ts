import { type Given, type Reading } from './given.ts'
import { isOptionName, OPTION_NAMES, type OptionName, optionNamed } from './options.ts'
import { nearest, show } from './text.ts'

export interface Flags extends Reading {
  /** A flag that asks for a text instead of a run. */
  readonly asks: 'help' | 'version' | undefined
}

const HELP = ['-h', '--help', '--help-long', '--help-man']

/**
 * The command line in kingpin's spelling: `--name=value`, `--name value`, `--switch`, `--no-switch`; `--switch=false` too. A name
 * given more than once adds to a list, and is refused where there is no list. Values of unknown flags are never repeated in
 * a message: they may be a misspelled password's.
 */
export function parseFlags(argv: readonly string[]): Flags {
  const state = { given: new Map<OptionName, Given>(), problems: [] as string[], mayHideSecret: false }
  let asks: Flags['asks']
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (HELP.includes(word)) asks = 'help'
    else if (word === '--version') asks ??= 'version'
    else if (!isFlag(word)) refuseArgument(state, word)
    else if (takeFlag(state, word, argv[at + 1]) === 'with next') at++
  }
  return { given: state.given, problems: state.problems, asks }
}

interface State {
  readonly given: Map<OptionName, Given>
  readonly problems: string[]
  /** A secret or unknown flag went before, so a stray word may be a part of what is secret. */
  mayHideSecret: boolean
}

function takeFlag(state: State, word: string, next: string | undefined): 'alone' | 'with next' {
  const equals = word.indexOf('=')
  const spelled = equals < 0 ? word : word.slice(0, equals)
  const value = equals < 0 ? undefined : word.slice(equals + 1)
  const flag = known(spelled)
  if (!flag) {
    state.mayHideSecret = true
    if (value !== undefined && [...HELP, '--version'].includes(spelled)) {
      state.problems.push(`${spelled}: takes no value`)
      return 'alone'
    }
    state.problems.push(`${spelled}: unknown flag; the nearest is ${nearest(spelled, spellings()) ?? '--help'}`)
    return value === undefined && next !== undefined && !isFlag(next) ? 'with next' : 'alone'
  }
  const { kind } = optionNamed(flag.name)
  if (kind.secret) state.mayHideSecret = true
  if (kind.switch) {
    if (flag.negated && value !== undefined) state.problems.push(`${spelled}: takes no value`)
    else state.given.set(flag.name, { value: value ?? !flag.negated, origin: spelled })
    return 'alone'
  }
  if (value !== undefined || (next !== undefined && !isFlag(next))) {
    store(state, flag.name, spelled, value ?? next ?? '')
    return value === undefined ? 'with next' : 'alone'
  }
  const hint = next === undefined ? '' : `; for one that begins with a dash write ${spelled}=...`
  state.problems.push(`${spelled}: needs a value (${kind.placeholder})${hint}`)
  return 'alone'
}

function store(state: State, name: OptionName, origin: string, value: string): void {
  const before = state.given.get(name)
  if (!optionNamed(name).kind.repeatable) {
    if (before) state.problems.push(`${origin}: given more than once`)
    state.given.set(name, { value, origin })
  } else {
    const values = Array.isArray(before?.value) ? (before.value as unknown[]) : []
    state.given.set(name, { value: [...values, value], origin })
  }
}

function refuseArgument(state: State, word: string): void {
  const shown = state.mayHideSecret ? 'an argument that belongs to no flag' : show(word)
  state.problems.push(`${shown}: unexpected; every setting is a flag (quote a value that has spaces)`)
}

function isFlag(word: string): boolean {
  return word.length > 1 && word.startsWith('-')
}

function known(spelled: string): { name: OptionName; negated: boolean } | undefined {
  const name = spelled.replace(/^--/, '')
  if (name === spelled) return undefined
  if (isOptionName(name)) return { name, negated: false }
  const positive = name.replace(/^no-/, '')
  const negated = positive !== name && isOptionName(positive) && optionNamed(positive).kind.switch
  return negated ? { name: positive, negated: true } : undefined
}

function spellings(): string[] {
  const negations = OPTION_NAMES.filter((name) => optionNamed(name).kind.switch).map((name) => `--no-${name}`)
  return [...OPTION_NAMES.map((name) => `--${name}`), ...negations, '--help', '--version']
}
