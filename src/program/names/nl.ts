/** faker's data for the locale `nl`. A module of its own, so that it is loaded only when a member needs it. */
export { nl as definitions } from '@faker-js/faker'
