/** Packages of this one that are lent to a notebook's folder which has none of its own. */
export const lent = /^preact(\/|$)/;
