/** faker's data for the locale `fr`. A module of its own, so that it is loaded only when a member needs it. */
export { fr as definitions } from '@faker-js/faker'
