/** faker's data for the locale `en`. A module of its own, so that it is loaded only when a member needs it. */
export { en as definitions } from '@faker-js/faker'
