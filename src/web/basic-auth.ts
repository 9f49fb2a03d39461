import { createHmac, randomBytes } from 'node:crypto'
import { type Comparer } from './bcrypt.ts'
import type { Authenticate } from './contract.ts'

/** Both answers are remembered, as a misconfigured scraper asks again every few seconds for days. */
const REMEMBERED = 100
/** How many comparisons may wait: at a tenth of a second each, the last has its answer before a scrape times out. */
const MOST_WAITING = 32

/**
 * HTTP basic authentication against bcrypt hashes (user name to hash, at least one). Somebody unknown costs as much time as a wrong
 * password, so that names cannot be told by the clock.
 */
export function basicAuth(users: Readonly<Record<string, string>>, comparer: Comparer): Authenticate {
  const known = new Map(Object.entries(users))
  const nobody = dummyHash([...known.values()])
  const processKey = randomBytes(32)
  const answers = new Map<string, boolean>()
  const underWay = new Map<string, Promise<boolean>>()

  async function check(key: string, user: string, password: string): Promise<boolean> {
    const hash = known.get(user)
    const same = await comparer.compare(password, hash ?? nobody)
    const answer = same && hash !== undefined
    if (answers.size >= REMEMBERED) forgetOldest(answers)
    answers.set(key, answer)
    return answer
  }

  return async (authorization) => {
    const credentials = parseBasic(authorization)
    if (!credentials) return 'denied'
    const [user, password] = credentials
    // Neither passwords nor anything they could be guessed from later stays in memory.
    const key = createHmac('sha256', processKey).update(`${user}:${password}`).digest('base64')
    const remembered = answers.get(key)
    if (remembered !== undefined) return remembered ? 'ok' : 'denied'
    let checking = underWay.get(key)
    if (!checking) {
      if (underWay.size >= MOST_WAITING) return 'busy'
      checking = check(key, user, password).finally(() => underWay.delete(key))
      underWay.set(key, checking)
    }
    return (await checking) ? 'ok' : 'denied'
  }
}

/** Wrong answers go first: a flood of guesses must not push out those who belong here. */
function forgetOldest(answers: Map<string, boolean>): void {
  const oldestWrong = [...answers].find(([, answer]) => !answer)?.[0]
  const victim = oldestWrong ?? answers.keys().next().value
  if (victim !== undefined) answers.delete(victim)
}

/** A well-formed hash of no known password, as costly as the costliest of the real ones. */
function dummyHash(hashes: readonly string[]): string {
  const costs = hashes.map((hash) => Number(hash.slice(4, 6)))
  return `$2b$${String(Math.max(4, ...costs)).padStart(2, '0')}$${'.'.repeat(53)}`
}

function parseBasic(authorization: string | undefined): readonly [string, string] | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : [text.slice(0, colon), text.slice(colon + 1)]
}
