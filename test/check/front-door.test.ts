import { describe, expect, test } from 'vitest'
import { frontDoor } from '../../src/check/front-door.ts'
import type { Responded } from '../../src/delivery/outcome.ts'
import { answer } from './found.ts'

const AKAMAI = '<H1>Access Denied</H1>\nYou do not have permission.\n<P>Reference&#32;#18.2d3</P> Reference #18.2d3'

describe('who stands before an application is known by its marks', () => {
  test.each<[string, number, Record<string, string[]>, string]>([
    ['Cloudflare', 403, { 'cf-mitigated': ['challenge'] }, ''],
    ['Cloudflare', 503, {}, '<title>Just a moment...</title>'],
    ['Cloudflare', 403, {}, '<title>Attention Required! | Cloudflare</title>'],
    ['AWS WAF', 403, { 'x-amzn-waf-action': ['captcha'] }, ''],
    ['Akamai', 403, {}, AKAMAI],
    ['Imperva', 403, {}, 'Request unsuccessful. Incapsula incident ID: 1-2'],
    ['Azure Front Door', 403, { 'x-azure-ref': ['0abc'] }, 'The request is blocked.'],
    ['Vercel', 429, { 'x-vercel-mitigated': ['challenge'] }, ''],
    ['Google Frontend', 401, { 'x-goog-iap-generated-response': ['true'] }, ''],
  ])('%s, status %i', (who, status, headers, bodySnippet) => {
    const said = frontDoor(answer(status, { headers, bodySnippet }) as Responded)
    expect(said).toMatch(new RegExp(`^${who} answered, not your application: `))
  })

  test.each<[string, number, Record<string, string[]>, string]>([
    ['a refusal of the application', 401, {}, '{"error":"bad signature"}'],
    ['Azure without its page', 403, { 'x-azure-ref': ['0abc'] }, '{"error":"bad signature"}'],
    ['an answer that passed Cloudflare', 403, { 'cf-ray': ['abc'], server: ['cloudflare'] }, ''],
    ['an accepted request', 200, { 'x-amzn-waf-action': ['count'] }, ''],
    ['a crash of the application', 500, {}, '<title>Just a moment...</title>'],
  ])('%s is not blamed on an edge', (_, status, headers, bodySnippet) => {
    expect(frontDoor(answer(status, { headers, bodySnippet }) as Responded)).toBeUndefined()
  })
})
