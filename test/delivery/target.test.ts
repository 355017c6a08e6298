import { describe, expect, test } from 'vitest'
import { isLoopback, isRefusedAddress } from '../../src/delivery/address.ts'
import { displayUrl } from '../../src/delivery/display-url.ts'
import { parseTarget } from '../../src/delivery/target.ts'

describe('accepted', () => {
  test.each([
    ['http://localhost:3000/webhooks', 'http://localhost:3000/webhooks'],
    ['HTTP://LOCALHOST:3000/Webhooks', 'http://localhost:3000/Webhooks'],
    ['http://127.0.0.1/', 'http://127.0.0.1/'],
    ['http://[::1]:8080/a?b=c', 'http://[::1]:8080/a?b=c'],
    ['https://example.com', 'https://example.com/'],
    ['https://example.com:443/a//b/@c', 'https://example.com/a//b/@c'],
    ['https://example.com:65535/', 'https://example.com:65535/'],
    // Ports that fetch refuses.
    ['http://localhost:6000/', 'http://localhost:6000/'],
    ['http://localhost:10080/', 'http://localhost:10080/'],
  ])('%s without a warning', (text, href) => {
    const { url, warnings } = parseTarget(text)
    expect(url.href).toBe(href)
    expect(warnings).toEqual([])
  })

  test.each([
    ['http://example.com/', 'http://example.com/', /plain http to example.com/],
    ['http://app:3000/hook', 'http://app:3000/hook', /plain http to app:3000/],
    ['http://192.168.1.2/', 'http://192.168.1.2/', /plain http/],
    ['https://example.com./x', 'https://example.com/x', /without its trailing dot: example.com/],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/', /sent as xn--bcher-kva.example/],
    ['http://2130706433/', 'http://127.0.0.1/', /sent as 127.0.0.1/],
  ])('%s with a warning', (text, href, warning) => {
    const { url, warnings } = parseTarget(text)
    expect(url.href).toBe(href)
    expect(warnings).toEqual([expect.stringMatching(warning)])
  })
})

