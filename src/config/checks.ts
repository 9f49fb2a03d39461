import { show, type Wrong } from './text.ts'

/** Paths that have a meaning of their own. */
const OWN_PATHS = ['/-/healthy', '/-/ready', '/healthz'] as const

export function checkTelemetryPath(path: string): Wrong | undefined {
  if (!/^\/[A-Za-z0-9._~\-/]*$/.test(path)) {
    return { wrong: `${show(path)} is not a usable path: it begins with / and has letters, digits and . _ ~ - / in it` }
  }
  if (OWN_PATHS.some((own) => own === path))
    return { wrong: `${show(path)} is taken: it is one of ${OWN_PATHS.join(', ')}` }
  return undefined
}

export function checkClientId(id: string): Wrong | undefined {
  // eslint-disable-next-line no-control-regex -- these are what must not be in it
  return id !== '' && id.length <= 255 && !/[\u0000-\u001f\u007f]/.test(id)
    ? undefined
    : { wrong: `${show(id)} is not usable: 1 to 255 characters, none of them a control character` }
}

/** A URL with a password in it is not shown, not even in the message that refuses it. */
export function checkUrl(url: string): Wrong | undefined {
  if (url === '') return undefined
  if (url.includes('@')) return { wrong: 'must not carry credentials: use --sasl.username and --sasl.password' }
  const scheme = URL.canParse(url) ? new URL(url).protocol : ''
  return scheme === 'https:' || scheme === 'http:'
    ? undefined
    : { wrong: `${show(url)} is not an http:// or https:// URL` }
}
