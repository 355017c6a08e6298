import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refusal } from '../../../src/emitter/refusal.ts'
import type { WebhookInput } from '../../../src/emitter/view/views.ts'
import { webhookChange, webhookWarnings, type WebhookRules } from '../../../src/emitter/desk/webhook-input.ts'

const RULES: WebhookRules = {
  programs: ['aurora', 'Borealis'],
  signatureHeader: 'X-Qualifio-Signature',
  ownPort: 4600,
}

const changeOf = (input: Partial<WebhookInput>) => webhookChange(input, RULES)

function refusalOf(input: Partial<WebhookInput>): Refusal {
  try {
    changeOf(input)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('it was taken')
}

const header = (name: string, value = 'x') => ({ header: { name, value } })

describe('what is refused, where, and what to do', () => {
  const rows: readonly [input: Partial<WebhookInput>, at: string, text: string | RegExp][] = [
    [{ name: '' }, 'name', 'the name is empty; a webhook is known by its name'],
    [{ name: ' \t ' }, 'name', 'the name is empty; a webhook is known by its name'],
    [{ name: 'x'.repeat(101) }, 'name', 'the name is over 100 characters; shorten it'],
    [{ name: 'a\u001b]0;x' }, 'name', 'the name has a control character; remove it'],
    [{ url: 'example.com/hook' }, 'url', 'url: not an absolute URL; did you mean https://example.com/hook?'],
    [{ url: 'localhost:3000/hook' }, 'url', 'url: not an absolute URL; did you mean http://localhost:3000/hook?'],
    [{ url: 'file:///etc/passwd' }, 'url', 'url: unsupported scheme "file:"; use http or https'],
    [
      { url: 'https://user:hunter2@example.com/' },
      'url',
      'url https://…@example.com/: credentials in the URL are not sent; use the header Authorization',
    ],
    [{ url: 'http://a\nb/' }, 'url', 'url: URL contains whitespace/control characters at position 9; remove it'],
    [{ url: 'http://a\\b' }, 'url', 'url: URL contains a backslash at position 9; remove it'],
    [{ url: 'http://a/#top' }, 'url', /^url: the fragment is never sent; remove it/],
    [{ url: 'http://a:0/' }, 'url', 'url: port must be 1-65535'],
    [{ url: 'http://a:65536/' }, 'url', 'url: port must be 1-65535'],
    [{ url: 'http://a..b/' }, 'url', /^url: invalid host name "a\.\.b"/],
    [{ url: 'http://169.254.169.254/' }, 'url', /^url: refused: link-local\/metadata address/],
    [{ url: 'http://2852039166/' }, 'url', /which is 169\.254\.169\.254/],
    [{ url: 'http://[fe80::1]/' }, 'url', /^url: refused: link-local/],
    [
      { url: 'http://127.0.0.1:4600/hook' },
      'url',
      "url: target is this process's own port (4600); use the port of your receiver",
    ],
    [{ url: 'http://localhost:4600' }, 'url', /own port/],
    [{ url: 'http://[::1]:4600/' }, 'url', /own port/],
    [header('x:y'), 'header', 'the name of the header has a colon; leave it out'],
    [header('x y'), 'header', /^header has an illegal character in its name/],
    [header(''), 'header', 'header has no name; expected "Name: value"'],
    [header('x-a', ' '), 'header', 'header "x-a" has no value; is a variable unset?'],
    [header('x-a', 'a\r\nb: c'), 'header', /^header "x-a" has a control character/],
    [header('x-a', 'café'), 'header', /^header "x-a" has a character outside ASCII/],
    [header('x-a', 'x'.repeat(4097)), 'header', 'header "x-a" is over 4 KB; shorten it'],
    [header('Content-Length', '1'), 'header', 'header "Content-Length" is set by qualifio-sim; leave it out'],
    [header('host'), 'header', 'header "host" is set by qualifio-sim; leave it out'],
    [header('x-qualifio-signature'), 'header', /is set by qualifio-sim/],
    [header('Expect'), 'header', /belongs to the connection/],
    [header('User-Agent'), 'header', /^header "User-Agent" authorizes nobody/],
    [{ secret: '' }, 'secret', 'the secret is empty (secret); an empty key would make a forgeable signature'],
    [{ scope: { events: ['earnin'] } }, 'scope.events[0]', /unknown event "earnin"; did you mean earning\?/],
    [{ scope: { events: ['earning', 'x'] } }, 'scope.events[1]', /change-in-level/],
    [{ scope: { events: [] } }, 'scope.events', /^scope\.events is empty, so nothing would ever go there/],
    [{ scope: { programs: [] } }, 'scope.programs', /^scope\.programs is empty, so nothing would ever go there/],
    [
      { scope: { programs: ['aurora', 'borealiss'] } },
      'scope.programs[1]',
      'unknown program "borealiss"; did you mean Borealis? There are: aurora, Borealis',
    ],
    [
      { scope: { programs: ['nothing'] } },
      'scope.programs[0]',
      'unknown program "nothing"; there are: aurora, Borealis',
    ],
  ]
  test.each(rows)('%j', (input, at, text) => {
    const refusal = refusalOf(input)
    expect(refusal.kind).toBe('invalid')
    expect(refusal.at).toBe(at)
    if (typeof text === 'string') expect(refusal.message).toBe(text)
    else expect(refusal.message).toMatch(text)
  })
})

describe('what is taken', () => {
  const rows: readonly [input: Partial<WebhookInput>, change: object][] = [
    [{}, {}],
    [{ name: '  shop ' }, { name: 'shop' }],
    [{ url: 'http://LOCALHOST:3000' }, { url: 'http://localhost:3000/' }],
    [{ url: 'http://receiver.example:4600/' }, { url: 'http://receiver.example:4600/' }],
    [header('x-test-authorization-header', ' 123456ots '), header('x-test-authorization-header', '123456ots')],
    [header('Authorization', 'Basic YTpi'), header('Authorization', 'Basic YTpi')],
    [
      { header: null, secret: null, scope: null },
      { header: null, secret: null, scope: { events: null, programs: null } },
    ],
    [{ scope: {} }, { scope: {} }],
    [{ scope: { events: null } }, { scope: { events: null } }],
    [{ secret: ' sécret ' }, { secret: ' sécret ' }],
    [
      { active: false, rotation: 'immediate' },
      { active: false, rotation: 'immediate' },
    ],
    [
      { scope: { events: ['Point correction +', 'EARNING', 'earning', 'free-gift', 'change_in_level'] } },
      { scope: { events: ['point_correction_plus', 'earning', 'free_gift', 'change_in_level'] } },
    ],
    [{ scope: { programs: ['BOREALIS', 'borealis'] } }, { scope: { programs: ['Borealis'] } }],
  ]
  test.each(rows)('%j', (input, change) => expect(changeOf(input)).toEqual(change))
})

test('no refusal and no warning holds a secret, a header’s value or a password', () => {
  const odd = fc.constantFrom('\n', '\0', 'é', ' ', '"', ':', '\\', 'x'.repeat(4100), '')
  const planted = fc
    .tuple(fc.stringMatching(/^[a-zA-Z0-9]{12}$/), odd)
    .map(([text, more]) => [text, text + more] as const)
  fc.assert(
    fc.property(planted, planted, planted, ([a, secret], [b, value], [c, password]) => {
      const inputs: Partial<WebhookInput>[] = [
        { secret },
        header('x-auth', value),
        header('Host', value),
        header('x auth', value),
        { url: `http://user:${encodeURIComponent(password)}@localhost/` },
        { url: `http://localhost:99999/?token=${encodeURIComponent(password)}` },
        { url: `ws://localhost/?token=${encodeURIComponent(password)}` },
        { url: `localhost/?token=${encodeURIComponent(password)}` },
      ]
      for (const input of inputs) {
        let said = ''
        try {
          said = webhookWarnings({ url: 'http://receiver.example/', secret: null, ...changeOf(input) }).join()
        } catch (error) {
          said = `${(error as Refusal).at} ${(error as Refusal).message}`
        }
        for (const hidden of [a, b, c]) expect(said).not.toContain(hidden)
      }
    }),
    { numRuns: 200 },
  )
})
