import type { EnsembleServer, Membership, ServerState } from '../../model/ensemble.ts'
import type { Failure, Result } from '../../model/result.ts'
import { failed } from '../../model/result.ts'
import type { AdminCommand } from './admin-server.ts'
import type { NumbersOptions } from './numbers.ts'
import { parseConfiguration, parseMonitor, parseVotingView, parseZxid } from './parse-admin.ts'
import { parseConf } from './parse-conf.ts'
import { parseMntr } from './parse-mntr.ts'
import { parseSrvr } from './parse-srvr.ts'
import type { Refusals } from './refusals.ts'
import { replyKind } from './replies.ts'
import type { Told } from './told.ts'
import type { Word } from './word.ts'

/** How one server is asked; failures of single questions are noted where they are asked. */
export interface Questions {
  readonly ask: (word: Word) => Promise<Result<string>>
  /** undefined: the server has no AdminServer that is known. */
  readonly askAdmin: ((command: AdminCommand) => Promise<Result<string>>) | undefined
  readonly refusals: Refusals
  readonly numbers: NumbersOptions
  readonly now: () => number
  /** A word failed, and something else served instead. */
  readonly failed: (failure: Failure) => void
}

/** The server's state as its own word has it. */
export type Answer =
  | { readonly kind: 'serving'; readonly told: Told; readonly by: Word | 'monitor' }
  | { readonly kind: 'not_serving' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** It executes no word that would tell, and there is no AdminServer that would. */
  | { readonly kind: 'unknown' }

/** One word in calm times: the first of these that the server executes. `srvr` is refused by hardly any whitelist. */
export async function askState(questions: Questions, words: readonly Word[]): Promise<Answer> {
  const { refusals, now } = questions
  let broken: Failure | undefined
  for (const word of words) {
    if (!refusals.allows(word, now())) continue
    const answer = await askOnce(questions, word)
    // The other word may do where one is too long, or cannot be read.
    if (answer.kind === 'failed' && answer.failure.reason === 'protocol') broken = answer.failure
    else if (answer.kind !== 'unknown') {
      if (broken !== undefined) questions.failed(broken)
      return answer
    }
  }
  const admin = await monitor(questions)
  if (admin !== undefined)
    return admin === 'not_serving' ? { kind: 'not_serving' } : { kind: 'serving', told: admin, by: 'monitor' }
  return broken === undefined ? { kind: 'unknown' } : { kind: 'failed', failure: broken }
}

/** One that is refused, or is too long or unreadable, is not asked again for a while. */
async function askOnce(questions: Questions, word: Word): Promise<Answer> {
  const answer = await tell(questions, word)
  const isNoUse = answer.kind === 'unknown' || (answer.kind === 'failed' && answer.failure.reason === 'protocol')
  if (isNoUse) questions.refusals.add(word, questions.now())
  return answer
}

async function tell({ ask, numbers }: Questions, word: Word): Promise<Answer> {
  const first = await ask(word)
  // A server that loses its quorum closes every connection that it has, and goes on answering on new ones.
  const reply = !first.ok && first.failure.reason === 'closed' ? await ask(word) : first
  if (!reply.ok) return { kind: 'failed', failure: reply.failure }
  const kind = replyKind(word, reply.value)
  if (kind === 'not_serving') return { kind }
  if (kind === 'refused') return { kind: 'unknown' }
  const told = word === 'mntr' ? parseMntr(reply.value, numbers) : parseSrvr(reply.value)
  if (told !== undefined) return { kind: 'serving', told, by: word }
  const start = JSON.stringify(reply.value.slice(0, 60))
  return { kind: 'failed', failure: failed('protocol', `${word}: no answer of ZooKeeper's: ${start}`).failure }
}

/**
 * What else there is to know of a server that serves: `srvr` alone has its zxid, `mntr` alone most of its numbers. Without
 * news one word a look must do, and what the other one told stands.
 */
export async function complete(
  questions: Questions,
  { told, by }: Answer & { kind: 'serving' },
  before: Told | undefined,
  wantsZxid: boolean,
): Promise<Told> {
  const { refusals, now } = questions
  if (by === 'mntr') {
    const srvr = before ?? (await second(questions, 'srvr'))
    return { ...told, zxid: srvr?.zxid }
  }
  if (by === 'monitor')
    return { ...told, zxid: before === undefined || wantsZxid ? await zxidOf(questions) : undefined }
  const mntr = refusals.allows('mntr', now()) ? (before ?? (await second(questions, 'mntr'))) : undefined
  const rest = refusals.allows('mntr', now()) ? mntr : await monitor(questions)
  if (rest === undefined || rest === 'not_serving') return told
  return { ...rest, ...told, ...pick(rest), numbers: new Map([...rest.numbers, ...told.numbers]) }
}

async function zxidOf({ askAdmin }: Questions): Promise<bigint | undefined> {
  const reply = await askAdmin?.('srvr')
  const zxid = reply?.ok === true ? parseZxid(reply.value) : undefined
  return zxid === 'not_serving' ? undefined : zxid
}

function pick({ syncedFollowers, peerState, omitted }: Told): Pick<Told, 'syncedFollowers' | 'peerState' | 'omitted'> {
  return { syncedFollowers, peerState, omitted }
}

async function second(questions: Questions, word: Word): Promise<Told | undefined> {
  if (!questions.refusals.allows(word, questions.now())) return undefined
  const answer = await askOnce(questions, word)
  if (answer.kind === 'failed') questions.failed(answer.failure)
  return answer.kind === 'serving' ? answer.told : undefined
}

/** What `mntr` would have told. Without a quorum the AdminServer fails at that with HTTP 500; another command says why. */
async function monitor({ askAdmin, numbers }: Questions): Promise<Told | 'not_serving' | undefined> {
  const reply = await askAdmin?.('monitor')
  if (reply === undefined || reply.ok) return reply && parseMonitor(reply.value, numbers)
  const configuration = reply.failure.reason === 'protocol' ? await askAdmin?.('configuration') : undefined
  const isLost = configuration?.ok === true && parseConfiguration(configuration.value) === 'not_serving'
  return isLost ? 'not_serving' : undefined
}

/** What is asked rarely. undefined: not told. */
export interface Rare {
  readonly id: number | undefined
  readonly membership: Membership | undefined
  readonly ruok: boolean | undefined
}

export async function askRarely(questions: Questions, state: ServerState): Promise<Rare> {
  const isServing = state !== 'not_serving'
  const [conf, ruok] = await Promise.all([isServing ? askConf(questions) : undefined, askRuok(questions)])
  return { id: conf?.id, membership: conf?.membership, ruok }
}

async function askConf(questions: Questions): Promise<Pick<Rare, 'id' | 'membership'> | undefined> {
  const text = await extra(questions, 'conf')
  const conf = text === undefined ? undefined : parseConf(text)
  const { askAdmin } = questions
  if (conf !== undefined || askAdmin === undefined) return conf
  const [configuration, view] = await Promise.all([askAdmin('configuration'), askAdmin('voting_view')])
  const known = configuration.ok ? parseConfiguration(configuration.value) : undefined
  const members = view.ok ? parseVotingView(view.value) : undefined
  return {
    id: known === 'not_serving' ? undefined : known?.id,
    membership: members === 'not_serving' ? undefined : members,
  }
}

async function askRuok(questions: Questions): Promise<boolean | undefined> {
  const text = await extra(questions, 'ruok')
  return text === undefined ? undefined : text.trim() === 'imok'
}

/** The text of a word that decides nothing; undefined: refused, or not told. */
async function extra({ ask, refusals, now }: Questions, word: Word): Promise<string | undefined> {
  if (!refusals.allows(word, now())) return undefined
  const reply = await ask(word)
  if (!reply.ok) return undefined
  const kind = replyKind(word, reply.value)
  if (kind === 'refused') refusals.add(word, now())
  return kind === 'text' ? reply.value : undefined
}

/** A server of which nothing but this is known. */
export function silentServer(
  state: 'not_serving' | 'unreachable' | 'hung',
  failure: Failure | undefined,
  known: Pick<EnsembleServer, 'id' | 'ruok' | 'refused'>,
): EnsembleServer {
  return {
    ...known,
    state,
    failure,
    version: undefined,
    zxid: undefined,
    syncedFollowers: undefined,
    peerState: undefined,
    numbers: new Map(),
    omitted: 0,
  }
}
