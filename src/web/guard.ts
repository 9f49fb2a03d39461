import type { RequestHandler } from 'express'
import type { Authenticate } from './contract.ts'

/** Lets nobody pass, to no page, whom `auth` does not know. */
export function guard(auth: Authenticate): RequestHandler {
  return async (request, response, next) => {
    const answer = await auth(request.headers.authorization)
    if (answer === 'ok') {
      next()
    } else if (answer === 'denied') {
      response.set('WWW-Authenticate', 'Basic realm="kafka-ha-exporter", charset="UTF-8"')
      response.status(401).type('text/plain').send('unauthorized\n')
    } else {
      response.set('Retry-After', '1').status(503).type('text/plain').send('too many logins at once\n')
    }
  }
}