describe('refused', () => {
  test.each([
    ['', '--to is required, e.g. --to http://localhost:3000/webhooks'],
    ['example.com/hook', 'not an absolute URL; did you mean https://example.com/hook?'],
    ['//example.com/hook', 'did you mean https://example.com/hook?'],
    ['localhost:3000/hook', 'did you mean http://localhost:3000/hook?'],
    ['localhost:3000', 'did you mean http://localhost:3000?'],
    ['3000', 'did you mean http://localhost:3000?'],
    [':3000/hook?token=abc', 'did you mean http://localhost:3000/hook?token=…?'],
    ['65536', 'not an absolute URL'],
    ['0.0.0.0:3000', 'did you mean http://0.0.0.0:3000?'],
    ['app:3000/hook?token=abc', 'did you mean http://app:3000/hook?token=…?'],
    ['127.0.0.1:3000/', 'did you mean http://127.0.0.1:3000/?'],
    ['[::1]:3000/', 'did you mean http://[::1]:3000/?'],
    ['example.com:8443/hook', 'did you mean https://example.com:8443/hook?'],
    ['/webhooks', 'not an absolute URL'],
    ['http:/localhost/', 'not an absolute URL'],
    ['http:localhost:3000', 'not an absolute URL'],
    ['http:///hook', 'not an absolute URL'],
    ['http://', 'not an absolute URL'],
    ['file:///etc/passwd', 'unsupported scheme "file:"; use http or https'],
    ['ftp://example.com/', 'unsupported scheme "ftp:"'],
    ['ws://example.com/', 'unsupported scheme "ws:"'],
    ['htpp://example.com/', 'unsupported scheme "htpp:"'],
    ['https://user:pass@example.com/', 'https://…@example.com/: credentials in the URL are not sent; use --basic'],
    ['https://user@example.com/', 'use --basic'],
    ['https://us@er:pass@example.com/', 'https://…@example.com/: credentials'],
    ['http://example\n.com/', 'URL contains whitespace/control characters at position 15'],
    ['http://example.com/a b', 'whitespace/control characters at position 21'],
    ['http://localhost/hook\n', 'whitespace/control characters at position 22'],
    [' http://localhost/', 'position 1'],
    ['http://exa\u00a0mple.com/', 'position 11'],
    ['http:\\\\localhost\\hook', 'a backslash at position 6'],
    ['http://localhost/#top', 'fragment is never sent; remove it'],
    ['http://localhost/#', 'fragment is never sent'],
    ['http://localhost:0/', 'port must be 1-65535'],
    ['http://localhost:65536/', 'port must be 1-65535'],
    ['http://localhost:abc/', 'port must be 1-65535'],
    ['http://localhost:/', 'port must be 1-65535'],
    ['http://localhost:-1/', 'port must be 1-65535'],
    ['http://::1/', 'IPv6 address in brackets'],
    ['https://a..b/', 'invalid host name "a..b"'],
    ['https://.example.com/', 'invalid host name'],
    [`https://${'a'.repeat(64)}.com/`, 'invalid host name'],
    ['https://exa<mple.com/', 'invalid host name'],
    ['https://1.2.3.999/', 'invalid host name'],
    ['http://[::zz]/', 'invalid host name'],
    ['http://[::1/', 'invalid host name'],
  ])('%j: %s', (text, message) => {
    expect(() => parseTarget(text)).toThrow(message)
    expect(() => parseTarget(text)).not.toThrow(/pass/)
  })

  test.each([
    'http://169.254.169.254/latest/meta-data',
    'http://169.254.0.1/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0xA9.0xFE.0xA9.0xFE/',
    'http://0251.0376.0251.0376/',
    'http://169.16689662/',
    'http://169.254.169.254./',
    'http://１６９.254.169.254/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[0:0:0:0:0:ffff:a9fe:a9fe]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://[fe80::1]/',
    'http://[febf::1]/',
    'http://[FE80:0:0:0:0:0:0:1]/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
  ])('%s is a link-local or metadata address', (text) => {
    expect(() => parseTarget(text)).toThrow('refused: link-local/metadata address')
  })

  test('where it came from is said', () => {
    expect(() => parseTarget('ftp://a/', 'QUALIFIO_SIM_TO')).toThrow(/^QUALIFIO_SIM_TO: /)
  })
})

test.each([
  ['localhost', true],
  ['LOCALHOST.', true],
  ['app.localhost', true],
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['[::1]', true],
  ['::1', true],
  ['[::ffff:7f00:1]', true],
  ['notlocalhost', false],
  ['localhost.example.com', false],
  ['128.0.0.1', false],
  ['[::2]', false],
  ['0.0.0.0', false],
])('loopback %s: %s', (hostname, expected) => {
  expect(isLoopback(hostname)).toBe(expected)
})

test.each([
  ['fe80::1%eth0', true],
  ['169.254.1.1', true],
  ['169.253.1.1', false],
  ['fec0::1', false],
  ['10.0.0.1', false],
  ['169.254.169.254.example.com', false],
  ['fe80.example', false],
])('an address that a name resolved to, %s, is refused: %s', (address, expected) => {
  expect(isRefusedAddress(address)).toBe(expected)
})

test.each([
  ['https://example.com/a', 'https://example.com/a'],
  ['https://example.com/a?token=abc&x=1', 'https://example.com/a?token=…&x=…'],
  ['https://example.com/a?abc', 'https://example.com/a?…'],
  ['https://example.com/?a=b?c=d', 'https://example.com/?a=…'],
  ['https://u:p@example.com/@x', 'https://…@example.com/@x'],
])('%s is shown as %s', (href, shown) => {
  expect(displayUrl(new URL(href))).toBe(shown)
})
