import { hashSync } from 'bcryptjs'
import request from 'supertest'
import { afterAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/web/app.ts'
import { basicAuth } from '../../src/web/basic-auth.ts'
import { type Comparer, startComparer } from '../../src/web/bcrypt.ts'
import { depsWith } from './deps.ts'

const header = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

/** Compares at once or when told to, and knows what it was asked. A hash here is its password. */
function fakeComparer(held = false) {
  const asked: [string, string][] = []
  const waiting: (() => void)[] = []
  const comparer: Comparer = {
    compare(password, hash) {
      asked.push([password, hash])
      return new Promise((resolve) => {
        const answer = () => resolve(password === hash)
        if (held) waiting.push(answer)
        else answer()
      })
    },
    close: () => Promise.resolve(),
  }
  return { comparer, asked, release: () => waiting.splice(0).forEach((answer) => answer()) }
}

describe('with bcrypt', () => {
  const comparer = startComparer()
  afterAll(() => comparer.close())
  const hash = hashSync('pä:ss', 4)
  const app = createApp(depsWith({ auth: basicAuth({ alice: hash, bob: hash.replace('$2b$', '$2y$') }, comparer) }))

  it.each(['/metrics', '/', '/-/healthy', '/-/ready', '/nope', '/%'])(
    '%s is closed to everybody else',
    async (path) => {
      for (const [user, password] of [
        ['alice', 'wrong'],
        ['eve', 'pä:ss'],
        ['', ''],
        ['__proto__', 'x'],
      ] as const) {
        const answer = await request(app).get(path).set('Authorization', header(user, password))
        expect([answer.status, answer.headers['www-authenticate']]).toEqual([
          401,
          'Basic realm="kafka-ha-exporter", charset="UTF-8"',
        ])
      }
      expect((await request(app).get(path)).status).toBe(401)
    },
  )

  it('opens to those who are known', async () => {
    expect((await request(app).get('/metrics').set('Authorization', header('alice', 'pä:ss'))).status).toBe(200)
    expect((await request(app).get('/metrics').set('Authorization', header('bob', 'pä:ss'))).status).toBe(200)
    expect(
      (await request(app).get('/metrics').set('Authorization', header('alice', 'pä:ss').toLowerCase())).status,
    ).toBe(401)
  })

  it.each(['', 'Basic', 'Basic !', 'Bearer x', `Basic ${Buffer.from('alice').toString('base64')}`])(
    'takes "%s" for nothing',
    async (authorization) => {
      expect((await request(app).get('/').set('Authorization', authorization)).status).toBe(401)
    },
  )

  it('starts another thread after one has ended', async () => {
    const own = startComparer()
    expect(await own.compare('pä:ss', hash)).toBe(true)
    // Of a cost that takes half a minute: the thread is at it when it ends.
    const lost = own.compare('pä:ss', hash.replace('$04$', '$18$'))
    void own.close()
    await expect(lost).rejects.toThrow('the thread that compares passwords ended')
    expect(await own.compare('no', hash)).toBe(false)
    await own.close()
  })
})

describe('comparing', () => {
  const costly = `$2b$12$${'a'.repeat(53)}`

  it('costs as much for somebody unknown as for the costliest user', async () => {
    const { comparer, asked } = fakeComparer()
    const auth = basicAuth({ alice: `$2b$05$${'a'.repeat(53)}`, bob: costly }, comparer)
    expect(await auth(header('eve', 'x'))).toBe('denied')
    expect(asked).toEqual([['x', `$2b$12$${'.'.repeat(53)}`]])
  })

  it('lets nobody unknown in, even if the comparison says so', async () => {
    const { comparer } = fakeComparer()
    const auth = basicAuth({ alice: costly }, comparer)
    expect(await auth(header('eve', `$2b$12$${'.'.repeat(53)}`))).toBe('denied')
  })

  it('is done once for the same credentials, right or wrong, and once for many at a time', async () => {
    const { comparer, asked, release } = fakeComparer(true)
    const auth = basicAuth({ alice: costly }, comparer)
    const answers = [header('alice', costly), header('alice', costly), header('alice', 'no')].map((credentials) =>
      auth(credentials),
    )
    release()
    expect(await Promise.all(answers)).toEqual(['ok', 'ok', 'denied'])
    expect(await auth(header('alice', costly))).toBe('ok')
    expect(await auth(header('alice', 'no'))).toBe('denied')
    expect(asked).toHaveLength(2)
  })

  it('remembers a bounded number of answers, and right ones before wrong ones', async () => {
    const { comparer, asked } = fakeComparer()
    const auth = basicAuth({ alice: costly }, comparer)
    await auth(header('alice', costly))
    for (let guess = 0; guess < 300; guess++) await auth(header('alice', String(guess)))
    expect(asked).toHaveLength(301)
    await auth(header('alice', costly))
    expect(asked).toHaveLength(301)
    await auth(header('alice', '0'))
    expect(asked).toHaveLength(302)
  })

  it('is refused to the 33rd who waits for it', async () => {
    const { comparer, release } = fakeComparer(true)
    const auth = basicAuth({ alice: costly }, comparer)
    const waiting = Array.from({ length: 32 }, (_, guess) => auth(header('alice', String(guess))))
    expect(await auth(header('alice', 'one more'))).toBe('busy')
    const app = createApp(depsWith({ auth }))
    const answer = await request(app).get('/').set('Authorization', header('alice', 'and one'))
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
    release()
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['denied']))
  })
})
