/** For a customer that is not there: the shell around it stands already. */
export { NothingHere as default, nothingHereMetadata as generateMetadata } from "#ui/state/nothing-here";
