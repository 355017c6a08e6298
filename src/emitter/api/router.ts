import { nearest } from '../../errors.ts'
import { Problem } from './problem.ts'
import type { Route } from './route.ts'

/** Which route a request is for. */
export interface Match {
  readonly route: Route
  /** Decoded, by name. */
  readonly parameters: ReadonlyMap<string, string>
}

/** What a path can be asked with. */
interface Place {
  readonly path: string
  readonly segments: readonly string[]
  readonly routes: readonly Route[]
}

/** Finds routes. */
export interface Router {
  /**
   * The route of this method; `options` when only the methods are asked for.
   * @throws Problem when there is no such path, or it knows other methods
   */
  find(method: string, path: string): Match | { readonly options: string }
}

/** @param routes a fixed path goes before one with a parameter */
export function createRouter(routes: readonly Route[]): Router {
  const places = [...new Set(routes.map(({ path }) => path))]
    .map((path): Place => ({ path, segments: path.split('/'), routes: routes.filter((route) => route.path === path) }))
    .toSorted((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')))

  return {
    find(method, path) {
      const segments = path.split('/')
      const place = places.find((place) => isAt(place, segments))
      if (place === undefined) throw unknownPath(path, places)
      const allowed = allowedOf(place)
      if (method === 'OPTIONS') return { options: allowed }
      const route = place.routes.find((route) => route.method === (method === 'HEAD' ? 'GET' : method))
      if (route === undefined) {
        throw new Problem('method-not-allowed', `${place.path} knows no ${method}, only ${allowed}.`, {
          headers: { Allow: allowed },
        })
      }
      return { route, parameters: parametersOf(place, segments) }
    },
  }
}

function isAt({ segments: wanted }: Place, segments: readonly string[]): boolean {
  return (
    wanted.length === segments.length &&
    wanted.every((name, index) => (name.startsWith('{') ? segments[index] !== '' : name === segments[index]))
  )
}

function parametersOf({ segments }: Place, given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    segments.flatMap((name, index) =>
      name.startsWith('{') ? [[name.slice(1, -1), decoded(given[index] ?? '')] as const] : [],
    ),
  )
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Problem('malformed', `${JSON.stringify(segment)} in the path is not percent-encoded as it should be.`)
  }
}

function allowedOf({ routes }: Place): string {
  const methods = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  return [...methods, 'OPTIONS'].join(', ')
}

function unknownPath(path: string, places: readonly Place[]): Problem {
  const near = nearest(
    path.replace(/\/+$/, ''),
    places.map(({ path }) => path),
  )
  const hint = near === undefined ? 'GET /api/openapi.json lists what there is.' : `Did you mean ${near}?`
  return new Problem('not-found', `There is no ${path}. ${hint}`)
}
